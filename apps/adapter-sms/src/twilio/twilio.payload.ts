import { fieldsOf, requiredText, restOf, textOf, type DoorRequest, type Fields } from '@lienmach/adapter-kit';
import { MalformedPayload, type Attachment } from '@lienmach/contracts';

/**
 * A message that came in, or what became of one of ours.
 * https://www.twilio.com/docs/messaging/guides/webhook-request, https://www.twilio.com/docs/messaging/guides/outbound-message-status-in-status-callbacks
 */
export interface TwilioPayload {
  readonly id: string;
  /** `received`, or the state of a message of ours; null where nothing of the kind is said. */
  readonly status: string | null;
  readonly from: string | null;
  readonly to: string | null;
  readonly text: string | null;
  readonly media: readonly Attachment[];
  readonly optOutType: string | null;
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
  /** Of the carrier, in its own zone: `YYMMDDhhmm`. */
  readonly doneAt: string | null;
  readonly rest: Readonly<Record<string, unknown>>;
}

const READ = [
  'MessageSid',
  'SmsSid',
  'SmsMessageSid',
  'MessageStatus',
  'SmsStatus',
  'From',
  'To',
  'Body',
  'NumMedia',
  'OptOutType',
  'ErrorCode',
  'ErrorMessage',
  'RawDlrDoneDate',
];
const MOST_MEDIA = 10;

/** @throws MalformedPayload */
export function readTwilio(request: DoorRequest): TwilioPayload {
  const fields = fieldsOf(request);
  const id = textOf(fields, 'MessageSid') ?? textOf(fields, 'SmsSid') ?? textOf(fields, 'SmsMessageSid');
  if (id === null) throw new MalformedPayload('MessageSid is missing');
  const { media, names } = mediaOf(fields);
  return {
    id,
    status: textOf(fields, 'MessageStatus') ?? textOf(fields, 'SmsStatus'),
    from: textOf(fields, 'From'),
    to: textOf(fields, 'To'),
    text: textOf(fields, 'Body'),
    media,
    optOutType: textOf(fields, 'OptOutType'),
    errorCode: textOf(fields, 'ErrorCode'),
    errorMessage: textOf(fields, 'ErrorMessage'),
    doneAt: textOf(fields, 'RawDlrDoneDate'),
    rest: restOf(fields, new Set([...READ, ...names])),
  };
}

function mediaOf(fields: Fields): { media: Attachment[]; names: string[] } {
  const media: Attachment[] = [];
  const names: string[] = [];
  const count = Math.min(Math.trunc(Number(textOf(fields, 'NumMedia') ?? '0')) || 0, MOST_MEDIA);
  for (let at = 0; at < count; at++) {
    names.push(`MediaUrl${at}`, `MediaContentType${at}`);
    const contentType = textOf(fields, `MediaContentType${at}`);
    media.push({ kind: kindOf(contentType), url: requiredText(fields, `MediaUrl${at}`), name: null, contentType });
  }
  return { media, names };
}

function kindOf(contentType: string | null): Attachment['kind'] {
  const [type, subtype = ''] = (contentType ?? '').toLowerCase().split('/');
  if (type === 'image' || type === 'video' || type === 'audio') return type;
  return /vcard/.test(subtype) ? 'contact' : 'file';
}
