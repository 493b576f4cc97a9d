import type { ChannelAccount, DraftEvent, Normalised } from '@lienmach/adapter-kit';
import { optedOutEvent, receiptEvent, type DeliveryFacts } from '../delivery-event.rules.js';
import { fieldsOf, listOf, textOf, timeOf, type Fields } from '../field-reading.js';
import { messageId } from '../mail-address.js';
import { authenticationOf } from '../mail-authentication.rules.js';
import { assembledMail, readMail, textHeaders } from '../mail-reading.js';
import { normaliseMail } from '../mail.normalise.js';
import type { Mail } from '../mail.payload.js';
import { readSesNotification, type SesMail, type SesNotification, type SnsMessage } from './ses.payload.js';

type Account = ChannelAccount<object>;

export function normaliseSns(message: SnsMessage, account: Account): Normalised {
  if (message.type !== 'Notification') return nothing(message.type);
  // SNS writes this sentence to a topic when SES is connected with it
  if (/^Successfully validated SNS topic/.test(message.message)) return nothing('topic validation');
  const notification = readSesNotification(message.message);
  if (notification.kind === 'Received') return received(notification, account);
  const events = deliveryEvents(notification, message.id, account);
  return typeof events === 'string' ? nothing(events) : { events, unknown: [], malformed: [] };
}

const nothing = (kind: string): Normalised => ({ events: [], unknown: [kind], malformed: [] });

function received({ fields, mail: sesMail }: SesNotification, account: Account): Normalised {
  const receipt = fieldsOf(fields['receipt']);
  const action = fieldsOf(receipt['action']);
  const mail = mailOf(fields, sesMail, action);
  const verdict = (name: string): string | null => textOf(fieldsOf(receipt[`${name}Verdict`])['status']);
  const isStored = action['type'] === 'S3';
  return normaliseMail(
    mail,
    {
      from: sesMail.source,
      to: listOf(receipt['recipients']).flatMap((each) => textOf(each) ?? []),
      authentication: authenticationOf({
        from: mail.from?.address ?? null,
        spf: verdict('spf'),
        spfDomain: sesMail.source,
        dmarc: verdict('dmarc'),
      }),
      fallbackId: `ses:${sesMail.id}`,
      vendorData: {
        sesId: sesMail.id,
        ...(verdict('spam') && { spam: verdict('spam') }),
        ...(verdict('virus') && { virus: verdict('virus') }),
        ...(isStored && { s3: { bucket: textOf(action['bucketName']), key: textOf(action['objectKey']) } }),
      },
    },
    account,
  );
}

/** The whole mail where it came along; what SES tells of it where it lies in S3. */
function mailOf(fields: Fields, { headers, common }: SesMail, action: Fields): Mail {
  const content = textOf(fields['content']);
  if (content !== null) return readMail(Buffer.from(content, action['encoding'] === 'BASE64' ? 'base64' : 'utf8'));
  const list = (name: string): string =>
    listOf(common[name])
      .flatMap((each) => textOf(each) ?? [])
      .join(', ');
  const told = { From: list('from'), To: list('to'), Cc: list('cc'), 'Reply-To': list('replyTo') };
  const simple = {
    Date: textOf(common['date']),
    Subject: textOf(common['subject']),
    'Message-ID': textOf(common['messageId']),
  };
  const known = new Set(headers.map(([name]) => name.toLowerCase()));
  const missing = Object.entries({ ...told, ...simple }).flatMap(([name, value]) =>
    value && !known.has(name.toLowerCase()) ? [[name, value] as const] : [],
  );
  return assembledMail({ headers: textHeaders([...headers, ...missing]), attachments: [] });
}

/** The events, or the name of a kind that makes none. */
function deliveryEvents({ kind, fields, mail }: SesNotification, id: string, account: Account): DraftEvent[] | string {
  const detail = fieldsOf(fields[kind.toLowerCase()]);
  const own =
    messageId(textOf(mail.common['messageId'])) ??
    messageId(mail.headers.find(([name]) => name.toLowerCase() === 'message-id')?.[1]);
  const facts: DeliveryFacts = {
    id: textOf(detail['feedbackId']) ?? id,
    time: timeOf(detail['timestamp']),
    // SES writes an id of its own into what it sends: ours stands beside it where SES was told it
    targets: own && own !== mail.id ? [own, mail.id] : [mail.id],
    recipient: null,
    reason: null,
    vendorData: { sesId: mail.id },
  };
  switch (kind) {
    case 'Delivery':
      return [receiptEvent('message.delivered', facts, account)];
    case 'Open':
      return [receiptEvent('message.read', facts, account)];
    case 'Bounce':
      return bounced(detail, facts, account);
    case 'Reject':
      return [receiptEvent('message.failed', { ...facts, reason: textOf(detail['reason']) ?? kind }, account)];
    case 'Complaint':
      return complained(detail, facts, account) ?? kind;
    default:
      return kind;
  }
}

function bounced(detail: Fields, facts: DeliveryFacts, account: Account): DraftEvent[] | string {
  const recipients = listOf(detail['bouncedRecipients']).map(fieldsOf);
  const type = textOf(detail['bounceType']) ?? 'unnamed';
  // out-of-office notes come as transient bounces without an action
  if (type === 'Transient' && !recipients.some(({ action }) => action === 'failed')) return 'Bounce Transient';
  const said = recipients.map(({ emailAddress, status, diagnosticCode }) =>
    [emailAddress, status, diagnosticCode].flatMap((part) => textOf(part) ?? []).join(': '),
  );
  const recipient = textOf(recipients[0]?.['emailAddress']);
  const reason = said.filter(Boolean).join('; ') || type;
  return [receiptEvent('message.failed', { ...facts, recipient, reason }, account)];
}

function complained(detail: Fields, facts: DeliveryFacts, account: Account): DraftEvent[] | null {
  const recipient = textOf(fieldsOf(listOf(detail['complainedRecipients'])[0])['emailAddress']);
  const event = optedOutEvent('spam complaint', { ...facts, recipient }, account);
  return event && [event];
}
