import { MalformedPayload } from '@lienmach/contracts';
import type { DoorRequest } from '@lienmach/adapter-kit';
import { addressesIn } from './mail-address.js';
import { readMail } from './mail-reading.js';
import type { Authentication, Mail } from './mail.payload.js';

/** What a server or client writes beside a mail that it brings whole. */
export const ENVELOPE_HEADERS = {
  from: 'x-envelope-from',
  to: 'x-envelope-to',
  remoteAddress: 'x-remote-address',
  helo: 'x-helo',
  authentication: 'x-from-verdict',
} as const;

/** A mail has at least one of these. */
const SOME = ['from', 'sender', 'to', 'subject', 'date', 'message-id', 'return-path', 'received', 'mime-version'];

export interface WholeMail {
  readonly mail: Mail;
  readonly bytes: Buffer;
  /** MAIL FROM; empty for a bounce, null where nobody knows it any more. */
  readonly from: string | null;
  readonly to: readonly string[];
  readonly remoteAddress: string | null;
  readonly authentication: Authentication;
}

export function readWholeMail({ body, headers }: DoorRequest): WholeMail {
  const mail = readMail(body);
  if (!SOME.some((name) => mail.headers.has(name))) throw new MalformedPayload('a mail without headers');
  const authentication = headers[ENVELOPE_HEADERS.authentication];
  return {
    mail,
    bytes: body,
    from: headers[ENVELOPE_HEADERS.from] ?? null,
    to: addressesIn(headers[ENVELOPE_HEADERS.to] ?? '').map(({ address }) => address),
    remoteAddress: headers[ENVELOPE_HEADERS.remoteAddress] ?? null,
    authentication: authentication === 'pass' || authentication === 'fail' ? authentication : 'none',
  };
}
