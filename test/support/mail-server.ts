import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { SMTPServer, type SMTPServerSession } from 'smtp-server';

/** One mail as it was handed over. */
export interface TakenMail {
  from: string;
  to: string[];
  /** Head and body, as they came. */
  text: string;
  /** Of the head, unfolded, lower-case names. */
  headers: Record<string, string>;
}

/** What the server says once it has a whole mail: an SMTP code to refuse it, `lost`: nothing, and the line is cut. */
export type MailAnswer = 'taken' | 'lost' | { code: number; text: string };

const refusal = ({ code, text }: { code: number; text: string }): Error =>
  Object.assign(new Error(text), { responseCode: code });

/** A mail server of the test's own, the one that an account's `smtp` names: keeps every mail and answers as it is told. */
export class MailServer {
  readonly mails: TakenMail[] = [];
  answer: (mail: TakenMail) => MailAnswer = () => 'taken';
  /** What it says to a recipient. */
  recipient: (address: string) => { code: number; text: string } | null = () => null;
  password = 'right';
  private readonly server: SMTPServer;
  private readonly lines = new Set<{ destroy: () => void }>();

  private constructor() {
    this.server = new SMTPServer({
      // on this machine itself a password may go in clear
      hideSTARTTLS: true,
      allowInsecureAuth: true,
      authOptional: true,
      disableReverseLookup: true,
      onAuth: ({ password }, _session, done) =>
        password === this.password ? done(null, { user: 'shop' }) : done(refusal({ code: 535, text: '5.7.8 no' })),
      onRcptTo: ({ address }, _session, done) => {
        const refused = this.recipient(address);
        done(refused && refusal(refused));
      },
      onData: (stream, session, done) => void buffer(stream).then((bytes) => this.take(bytes, session, done)),
    });
    this.server.on('error', () => undefined);
    this.server.server.on('connection', (socket) => {
      this.lines.add(socket);
      socket.once('close', () => this.lines.delete(socket));
    });
  }

  static async start(): Promise<MailServer> {
    const mail = new MailServer();
    await new Promise<void>((resolve) => mail.server.listen(0, '127.0.0.1', resolve));
    return mail;
  }

  get port(): number {
    return (this.server.server.address() as AddressInfo).port;
  }

  /** Mails of a reply, by the id in their Message-ID. */
  of(commandId: string): TakenMail[] {
    return this.mails.filter(({ headers }) => headers['message-id']?.includes(commandId));
  }

  stop(): Promise<void> {
    this.cut();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  private cut(): void {
    for (const line of this.lines) line.destroy();
  }

  private take(bytes: Buffer, { envelope }: SMTPServerSession, done: (error?: Error | null, text?: string) => void) {
    const text = bytes.toString();
    const mail = {
      from: envelope.mailFrom ? envelope.mailFrom.address : '',
      to: envelope.rcptTo.map(({ address }) => address),
      text,
      headers: headersOf(text),
    };
    this.mails.push(mail);
    const answer = this.answer(mail);
    if (answer === 'lost') this.cut();
    else if (answer === 'taken') done(null, '2.0.0 taken');
    else done(refusal(answer));
  }
}

function headersOf(text: string): Record<string, string> {
  const lines = text
    .split('\r\n\r\n', 1)[0]!
    .replace(/\r\n[ \t]+/g, ' ')
    .split('\r\n');
  return Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
}
