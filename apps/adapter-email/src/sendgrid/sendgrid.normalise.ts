import { createHash } from 'node:crypto';
import type { ChannelAccount, DraftEvent, Normalised } from '@lienmach/adapter-kit';
import { optedOutEvent, receiptEvent, type DeliveryFacts } from '../delivery-event.rules.js';
import { secondsOf, textOf } from '../field-reading.js';
import { messageId } from '../mail-address.js';
import { authenticationOf } from '../mail-authentication.rules.js';
import { assembledMail, readMail } from '../mail-reading.js';
import { normaliseMail } from '../mail.normalise.js';
import { parseHeaders } from '../mime-tree.js';
import { readSendgridEvent, type SendgridEvent, type SendgridEvents, type SendgridMail } from './sendgrid.payload.js';

type Account = ChannelAccount<object>;

export function normaliseSendgridMail(payload: SendgridMail, body: Buffer, account: Account): Normalised {
  const { raw, envelope, dkim, spf } = payload;
  const mail = raw === null ? assembledMail({ ...payload, headers: parseHeaders(payload.headers) }) : readMail(raw);
  return normaliseMail(
    mail,
    {
      from: envelope.from,
      to: envelope.to,
      authentication: authenticationOf({ from: mail.from?.address ?? null, dkim, spf, spfDomain: envelope.from }),
      // SendGrid gives no id of its own; a repeat of the request has the same bytes
      fallbackId: `sha256:${createHash('sha256')
        .update(raw ?? body)
        .digest('hex')}`,
      vendorData: {
        ...(payload.senderIp && { senderIp: payload.senderIp }),
        ...(payload.spamScore && { spamScore: payload.spamScore }),
      },
    },
    account,
  );
}

export function normaliseSendgridEvents({ events }: SendgridEvents, account: Account): Normalised {
  const found: DraftEvent[] = [];
  const unknown: string[] = [];
  const malformed: { account: string; reason: string }[] = [];
  for (const each of events) {
    const event = readSendgridEvent(each);
    const draft = typeof event === 'string' ? null : draftOf(event, account);
    if (typeof event === 'string') malformed.push({ account: account.id, reason: event });
    else if (draft) found.push(draft);
    else unknown.push(event.name);
  }
  return { events: found, unknown, malformed };
}

/** Null for a kind that makes no event: processed, deferred, click … */
function draftOf({ id, name, fields }: SendgridEvent, account: Account): DraftEvent | null {
  const own = messageId(textOf(fields['smtp-id']));
  const sent = textOf(fields['sg_message_id']);
  const facts: DeliveryFacts = {
    id,
    time: secondsOf(fields['timestamp']),
    targets: [own, sent].flatMap((target) => target ?? []),
    recipient: textOf(fields['email']),
    reason: [textOf(fields['status']), textOf(fields['reason'])].filter(Boolean).join(': ') || null,
    vendorData: sent ? { sendgridId: sent } : {},
  };
  switch (name) {
    case 'delivered':
      return receiptEvent('message.delivered', { ...facts, reason: null }, account);
    case 'open':
      return receiptEvent('message.read', { ...facts, reason: null }, account);
    case 'bounce':
    case 'dropped':
      return receiptEvent('message.failed', { ...facts, reason: facts.reason ?? name }, account);
    case 'spamreport':
    case 'unsubscribe':
    case 'group_unsubscribe':
      return optedOutEvent(name, facts, account);
    default:
      return null;
  }
}
