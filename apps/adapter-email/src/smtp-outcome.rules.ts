import type { SendOutcome } from '@lienmach/adapter-kit';

/** An error of nodemailer's SMTP client, as far as it decides. */
export interface SmtpFailure {
  readonly code?: string;
  /** What the server answered last, where that is what failed. */
  readonly responseCode?: number;
  readonly response?: string;
  /** `RCPT TO`, `DATA` … */
  readonly command?: string;
}

/** Enhanced status codes (RFC 3463), by how they begin; the first that fits counts. */
const REFUSALS: readonly (readonly [status: RegExp, reason: string])[] = [
  [/^5\.1\.[78]/, "sender-refused: the mail server does not let this account's address send: check its from"],
  [/^5\.1\./, 'no-such-mailbox: nobody has this address: ask the customer for another one, on another channel'],
  [/^5\.2\.2/, "mailbox-full: the customer's mailbox takes no more: try another channel"],
  [/^5\.2\.3|^5\.3\.4/, 'too-large: the mail is larger than the mail server takes'],
  [/^5\.2\./, "mailbox-closed: the customer's mailbox takes no mail: try another channel"],
  [/^5\.7\./, 'refused: the mail server refuses it by its rules: check SPF, DKIM and the reputation of the sender'],
];

/** Where the server names no enhanced status: what the command that failed was about. */
const BY_COMMAND: Readonly<Record<string, string>> = {
  'MAIL FROM': REFUSALS[0]![1],
  'RCPT TO': REFUSALS[1]![1],
};

/**
 * What became of a mail whose sending failed. Until its last line is out nobody can have it; from then on only the server's answer tells (RFC 5321, 4.2.5).
 * @param isHandedOver all of it was given to the connection
 */
export function smtpOutcome(error: SmtpFailure, isHandedOver: boolean): SendOutcome {
  const { code = 'no code', responseCode, response = '', command = '' } = error;
  if (isHandedOver && code !== 'EMESSAGE')
    return {
      kind: 'unknown',
      reason: `the mail server's answer was lost (${code}): look in its log, or ask the customer, before you send it again`,
    };
  if (responseCode === undefined) return withoutAnswer(code);
  const status = /\b[245]\.\d{1,3}\.\d{1,3}\b/.exec(response)?.[0] ?? '';
  const said = [responseCode, status].filter(Boolean).join(' ');
  if (responseCode < 500) return { kind: 'not-taken', reason: `the mail server could not just now (${said})` };
  if (code === 'EAUTH')
    return {
      kind: 'not-taken',
      reason: `credentials-refused: give the account another user or password for its smtp server (${said})`,
      holds: 'account',
    };
  // authentication required, too weak, or only over TLS
  if ([530, 534, 538].includes(responseCode))
    return {
      kind: 'not-taken',
      reason: `credentials-missing: the smtp server wants a user and a password (${said})`,
      holds: 'account',
    };
  const known =
    REFUSALS.find(([begins]) => begins.test(status))?.[1] ?? (status === '' ? BY_COMMAND[command] : undefined);
  return { kind: 'failed', reason: `${known ?? 'refused: the mail server does not take it'} (${said})` };
}

function withoutAnswer(code: string): SendOutcome {
  switch (code) {
    // larger than the server said it takes, or an address that cannot be written
    case 'EMESSAGE':
      return { kind: 'failed', reason: REFUSALS[3]![1] };
    case 'EENVELOPE':
      return { kind: 'failed', reason: REFUSALS[1]![1] };
    default:
      return { kind: 'not-taken', reason: `the mail server cannot be reached (${code})` };
  }
}

/** Microsoft 365 and SES write an id of their own into what they pass on, and name it in their answer. */
const OUTLOOK = /^250 2\.0\.0 OK (<[^<>\s]+\.prod\.outlook\.com>)/i;
const SES = /^250 Ok ([0-9a-f]+(?:-[0-9a-f]+)+)\s*$/i;
const SES_HOST = /^email-smtp(?:-fips)?\.([a-z0-9-]+)\.amazonaws\.com$/i;

/** The Message-ID that recipients see instead of ours; null: ours. */
export function serverMessageId(response: string, host: string): string | null {
  const outlook = OUTLOOK.exec(response)?.[1];
  if (outlook) return outlook;
  const [id, region] = [SES.exec(response)?.[1], SES_HOST.exec(host)?.[1]?.toLowerCase()];
  if (!id || !region) return null;
  return `<${id.toLowerCase()}@${region === 'us-east-1' ? 'email' : region}.amazonses.com>`;
}
