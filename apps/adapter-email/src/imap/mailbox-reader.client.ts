import { ImapFlow } from 'imapflow';
import type { ChannelAccount, ServerContext } from '@lienmach/adapter-kit';
import type { MailAuthentication } from '../mail-authentication.client.js';
import { MAIL_BODY } from '../mail-door.js';
import { ENVELOPE_HEADERS } from '../whole-mail.payload.js';
import type { ImapSettings } from './imap.config.js';

/**
 * What a mail that was taken in is marked with. The mailbox itself so remembers how far we are: over restarts, over several processes and over a change of
 * UIDVALIDITY. What is taken twice all the same (a crash before the mark) makes the same events.
 */
export const TAKEN = '$Lienmach';

/** A mail's own time counts so far back; older mail was answered elsewhere. */
const BACK_MS = 7 * 24 * 60 * 60 * 1000;
/** Servers forget to tell of new mail; nobody waits longer than this. */
const POLL_MS = 2 * 60_000;
/** RFC 2177: IDLE is to be renewed within 29 minutes. */
const IDLE_MS = 10 * 60_000;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 5 * 60_000;

/** What a reader works with. */
export interface ReaderSurroundings {
  readonly context: Pick<ServerContext<ImapSettings>, 'publish' | 'logger'>;
  readonly authentication: MailAuthentication;
}

/** Reads one mailbox for as long as it runs: what is there first, then what comes. */
export class MailboxReader {
  private stopped = false;
  private wake: () => void = () => undefined;
  private ended: Promise<void> = Promise.resolve();
  /** Of a server that keeps no marks: what was taken in this session of the mailbox, by `UIDVALIDITY uid`. */
  private readonly taken = new Set<string>();

  constructor(
    private readonly account: ChannelAccount<ImapSettings>,
    private readonly surroundings: ReaderSurroundings,
  ) {}

  start(): void {
    this.ended = this.run();
  }

  /** Resolves when the mail at hand is finished and the connection is closed. */
  stop(): Promise<void> {
    this.stopped = true;
    this.wake();
    return this.ended;
  }

  private async run(): Promise<void> {
    let pause = FIRST_PAUSE_MS;
    while (!this.stopped) {
      try {
        await this.session(() => (pause = FIRST_PAUSE_MS));
      } catch (error) {
        this.surroundings.context.logger.warn('a mailbox cannot be read just now', error, { account: this.account.id });
      }
      if (this.stopped) return;
      // many mailboxes of one server do not come back all at once
      await this.sleep(pause * (0.5 + Math.random() / 2));
      pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
    }
  }

  private async session(connected: () => void): Promise<void> {
    const { host, port, secure = true, user, password, mailbox = 'INBOX' } = this.account.settings.imap;
    const client = new ImapFlow({
      host,
      port: port ?? (secure ? 993 : 143),
      secure,
      auth: { user, pass: password },
      logger: false,
      maxIdleTime: IDLE_MS,
    });
    // the calls under way reject too; without a listener the process would end
    client.on('error', () => this.wake());
    client.on('close', () => this.wake());
    client.on('exists', () => this.wake());
    try {
      await client.connect();
      const opened = await client.mailboxOpen(mailbox);
      connected();
      this.surroundings.context.logger.log('reading a mailbox', { account: this.account.id, mailbox });
      const marks = opened.permanentFlags?.has('\\*') === true || opened.permanentFlags?.has(TAKEN) === true;
      while (!this.stopped && client.usable) {
        const slept = this.sleep(POLL_MS);
        await this.takeAll(client, marks, String(opened.uidValidity));
        // at once: by itself the library idles only after a while; the next command ends it
        client.idle().catch(() => this.wake());
        await slept;
      }
    } finally {
      client.close();
    }
  }

  private async takeAll(client: ImapFlow, marks: boolean, validity: string): Promise<void> {
    const since = new Date(Date.now() - BACK_MS);
    const found = await client.search({ since, ...(marks && { unKeyword: TAKEN }) }, { uid: true });
    for (const uid of [...(found || [])].sort((a, b) => a - b)) {
      const key = `${validity} ${uid}`;
      if (this.stopped) return;
      if (this.taken.has(key)) continue;
      await this.take(client, uid);
      if (marks) await client.messageFlagsAdd(String(uid), [TAKEN], { uid: true });
      else this.taken.add(key);
    }
  }

  private async take(client: ImapFlow, uid: number): Promise<void> {
    const head = await client.fetchOne(String(uid), { uid: true, size: true }, { uid: true });
    if (!head) return;
    if ((head.size ?? 0) > MAIL_BODY) {
      this.surroundings.context.logger.error('a mail is too large to be taken in', { account: this.account.id, uid });
      return;
    }
    const whole = await client.fetchOne(String(uid), { uid: true, source: true }, { uid: true });
    const body = whole ? whole.source : undefined;
    // removed in between
    if (!body) return;
    const verdict = await this.surroundings.authentication.verdict(body, { ip: '', helo: '', sender: '' });
    await this.surroundings.context.publish(this.account.id, body, {
      'content-type': 'message/rfc822',
      // who brought it is not known any more, so that a missing pass says nothing
      [ENVELOPE_HEADERS.authentication]: verdict === 'pass' ? 'pass' : 'none',
    });
  }

  /** Until something happens, at the latest after so many milliseconds. */
  private sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
