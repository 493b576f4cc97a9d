import { MalformedPayload } from '@lienmach/contracts';
import { parseLosslessJson, type DoorRequest } from '@lienmach/adapter-kit';
import { fieldsOf, isObject, listOf, textOf, type Fields } from '../field-reading.js';
import { parseForm, type FormBody } from '../form-body.js';
import type { MailAttachment } from '../mail.payload.js';

/** https://www.twilio.com/docs/sendgrid/for-developers/parsing-email/setting-up-the-inbound-parse-webhook */
export interface SendgridMail {
  /** The whole mail, where the webhook is set to post it raw. */
  readonly raw: Buffer | null;
  /** The mail's headers as bytes. */
  readonly headers: Buffer;
  readonly from: string | null;
  readonly to: string | null;
  readonly cc: string | null;
  readonly subject: string | null;
  readonly text: string | null;
  readonly html: string | null;
  readonly attachments: readonly MailAttachment[];
  readonly envelope: { readonly from: string | null; readonly to: readonly string[] };
  /** Domains whose signature holds. */
  readonly dkim: readonly string[];
  readonly spf: string | null;
  readonly senderIp: string | null;
  readonly spamScore: string | null;
}

export function readSendgridMail(request: DoorRequest): SendgridMail {
  const form = parseForm(request);
  const charsets = jsonField(form, 'charsets');
  const text = (name: string): string | null => form.text(name, textOf(charsets[name]));
  const envelope = jsonField(form, 'envelope');
  const raw = form.field('email')?.bytes ?? null;
  if (raw === null && !form.field('headers') && !form.field('from'))
    throw new MalformedPayload('expected email, headers or from');
  return {
    raw,
    headers: form.field('headers')?.bytes ?? Buffer.alloc(0),
    from: text('from'),
    to: text('to'),
    cc: text('cc'),
    subject: text('subject'),
    text: text('text'),
    html: text('html'),
    attachments: attachmentsOf(form),
    envelope: { from: stringOf(envelope['from']), to: listOf(envelope['to']).flatMap((each) => textOf(each) ?? []) },
    // not JSON: {@khach.example : pass, @esp.example : fail}
    dkim: [...(form.text('dkim') ?? '').matchAll(/@([\w.-]+)\s*:\s*pass\b/gi)].map((match) => match[1]!),
    spf: form.text('SPF')?.trim() || null,
    senderIp: form.text('sender_ip'),
    spamScore: form.text('spam_score'),
  };
}

/** An empty MAIL FROM is a bounce's, and something else than none. */
const stringOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);

function jsonField(form: FormBody, name: string): Fields {
  const bytes = form.field(name)?.bytes;
  if (!bytes || bytes.length === 0) return {};
  try {
    return fieldsOf(parseLosslessJson(bytes));
  } catch (error) {
    if (error instanceof MalformedPayload) throw new MalformedPayload(`${name}: ${error.message}`);
    throw error;
  }
}

function attachmentsOf(form: FormBody): MailAttachment[] {
  const infos = jsonField(form, 'attachment-info');
  return form.names.flatMap((name) => {
    const field = /^attachment\d+$/.test(name) ? form.field(name) : undefined;
    if (!field) return [];
    const info = fieldsOf(infos[name]);
    const contentId = textOf(info['content-id'])?.replace(/[<>]/g, '') ?? null;
    const type = textOf(info['type']) ?? field.contentType ?? 'application/octet-stream';
    return [
      {
        fileName: textOf(info['filename']) ?? textOf(info['name']) ?? field.fileName,
        contentType: type.split(';')[0]!.trim().toLowerCase(),
        contentId,
        inline: contentId !== null,
        bytes: field.bytes,
      },
    ];
  });
}

/** https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event */
export interface SendgridEvents {
  readonly events: readonly unknown[];
}

export function readSendgridEvents(body: unknown): SendgridEvents {
  if (!Array.isArray(body)) throw new MalformedPayload('expected a list of events');
  return { events: body as unknown[] };
}

export interface SendgridEvent {
  readonly id: string;
  readonly name: string;
  readonly fields: Fields;
}

/** An event, or what is wrong with it. */
export function readSendgridEvent(event: unknown): SendgridEvent | string {
  if (!isObject(event)) return 'expected an object';
  const id = textOf(event['sg_event_id']);
  const name = textOf(event['event']);
  if (name === null) return 'event: expected text';
  return id === null ? `${name}: sg_event_id: expected text` : { id, name, fields: event };
}
