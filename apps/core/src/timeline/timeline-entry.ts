import type { Masking } from '../access/masking.js';
import { deliveryWith } from '../conversation/delivery.rules.js';
import type { CallState, ItemAuthor, ItemState } from '../conversation/item-state.js';
import {
  CHANNEL_SWITCH,
  type AttachmentDto,
  type AuthorDto,
  type CallDto,
  type ChannelSwitchDto,
  type TimelineItemDto,
} from './timeline.dto.js';
import type { ItemRow, SwitchRow } from './timeline.repository.js';

const iso = (at: number): string => new Date(at).toISOString();

/** A stored item as clients read it. */
export function itemEntry(row: ItemRow, masking: Masking): TimelineItemDto {
  const { state } = row;
  const delivery = deliveryWith(state, row);
  return {
    id: row.id,
    kind: state.kind,
    type: state.type,
    channel: state.channel,
    vendor: state.vendor,
    account: state.account,
    thread: masking.text(state.thread),
    direction: state.direction,
    author: author(state.author, masking),
    at: iso(row.at),
    late: state.late,
    text: masking.text(state.text),
    attachments: state.attachments.map((one) => attachment(one, masking)),
    replyTo: state.replyTo,
    edited: state.edited,
    removed: state.removed,
    hidden: state.hidden,
    reactions: state.reactions.map(({ reaction, emoji, author: by, at }) => ({
      reaction,
      emoji,
      author: author(by, masking),
      at: iso(at),
    })),
    delivery: delivery?.state ?? null,
    reason: delivery?.reason ?? null,
    call: state.callState && call(state.callState, masking),
    ...details(state, masking),
    conversationId: row.conversationId,
    ambiguous: row.ambiguous,
    personId: row.personId,
  };
}

export function switchEntry({ id, at, from, to, conversationId, personId }: SwitchRow): ChannelSwitchDto {
  return {
    id,
    kind: CHANNEL_SWITCH,
    type: 'conversation.channel-switched',
    at: iso(at),
    from,
    to,
    conversationId,
    personId,
  };
}

/** What only some kinds of items have. */
function details(state: ItemState, masking: Masking): Partial<TimelineItemDto> {
  const { subject, fullText, automatic, postback, referral, fields, handover, purpose } = state;
  return {
    ...(subject && { subject: masking.text(subject) }),
    ...(fullText && { fullText: masking.text(fullText) }),
    ...(automatic && { automatic }),
    ...(postback && { postback }),
    ...(referral && { referral }),
    ...(fields && { fields: fields.map(({ name, value }) => ({ name, value: masking.text(value) })) }),
    ...(handover && { handover }),
    ...(purpose && { purpose }),
  };
}

/** Agents' names are the business's own; customers' are masked where the reader may not see them. */
function author({ kind, name, id }: ItemAuthor, masking: Masking): AuthorDto {
  return { kind, name: kind === 'customer' ? masking.name(name) : name, id };
}

function attachment(one: ItemState['attachments'][number], masking: Masking): AttachmentDto {
  const { kind, url, name, contentType, size, latitude, longitude } = one;
  return {
    kind,
    url: masking.whole(url),
    name: masking.text(name ?? null),
    ...(contentType && { contentType }),
    ...(size != null && { size }),
    ...(latitude != null && { latitude: masking.whole(latitude), longitude: masking.whole(longitude) }),
  };
}

function call(state: CallState, masking: Masking): CallDto {
  return {
    id: state.id,
    state: state.state,
    answered: state.answered,
    ringSeconds: state.ringSeconds,
    talkSeconds: state.talkSeconds,
    agent: state.agent,
    hotline: state.hotline,
    queue: state.queue,
    recordingUrl: masking.whole(state.recordingUrl),
    voicemail: state.voicemail,
    voicemailUrl: masking.whole(state.voicemailUrl),
    transcript: masking.text(state.transcript),
    endedBy: state.endedBy,
    cause: state.cause,
    digits: state.digits.map(({ digits, purpose, at }) => ({ digits, purpose, at: iso(at) })),
  };
}
