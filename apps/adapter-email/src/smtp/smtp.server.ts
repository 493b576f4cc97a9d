import type { AddressInfo } from 'node:net';
import { hostname } from 'node:os';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import { TemporarilyUnavailable } from '@lienmach/contracts';
import {
  InvalidConfiguration,
  type ChannelAccount,
  type RunningServer,
  type ServerContext,
} from '@lienmach/adapter-kit';
import { MAIL_BODY } from '../mail-door.js';
import { mailboxOf } from '../mail-address.js';
import type { Authentication } from '../mail.payload.js';
import { MailAuthentication, resolveBy, type Bringer } from '../mail-authentication.client.js';
import { readSmtpDoorPlace } from './smtp-door.config.js';
import type { SmtpDoorSettings } from './smtp.config.js';
import { ENVELOPE_HEADERS } from '../whole-mail.payload.js';

type Context = ServerContext<SmtpDoorSettings>;
type Done = (error?: Error | null, message?: string) => void;

/** As many as a sender may name in one mail: more are no customers of one shop. */
const MOST_RECIPIENTS = 50;
const MOST_CLIENTS = 200;
/** Mail servers wait for minutes; whoever says nothing that long is gone. */
const IDLE_MS = 60_000;
const CLOSE_MS = 5_000;

/** What a mail server is told (RFC 5321, RFC 3463): 4xx makes it try again later, 5xx makes it give up. */
const refusal = (responseCode: number, message: string): Error => Object.assign(new Error(message), { responseCode });
const NOT_YET = (): Error => refusal(451, '4.3.0 not ready yet, try again later');
const NO_SUCH_MAILBOX = (): Error => refusal(550, '5.1.1 no such mailbox here');
const TOO_MANY = (): Error => refusal(452, '4.5.3 too many recipients');
const TOO_LARGE = (): Error => refusal(552, '5.3.4 the mail is too large');

/** A running SMTP door. */
export interface SmtpDoor extends RunningServer {
  readonly port: number;
}

/** Takes mail for every account of the vendor: a recipient is an account's id, or that id with a plus part. 250 only after the broker's acknowledgement. */
export async function startSmtpDoor(context: Context): Promise<SmtpDoor> {
  const { port, name, tls } = readSmtpDoorPlace(context.env);
  const resolve = resolveBy(context.env['EMAIL_DNS_SERVERS']);
  const taker = { context, authentication: new MailAuthentication(resolve, name ?? hostname(), context.logger) };
  const server = new SMTPServer({
    ...(name && { name }),
    ...(tls && { cert: tls.cert, key: tls.key }),
    banner: 'Lienmach',
    size: MAIL_BODY,
    disabledCommands: ['AUTH'],
    disableReverseLookup: true,
    maxClients: MOST_CLIENTS,
    socketTimeout: IDLE_MS,
    closeTimeout: CLOSE_MS,
    onRcptTo: ({ address }, session, done) => done(recipientProblem(address, session, context)),
    onData: (stream, session, done) => void take(stream, session, taker, done),
  });
  server.on('error', (error) => void context.logger.warn('a connection to the SMTP door failed', error));
  await listening(server, port, context);
  const address = server.server.address() as AddressInfo;
  context.logger.log('taking mail', {
    address: `smtp://${context.host}:${address.port}`,
    certificate: tls !== undefined,
  });
  return { port: address.port, close: () => new Promise((resolve) => server.close(() => resolve())) };
}

function listening(server: SMTPServer, port: number, { host }: Context): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException): void =>
      reject(
        error.code === 'EADDRINUSE'
          ? new InvalidConfiguration(
              `port ${port} on ${host} is taken by another program: end that or set EMAIL_SMTP_PORT to another port.`,
            )
          : error,
      );
    server.once('error', failed);
    server.listen(port, host, () => {
      server.off('error', failed);
      resolve();
    });
  });
}

function recipientProblem(address: string, { envelope }: SMTPServerSession, { accounts }: Context): Error | undefined {
  if (!accounts.loaded) return NOT_YET();
  if (envelope.rcptTo.length >= MOST_RECIPIENTS) return TOO_MANY();
  return accountFor(address, accounts) ? undefined : NO_SUCH_MAILBOX();
}

/** The account of a recipient: by its id as written, else whatever case and plus part the sender gave it. */
function accountFor(address: string, accounts: Context['accounts']): ChannelAccount<SmtpDoorSettings> | undefined {
  const mailbox = mailboxOf(address);
  return accounts.find(address) ?? accounts.find(mailbox) ?? accounts.all().find(({ id }) => mailboxOf(id) === mailbox);
}

interface Taker {
  readonly context: Context;
  readonly authentication: MailAuthentication;
}

async function take(
  stream: SMTPServerDataStream,
  session: SMTPServerSession,
  { context, authentication }: Taker,
  done: Done,
): Promise<void> {
  try {
    const body = await wholeMail(stream);
    if (body === null) return done(TOO_LARGE());
    const recipients = byAccount(session, context.accounts);
    // the account was there when the recipient was named: it may be again
    if (recipients.size === 0) return done(NOT_YET());
    const verdict = await authentication.verdict(body, bringerOf(session));
    await Promise.all(
      [...recipients].map(([account, to]) => context.publish(account, body, headersOf(session, to, verdict))),
    );
    done(null, '2.0.0 kept');
  } catch (error) {
    if (!(error instanceof TemporarilyUnavailable)) context.logger.error('a mail could not be taken', error);
    done(NOT_YET());
  }
}

/** Null for what exceeds the limit; it is read to its end all the same, because the sender listens only then. */
async function wholeMail(stream: SMTPServerDataStream): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= MAIL_BODY) chunks.push(chunk);
    else chunks.length = 0;
  }
  return size > MAIL_BODY || stream.sizeExceeded ? null : Buffer.concat(chunks, size);
}

/** A mail to several accounts is each one's own. */
function byAccount({ envelope }: SMTPServerSession, accounts: Context['accounts']): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { address } of envelope.rcptTo) {
    const account = accountFor(address, accounts);
    if (account) found.set(account.id, [...(found.get(account.id) ?? []), address]);
  }
  return found;
}

function bringerOf({ envelope, remoteAddress, hostNameAppearsAs: helo }: SMTPServerSession): Bringer {
  return {
    ip: remoteAddress.replace(/^::ffff:/i, ''),
    helo: helo ? String(helo).slice(0, 255) : '',
    sender: envelope.mailFrom ? envelope.mailFrom.address : '',
  };
}

function headersOf(
  session: SMTPServerSession,
  to: readonly string[],
  verdict: Authentication,
): Readonly<Record<string, string>> {
  const { ip, helo, sender } = bringerOf(session);
  return {
    'content-type': 'message/rfc822',
    [ENVELOPE_HEADERS.from]: sender,
    [ENVELOPE_HEADERS.to]: to.join(', '),
    [ENVELOPE_HEADERS.remoteAddress]: ip,
    [ENVELOPE_HEADERS.authentication]: verdict,
    ...(helo && { [ENVELOPE_HEADERS.helo]: helo }),
  };
}
