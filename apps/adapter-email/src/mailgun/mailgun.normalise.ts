import type { ChannelAccount, DraftEvent, Normalised } from '@lienmach/adapter-kit';
import { optedOutEvent, receiptEvent, type DeliveryFacts } from '../delivery-event.rules.js';
import { fieldsOf, secondsOf, textOf } from '../field-reading.js';
import { messageId } from '../mail-address.js';
import { authenticationOf } from '../mail-authentication.rules.js';
import { assembledMail, readMail, textHeaders } from '../mail-reading.js';
import { normaliseMail } from '../mail.normalise.js';
import type { MimeHeaders } from '../mime-tree.js';
import type { MailgunEvent, MailgunMail } from './mailgun.payload.js';

type Account = ChannelAccount<object>;

export function normaliseMailgunMail(payload: MailgunMail, account: Account): Normalised {
  const mail =
    payload.raw === null ? assembledMail({ ...payload, headers: textHeaders(payload.headers) }) : readMail(payload.raw);
  const { headers, from } = mail;
  return normaliseMail(
    mail,
    {
      from: payload.sender,
      to: payload.recipient ? payload.recipient.split(',') : [],
      authentication: authenticationOf({
        from: from?.address ?? null,
        dkim: passes(headers, 'x-mailgun-dkim-check-result') ? signingDomain(headers) : [],
        spf: passes(headers, 'x-mailgun-spf') ? 'pass' : null,
        spfDomain: payload.sender,
      }),
      fallbackId: `mailgun:${payload.token}`,
      vendorData: headers.has('x-mailgun-sflag') ? { spam: headers.text('x-mailgun-sflag') } : {},
    },
    account,
  );
}

/** A sender may have written the same header before Mailgun did: only what all of them say counts. */
function passes(headers: MimeHeaders, name: string): boolean {
  const results = headers.all(name);
  return results.length > 0 && results.every((result) => result.toLowerCase() === 'pass');
}

/** Mailgun does not say whose signature it checked: that is known only of a mail with one. */
function signingDomain(headers: MimeHeaders): string[] {
  const signatures = headers.all('dkim-signature');
  const domain = signatures.length === 1 ? /(?:^|;)\s*d=\s*([\w.-]+)/.exec(signatures[0]!)?.[1] : undefined;
  return domain ? [domain] : [];
}

export function normaliseMailgunEvent(event: MailgunEvent, account: Account): Normalised {
  const draft = draftOf(event, account);
  return typeof draft === 'string'
    ? { events: [], unknown: [draft], malformed: [] }
    : { events: [draft], unknown: [], malformed: [] };
}

/** The event, or the name of a kind that makes none. */
function draftOf({ id, name, fields }: MailgunEvent, account: Account): DraftEvent | string {
  // without angle brackets here
  const target = messageId(textOf(fieldsOf(fieldsOf(fields['message'])['headers'])['message-id']));
  const facts: DeliveryFacts = {
    id,
    time: secondsOf(fields['timestamp']),
    targets: target ? [target] : [],
    recipient: textOf(fields['recipient']),
    reason: null,
    vendorData: {},
  };
  switch (name) {
    case 'delivered':
      return receiptEvent('message.delivered', facts, account);
    case 'opened':
      return receiptEvent('message.read', facts, account);
    case 'failed': {
      if (fields['severity'] !== 'permanent') return `failed ${textOf(fields['severity']) ?? 'unnamed'}`;
      return receiptEvent('message.failed', { ...facts, reason: reasonOf(fields) }, account);
    }
    case 'unsubscribed':
    case 'complained':
      return optedOutEvent(name, facts, account) ?? name;
    default:
      return name;
  }
}

function reasonOf(fields: MailgunEvent['fields']): string {
  const status = fieldsOf(fields['delivery-status']);
  const code = status['code'];
  const said = textOf(status['message']) ?? textOf(status['description']);
  const parts = [typeof code === 'number' ? String(code) : null, said, textOf(fields['reason'])];
  return parts.filter(Boolean).join(': ') || 'not delivered';
}
