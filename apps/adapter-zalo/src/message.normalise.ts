import { asId, asObject, asText, required, composedKey } from '@lienmach/adapter-kit';
import { MalformedPayload, type MessageData, type ReactionData, type ReceiptData } from '@lienmach/contracts';
import { readAttachments } from './attachment.normalise.js';
import {
  add,
  anonymousOf,
  customerAuthor,
  customerOf,
  groupOf,
  partyId,
  senderAuthor,
  type Part,
  type Reader,
  type Where,
} from './part.normalise.js';
import { asTime } from './zalo.payload.js';

const message =
  (whereOf: (part: Part) => Where, fromOa: boolean): Reader =>
  (part) => {
    const { event, body, unknown } = part;
    const where = whereOf(part);
    const content = required(asObject(body['message']), `${event} without its message`);
    const id = required(asId(content['msg_id']), `${event} without its msg_id`);
    const read = readAttachments(content, event.endsWith('_business_card'));
    unknown.push(...read.unknown);
    add<MessageData>(
      part,
      where,
      fromOa ? 'message.sent' : 'message.received',
      fromOa ? senderAuthor(part) : customerAuthor(where),
      {
        kind: 'message',
        vendorEventId: id,
        content: {
          text: asText(content['text'])?.normalize('NFC') ?? null,
          attachments: read.attachments,
          replyTo: asId(content['quote_msg_id']),
        },
      },
      fromOa ? [] : read.claims,
      read.unknown.length > 0 ? { unknown: read.unknown } : {},
    );
  };

export const receipt =
  (type: 'message.delivered' | 'message.read'): Reader =>
  (part) => {
    const { event, body } = part;
    const content = required(asObject(body['message']), `${event} without its message`);
    const listed = Array.isArray(content['msg_ids']) ? (content['msg_ids'] as unknown[]) : [content['msg_id']];
    const targets = listed.flatMap((id) => asId(id) ?? []);
    if (targets.length === 0) throw new MalformedPayload(`${event} without msg_id and msg_ids`);
    // a receipt of a template sent by telephone number has the same name, and a number or its hash for a user (ZNS): nobody is made of that
    const tracking = asId(content['tracking_id']);
    const recipient = partyId(body, 'recipient');
    const where: Where =
      tracking === null
        ? customerOf(part)
        : { thread: required(recipient, `${event} without its recipient`), customer: null };
    add<ReceiptData>(
      part,
      { ...where, time: asTime(content['delivery_time']) ?? part.time },
      type,
      customerAuthor(where),
      { kind: 'receipt', vendorEventId: composedKey(event, targets.join(' ')), targets, watermark: null },
      [],
      tracking === null ? {} : { trackingId: tracking },
    );
  };

/** Characters that the vendor's two best-known signs stand for. */
const EMOJI: Readonly<Record<string, string>> = { '/-heart': '❤️', '/-strong': '👍' };

export const reaction =
  (fromOa: boolean): Reader =>
  (part) => {
    const { event, body } = part;
    const where = customerOf(part);
    const content = required(asObject(body['message']), `${event} without its message`);
    const target = required(asId(content['msg_id']), `${event} without its msg_id`);
    const icon = asText(content['react_icon']);
    add<ReactionData>(
      part,
      where,
      icon === null ? 'reaction.removed' : 'reaction.added',
      fromOa ? senderAuthor(part) : customerAuthor(where),
      {
        kind: 'reaction',
        vendorEventId: composedKey(event, target, icon, asId(body['timestamp'])),
        target,
        reaction: icon,
        emoji: icon === null ? null : (EMOJI[icon] ?? null),
      },
    );
  };

/** Kinds of message by what stands between `user_send_`, `oa_send_` and the like, and the end. */
const SENT = 'text|image|gif|audio|video|file|sticker|link|location|business_card|list|template|voice';
export const MESSAGES: readonly (readonly [RegExp, Reader])[] = [
  [new RegExp(`^user_send_(${SENT})$`), message(customerOf, false)],
  [new RegExp(`^oa_send_(${SENT})$`), message(customerOf, true)],
  [new RegExp(`^user_send_group_(${SENT})$`), message(groupOf, false)],
  [new RegExp(`^oa_send_group_(${SENT})$`), message(groupOf, true)],
  [new RegExp(`^anonymous_send_(${SENT})$`), message(anonymousOf, false)],
  [new RegExp(`^oa_send_anonymous_(${SENT})$`), message(anonymousOf, true)],
];
