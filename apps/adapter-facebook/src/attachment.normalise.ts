import { asId, asObject, asText, type Json } from '@lienmach/adapter-kit';
import type { Attachment, AttachmentKind } from '@lienmach/contracts';

const KINDS: Readonly<Record<string, AttachmentKind>> = {
  image: 'image',
  video: 'video',
  audio: 'audio',
  file: 'file',
  sticker: 'sticker',
  location: 'location',
  fallback: 'link',
  post: 'link',
  ig_post: 'link',
  reel: 'link',
  ig_reel: 'link',
  template: 'template',
  appointment_booking: 'template',
};

/** The thumb of the message box in its three sizes. */
const THUMBS_UP: ReadonlySet<string> = new Set(['369239263222822', '369239343222814', '369239383222810']);

const number = (value: unknown): number | null => (typeof value === 'number' && Number.isFinite(value) ? value : null);

function attachmentOf(kind: AttachmentKind, attachment: Json, payload: Json): Attachment {
  // a fallback has its title and URL beside the payload, which may be null
  const url = asText(payload['url']) ?? asText(attachment['URL']) ?? asText(attachment['url']);
  const name = asText(attachment['title']) ?? asText(payload['title']);
  if (kind === 'location') {
    const coordinates = asObject(payload['coordinates']) ?? {};
    return { kind, url, name, latitude: number(coordinates['lat']), longitude: number(coordinates['long']) };
  }
  const vendorId = kind === 'sticker' ? asId(payload['sticker_id']) : null;
  return { kind, url, name, ...(vendorId ? { vendorId } : {}) };
}

export interface ReadAttachments {
  readonly attachments: Attachment[];
  /** A thumb was sent: what it says in text. */
  readonly thumbsUp: boolean;
  /** Types that we do not know. */
  readonly unknown: readonly string[];
}

/**
 * What is attached to a message. A sticker counts once: until 2026-08-30 it came as an image and as a sticker, and its id stood on the message too
 * (Messenger Platform changelog, 1 June 2026).
 */
export function readAttachments(message: Json): ReadAttachments {
  const attachments: Attachment[] = [];
  const unknown: string[] = [];
  const stickers = new Map<string, Attachment>();
  const onMessage = asId(message['sticker_id']);
  if (onMessage) stickers.set(onMessage, { kind: 'sticker', url: null, name: null, vendorId: onMessage });
  for (const item of Array.isArray(message['attachments']) ? (message['attachments'] as unknown[]) : []) {
    const attachment = asObject(item) ?? {};
    const payload = asObject(attachment['payload']) ?? {};
    const type = asText(attachment['type']) ?? 'nameless';
    const kind = Object.hasOwn(KINDS, type) ? KINDS[type]! : undefined;
    if (!kind) unknown.push(`attachment:${type}`);
    else if (kind === 'sticker' || (kind === 'image' && payload['sticker_id'] !== undefined))
      addSticker(stickers, attachmentOf('sticker', attachment, payload));
    else attachments.push(attachmentOf(kind, attachment, payload));
  }
  const sent = [...stickers.values()];
  const thumbsUp = sent.some(({ vendorId }) => vendorId != null && THUMBS_UP.has(vendorId));
  return { attachments: [...attachments, ...sent], thumbsUp, unknown };
}

/** Twins are one; a twin without an id is the twin of whatever sticker is there. */
function addSticker(stickers: Map<string, Attachment>, sticker: Attachment): void {
  const id = sticker.vendorId ?? [...stickers.keys()][0] ?? '';
  const known = stickers.get(id);
  stickers.set(id, known ? { ...known, url: known.url ?? sticker.url } : sticker);
}
