import { MalformedPayload } from '@lienmach/contracts';
import { fieldsOf, isObject, listOf, textOf, type Fields } from '../field-reading.js';
import type { MailAttachment } from '../mail.payload.js';

/** https://postmarkapp.com/developer/webhooks/inbound-webhook */
export interface PostmarkMail {
  readonly id: string;
  readonly from: string | null;
  readonly to: string | null;
  readonly cc: string | null;
  readonly recipient: string | null;
  readonly subject: string | null;
  readonly date: string | null;
  readonly text: string | null;
  readonly html: string | null;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly attachments: readonly MailAttachment[];
  /** Where the server is set to include it. */
  readonly raw: string | null;
  readonly stream: string | null;
}

export function readPostmarkMail(body: unknown): PostmarkMail {
  if (!isObject(body)) throw new MalformedPayload('expected an object');
  const id = textOf(body['MessageID']);
  const from = fullAddress(body['FromFull']) ?? textOf(body['From']);
  if (id === null || from === null) throw new MalformedPayload('expected MessageID and From');
  return {
    id,
    from,
    to: addressList(body['ToFull']) ?? textOf(body['To']),
    cc: addressList(body['CcFull']) ?? textOf(body['Cc']),
    recipient: textOf(body['OriginalRecipient']),
    subject: textOf(body['Subject']),
    date: textOf(body['Date']),
    text: textOf(body['TextBody']),
    html: textOf(body['HtmlBody']),
    headers: listOf(body['Headers']).flatMap((header) => {
      const { Name: name, Value: value } = fieldsOf(header);
      return typeof name === 'string' && typeof value === 'string' ? [[name, value] as const] : [];
    }),
    attachments: listOf(body['Attachments']).flatMap((each) => (isObject(each) ? [attachmentOf(each)] : [])),
    raw: textOf(body['RawEmail']),
    stream: textOf(body['MessageStream']),
  };
}

function attachmentOf(fields: Fields): MailAttachment {
  const contentId = textOf(fields['ContentID'])?.replace(/^cid:|[<>]/g, '') ?? null;
  return {
    fileName: textOf(fields['Name']),
    contentType: textOf(fields['ContentType'])?.split(';')[0]!.trim().toLowerCase() || 'application/octet-stream',
    contentId,
    inline: contentId !== null,
    bytes: Buffer.from(textOf(fields['Content']) ?? '', 'base64'),
  };
}

function fullAddress(value: unknown): string | null {
  const { Email: email, Name: name } = fieldsOf(value);
  if (typeof email !== 'string' || email === '') return null;
  return typeof name === 'string' && name !== '' ? `"${name.replace(/["\\]/g, '')}" <${email}>` : email;
}

function addressList(value: unknown): string | null {
  const addresses = listOf(value).flatMap((each) => fullAddress(each) ?? []);
  return addresses.length > 0 ? addresses.join(', ') : null;
}

/** https://postmarkapp.com/developer/webhooks/delivery-webhook and its neighbours. */
export interface PostmarkEvent {
  /** Delivery, Bounce, Open, SpamComplaint, SubscriptionChange … */
  readonly type: string;
  /** Of the mail, given by Postmark. */
  readonly mailId: string;
  readonly fields: Fields;
}

export function readPostmarkEvent(body: unknown): PostmarkEvent {
  if (!isObject(body)) throw new MalformedPayload('expected an object');
  const type = textOf(body['RecordType']);
  const mailId = textOf(body['MessageID']);
  if (type === null || mailId === null) throw new MalformedPayload('expected RecordType and MessageID');
  return { type, mailId, fields: body };
}
