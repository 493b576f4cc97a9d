import { hostname } from 'node:os';
import type { ChannelAccount, RunningServer, ServerContext } from '@lienmach/adapter-kit';
import { MailAuthentication, resolveBy } from '../mail-authentication.client.js';
import type { ImapSettings } from './imap.config.js';
import { MailboxReader } from './mailbox-reader.client.js';

/** Accounts come, go and change while the adapter runs. */
const LOOK_MS = 1_000;

interface Running {
  readonly account: ChannelAccount<ImapSettings>;
  readonly reader: MailboxReader;
}

/** One reader for every account, begun and ended as accounts come and go. */
export function startImapClients(context: ServerContext<ImapSettings>): Promise<RunningServer> {
  const running = new Map<string, Running>();
  const resolve = resolveBy(context.env['EMAIL_DNS_SERVERS']);
  const authentication = new MailAuthentication(resolve, hostname(), context.logger);

  const look = (): void => {
    if (!context.accounts.loaded) return;
    const accounts = new Map(context.accounts.all().map((account) => [account.id, account]));
    for (const [id, { account, reader }] of running) {
      // a changed account is another object
      if (accounts.get(id) === account) continue;
      running.delete(id);
      void reader.stop();
    }
    for (const [id, account] of accounts) {
      if (running.has(id)) continue;
      const reader = new MailboxReader(account, { context, authentication });
      running.set(id, { account, reader });
      reader.start();
    }
  };
  const timer = setInterval(look, LOOK_MS);
  look();
  return Promise.resolve({
    close: async () => {
      clearInterval(timer);
      await Promise.all([...running.values()].map(({ reader }) => reader.stop()));
    },
  });
}
