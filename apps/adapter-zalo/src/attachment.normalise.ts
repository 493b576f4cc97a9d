import { asId, asObject, asText, type Json } from '@lienmach/adapter-kit';
import { toE164 } from '@lienmach/identifiers';
import type { Attachment, AttachmentKind, Claim } from '@lienmach/contracts';
import { asNumber } from './zalo.payload.js';

const KINDS: Readonly<Record<string, AttachmentKind>> = {
  image: 'image',
  gif: 'image',
  link: 'link',
  links: 'link',
  audio: 'audio',
  voice: 'audio',
  video: 'video',
  sticker: 'sticker',
  location: 'location',
  file: 'file',
  template: 'template',
  list: 'template',
};

export interface ReadAttachments {
  readonly attachments: Attachment[];
  /** Numbers on a business card: its owner's, who may be somebody else. */
  readonly claims: readonly Claim[];
  /** Types that we do not know. */
  readonly unknown: readonly string[];
}

/** A card is a link whose description is JSON in a text: `{"phone": "84…", "qrCodeUrl": "…"}`. */
function cardIn(description: string | null): Json | undefined {
  if (!description?.startsWith('{')) return undefined;
  try {
    return asObject(JSON.parse(description));
  } catch {
    return undefined;
  }
}

function attachmentOf(kind: AttachmentKind, payload: Json): Attachment {
  const url = asText(payload['url']) ?? asText(payload['link_url']) ?? asText(payload['thumbnail']);
  if (kind === 'location') {
    const at = asObject(payload['coordinates']) ?? {};
    return { kind, url, name: null, latitude: asNumber(at['latitude']), longitude: asNumber(at['longitude']) };
  }
  const size = asNumber(payload['size']);
  const vendorId = kind === 'sticker' ? asId(payload['id']) : kind === 'template' ? asId(payload['zinstant_id']) : null;
  return {
    kind,
    url,
    name: asText(payload['name']) ?? asText(payload['description']) ?? asText(payload['text']),
    ...(vendorId ? { vendorId } : {}),
    ...(size !== null && Number.isSafeInteger(size) ? { size } : {}),
  };
}

export function readAttachments(message: Json, isCard: boolean): ReadAttachments {
  const attachments: Attachment[] = [];
  const claims: Claim[] = [];
  const unknown: string[] = [];
  for (const item of Array.isArray(message['attachments']) ? (message['attachments'] as unknown[]) : []) {
    const attachment = asObject(item) ?? {};
    const payload = asObject(attachment['payload']) ?? {};
    const type = asText(attachment['type']) ?? 'nameless';
    const card = isCard ? cardIn(asText(payload['description'])) : undefined;
    const kind = Object.hasOwn(KINDS, type) ? KINDS[type] : undefined;
    if (card) {
      const phone = toE164(asId(card['phone']) ?? '');
      if (phone) claims.push({ type: 'phone', value: phone, where: 'card' });
      attachments.push({ kind: 'contact', url: asText(payload['url']), name: asText(card['name']) ?? phone });
    } else if (kind) attachments.push(attachmentOf(kind, payload));
    else unknown.push(`attachment:${type}`);
  }
  return { attachments, claims, unknown };
}
