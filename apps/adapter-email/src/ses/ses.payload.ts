import { MalformedPayload } from '@lienmach/contracts';
import { parseLosslessJson } from '@lienmach/adapter-kit';
import { fieldsOf, isObject, listOf, textOf, type Fields } from '../field-reading.js';

/** https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html */
export interface SnsMessage {
  readonly type: 'Notification' | 'SubscriptionConfirmation' | 'UnsubscribeConfirmation';
  readonly id: string;
  readonly topicArn: string;
  readonly message: string;
  readonly subscribeUrl: string | null;
  readonly signature: string;
  readonly signatureVersion: string;
  readonly certificateUrl: string;
  /** The fields as they came: the signature is over some of them. */
  readonly fields: Fields;
}

export function readSns(body: Buffer): SnsMessage {
  const fields = parseLosslessJson(body);
  if (!isObject(fields)) throw new MalformedPayload('expected an object');
  const type = fields['Type'];
  if (type !== 'Notification' && type !== 'SubscriptionConfirmation' && type !== 'UnsubscribeConfirmation')
    throw new MalformedPayload('Type: not a message of SNS');
  const [id, topicArn, message, signature, certificateUrl] = [
    'MessageId',
    'TopicArn',
    'Message',
    'Signature',
    'SigningCertURL',
  ].map((name) => textOf(fields[name]));
  if (!id || !topicArn || !message || !signature || !certificateUrl)
    throw new MalformedPayload('expected MessageId, TopicArn, Message, Signature and SigningCertURL');
  return {
    type,
    id,
    topicArn,
    message,
    subscribeUrl: textOf(fields['SubscribeURL']),
    signature,
    signatureVersion: textOf(fields['SignatureVersion']) ?? '',
    certificateUrl,
    fields,
  };
}

/** What SES says inside: a mail or what became of one. https://docs.aws.amazon.com/ses/latest/dg/receiving-email-notifications-contents.html */
export interface SesNotification {
  readonly kind: string;
  readonly fields: Fields;
  readonly mail: SesMail;
}

export interface SesMail {
  /** Given by SES; of an outbound mail it replaces the left part of the Message-ID. */
  readonly id: string;
  readonly source: string | null;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly common: Fields;
}

export function readSesNotification(message: string): SesNotification {
  const fields = parseLosslessJson(Buffer.from(message));
  if (!isObject(fields)) throw new MalformedPayload('Message: expected an object');
  // configuration sets write eventType for the same
  const kind = textOf(fields['notificationType']) ?? textOf(fields['eventType']);
  if (kind === null) throw new MalformedPayload('Message: expected notificationType');
  const mail = fieldsOf(fields['mail']);
  const id = textOf(mail['messageId']);
  if (id === null) throw new MalformedPayload('Message: expected mail.messageId');
  const headers = listOf(mail['headers']).flatMap((header) => {
    const { name, value } = fieldsOf(header);
    return typeof name === 'string' && typeof value === 'string' ? [[name, value] as const] : [];
  });
  const source = mail['source'];
  return {
    kind,
    fields,
    mail: { id, source: typeof source === 'string' ? source : null, headers, common: fieldsOf(mail['commonHeaders']) },
  };
}
