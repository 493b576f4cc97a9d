import { MalformedPayload } from '@lienmach/contracts';
import { parseLosslessJson, type DoorRequest } from '@lienmach/adapter-kit';
import { fieldsOf, isObject, listOf, textOf, type Fields } from '../field-reading.js';
import { parseForm, type FormBody } from '../form-body.js';
import type { MailAttachment } from '../mail.payload.js';
import type { MailgunProof } from './mailgun.signature.js';

/** https://documentation.mailgun.com/docs/mailgun/user-manual/receive-forward-store/receive-http */
export interface MailgunMail {
  /** The whole mail, where the route's address ends in `mime`. */
  readonly raw: Buffer | null;
  readonly recipient: string | null;
  /** MAIL FROM. */
  readonly sender: string | null;
  readonly from: string | null;
  readonly subject: string | null;
  readonly text: string | null;
  readonly html: string | null;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly attachments: readonly MailAttachment[];
  readonly token: string;
}

export function readMailgunMail(request: DoorRequest): MailgunMail {
  const form = parseForm(request);
  const raw = form.field('body-mime')?.bytes ?? null;
  if (raw === null && !form.field('message-headers') && !form.field('from'))
    throw new MalformedPayload('expected body-mime, message-headers or from');
  return {
    raw,
    recipient: form.text('recipient'),
    sender: form.text('sender'),
    from: form.text('from'),
    subject: form.text('subject'),
    text: form.text('body-plain'),
    html: form.text('body-html'),
    headers: headersOf(form),
    attachments: attachmentsOf(form),
    token: form.text('token') ?? '',
  };
}

/** Null where the form has none. */
export function proofInForm(request: DoorRequest): MailgunProof | null {
  const form = unlessMalformed(() => parseForm(request));
  if (!form) return null;
  return proofOf(form.text('timestamp'), form.text('token'), form.text('signature'));
}

/** Null where the JSON has none. */
export function proofInJson({ body }: DoorRequest): MailgunProof | null {
  const event = unlessMalformed(() => fieldsOf(parseLosslessJson(body)));
  const { timestamp, token, signature } = fieldsOf(event?.['signature']);
  return proofOf(typeof timestamp === 'number' ? String(timestamp) : timestamp, token, signature);
}

function proofOf(timestamp: unknown, token: unknown, signature: unknown): MailgunProof | null {
  const given = [textOf(timestamp), textOf(token), textOf(signature)] as const;
  return given[0] && given[1] && given[2] ? { timestamp: given[0], token: given[1], signature: given[2] } : null;
}

function unlessMalformed<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof MalformedPayload) return null;
    throw error;
  }
}

function headersOf(form: FormBody): MailgunMail['headers'] {
  const bytes = form.field('message-headers')?.bytes;
  if (!bytes || bytes.length === 0) {
    return form.names
      .filter((name) => /^[A-Z][\w-]*$/.test(name))
      .map((name) => [name, form.text(name) ?? ''] as const);
  }
  return listOf(parseLosslessJson(bytes)).flatMap((pair) => {
    const [name, value] = listOf(pair);
    return typeof name === 'string' && typeof value === 'string' ? [[name, value] as const] : [];
  });
}

function attachmentsOf(form: FormBody): MailAttachment[] {
  const ids = form.field('content-id-map')?.bytes;
  const byName = new Map(
    Object.entries(ids && ids.length > 0 ? fieldsOf(parseLosslessJson(ids)) : {}).map(([id, name]) => [name, id]),
  );
  return form.names.flatMap((name) => {
    const field = /^attachment-\d+$/.test(name) ? form.field(name) : undefined;
    if (!field) return [];
    const contentId = byName.get(name)?.replace(/[<>]/g, '') ?? null;
    return [
      {
        fileName: field.fileName,
        contentType: (field.contentType ?? 'application/octet-stream').split(';')[0]!.trim().toLowerCase(),
        contentId,
        inline: contentId !== null,
        bytes: field.bytes,
      },
    ];
  });
}

/** https://documentation.mailgun.com/docs/mailgun/user-manual/events/events */
export interface MailgunEvent {
  readonly id: string;
  readonly name: string;
  readonly fields: Fields;
}

export function readMailgunEvent(body: unknown): MailgunEvent {
  const data = isObject(body) ? body['event-data'] : undefined;
  if (!isObject(data)) throw new MalformedPayload('expected event-data');
  const id = textOf(data['id']);
  const name = textOf(data['event']);
  if (id === null || name === null) throw new MalformedPayload('expected id and event');
  return { id, name, fields: data };
}
