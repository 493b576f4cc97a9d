import type { ChannelAccount, DraftEvent, Normalised } from '@lienmach/adapter-kit';
import { joinKey } from '@lienmach/contracts';
import { optedOutEvent, receiptEvent, type DeliveryFacts } from '../delivery-event.rules.js';
import { fieldsOf, numberOf, textOf, timeOf } from '../field-reading.js';
import { messageId } from '../mail-address.js';
import { authenticationOf } from '../mail-authentication.rules.js';
import { assembledMail, readMail, textHeaders } from '../mail-reading.js';
import { normaliseMail } from '../mail.normalise.js';
import type { Authentication, Mail } from '../mail.payload.js';
import type { PostmarkEvent, PostmarkMail } from './postmark.payload.js';

type Account = ChannelAccount<object>;

export function normalisePostmarkMail(payload: PostmarkMail, account: Account): Normalised {
  const mail = payload.raw === null ? assembled(payload) : readMail(Buffer.from(payload.raw, 'utf8'));
  const returnPath = headerOf(payload, 'return-path');
  return normaliseMail(
    mail,
    {
      from: returnPath === null ? null : returnPath.replace(/[<>\s]/g, ''),
      to: payload.recipient ? [payload.recipient] : [],
      authentication: authenticationBy(payload, mail, returnPath),
      fallbackId: `postmark:${payload.id}`,
      vendorData: {
        postmarkId: payload.id,
        ...(payload.stream && { stream: payload.stream }),
        ...(headerOf(payload, 'x-spam-status') && { spam: headerOf(payload, 'x-spam-status') }),
      },
    },
    account,
  );
}

function assembled(payload: PostmarkMail): Mail {
  const { headers, date } = payload;
  const dated = date !== null && !headers.some(([name]) => name.toLowerCase() === 'date');
  return assembledMail({ ...payload, headers: textHeaders(dated ? [...headers, ['Date', date]] : headers) });
}

/** The first of a name is Postmark's own: what the sender wrote under that name comes after it. */
function headerOf({ headers }: PostmarkMail, wanted: string): string | null {
  return headers.find(([name]) => name.toLowerCase() === wanted)?.[1] ?? null;
}

/** Postmark names its verdicts in headers: SPF, and SpamAssassin's rule for a DKIM signature by the author's own domain. */
function authenticationBy(payload: PostmarkMail, mail: Mail, returnPath: string | null): Authentication {
  const from = mail.from?.address ?? null;
  const tests = (headerOf(payload, 'x-spam-tests') ?? '').split(/[\s,]+/);
  return authenticationOf({
    from,
    dkim: from !== null && tests.includes('DKIM_VALID_AU') ? [from] : [],
    spf: /^\s*(\w+)/.exec(headerOf(payload, 'received-spf') ?? '')?.[1] ?? null,
    spfDomain: returnPath,
  });
}

/** Postmark tells of these as bounces though the mail may still arrive, or has. */
const NOT_FINAL = new Set([
  'Transient',
  'AutoResponder',
  'Subscribe',
  'Unsubscribe',
  'AddressChange',
  'ChallengeVerification',
]);

export function normalisePostmarkEvent({ type, mailId, fields }: PostmarkEvent, account: Account): Normalised {
  const event = eventOf(type, mailId, fields, account);
  return typeof event === 'string'
    ? { events: [], unknown: [event], malformed: [] }
    : { events: [event], unknown: [], malformed: [] };
}

/** The event, or the name of a kind that makes none. */
function eventOf(type: string, mailId: string, fields: PostmarkEvent['fields'], account: Account): DraftEvent | string {
  const own = messageId(textOf(fieldsOf(fields['Metadata'])['message-id']));
  const at = timeOf(fields['DeliveredAt'] ?? fields['BouncedAt'] ?? fields['ReceivedAt'] ?? fields['ChangedAt']);
  const facts: DeliveryFacts = {
    id: joinKey(mailId, type, textOf(fields['ID']) ?? numberOf(fields['ID']) ?? String(at ?? '')),
    time: at,
    targets: own ? [own, mailId] : [mailId],
    recipient: textOf(fields['Recipient']) ?? textOf(fields['Email']),
    reason: null,
    vendorData: { postmarkId: mailId },
  };
  switch (type) {
    case 'Delivery':
      return receiptEvent('message.delivered', facts, account);
    case 'Open':
      return receiptEvent('message.read', facts, account);
    case 'Bounce': {
      const kind = textOf(fields['Type']) ?? 'unnamed';
      if (NOT_FINAL.has(kind)) return `Bounce ${kind}`;
      const reason = [kind, textOf(fields['Description']), textOf(fields['Details'])].filter(Boolean).join(': ');
      return receiptEvent('message.failed', { ...facts, reason }, account);
    }
    case 'SpamComplaint':
      return optedOutEvent('spam complaint', facts, account) ?? type;
    case 'SubscriptionChange':
      return (fields['SuppressSending'] === true ? optedOutEvent('unsubscribe', facts, account) : null) ?? type;
    default:
      return type;
  }
}
