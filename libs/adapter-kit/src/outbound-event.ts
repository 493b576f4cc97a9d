import {
  formatIdentifier,
  type ChannelEvent,
  type CommentData,
  type EventType,
  type MessageData,
  type ReceiptData,
} from '@lienmach/contracts';
import type { OutgoingRecord } from '@lienmach/kafka';
import type { DraftEvent } from './channel.js';
import { addressOf } from './door-accounts.js';
import { eventRecord } from './door-records.js';
import { completeEvent } from './event-completion.js';
import type { Settlement } from './outbound.rules.js';
import type { Command, SentSoFar } from './outbound.repository.js';

/** What its sender can tell of a reply beside its fate. */
export interface KnownOfReply {
  /** Ids that we gave it ourselves. */
  readonly ownIds?: readonly string[];
  readonly soFar?: SentSoFar;
  /** It becomes more than one message. */
  readonly several?: boolean;
}

const TYPES = {
  message: { sent: 'message.sent', failed: 'message.failed', unknown: 'message.unconfirmed' },
  comment: { sent: 'comment.sent', failed: 'comment.failed', unknown: 'comment.unconfirmed' },
} as const satisfies Record<string, Record<Settlement['kind'], EventType>>;

/**
 * What the channel's topic says of a reply: the same event however often it is told. A send names the command, so that it is no repeat of its echo, which has
 * the vendor's id.
 * @param at of the attempt, or of the verdict; milliseconds since 1970
 * @param known by what it is known if it was taken, and what went out of one that was not taken as a whole
 */
export function settledEvent(
  command: Command,
  settlement: Settlement,
  at: number,
  known: KnownOfReply = {},
): ChannelEvent {
  const { tenant, data } = command;
  const { channel, vendor, account } = data;
  const claims = settlement.kind === 'sent' ? [] : undefined;
  return completeEvent(
    draftOf(command, settlement, at, known),
    addressOf({ tenant, channel, vendor, account }),
    at,
    claims,
  );
}

/** By the key of the thread, as every event of it. */
export function settledRecord(event: ChannelEvent): OutgoingRecord {
  const { tenant, channel, account, data } = event;
  return eventRecord(event, addressOf({ tenant, channel, vendor: data.vendor, account }));
}

function draftOf(
  command: Command,
  settlement: Settlement,
  at: number,
  { ownIds = [], soFar, several = false }: KnownOfReply,
): DraftEvent {
  const { id, data } = command;
  const reached = settlement.kind === 'sent' ? settlement.reached : undefined;
  const thread = reached?.thread ?? data.thread;
  const common = {
    vendor: data.vendor,
    thread,
    direction: 'outbound' as const,
    author: { kind: data.authorKind ?? 'agent', identifiers: [], name: data.author, id: null },
    participants: reached
      ? [{ kind: 'customer' as const, identifiers: [reached.identifier, data.to], name: null }]
      : [],
    vendorData: {},
  };
  const where = {
    account: data.account,
    time: at,
    subject: thread,
    identifier: formatIdentifier(reached?.identifier ?? data.to),
  };
  const type = TYPES[data.as === 'comment' ? 'comment' : 'message'][settlement.kind];
  if (settlement.kind === 'sent') {
    const replyTo = data.replyTo ?? null;
    const sent = {
      ...common,
      vendorEventId: id,
      content: { text: data.text || null, attachments: data.attachments ?? [], replyTo },
      commandId: id,
      sentAs: [...settlement.ids],
    };
    const comment: DraftEvent<CommentData> = { ...where, type, data: { kind: 'comment', ...sent, parent: replyTo } };
    const message: DraftEvent<MessageData> = { ...where, type, data: { kind: 'message', ...sent } };
    return data.as === 'comment' ? comment : message;
  }
  const ids = [...(soFar?.ids ?? []), ...(settlement.kind === 'unknown' ? ownIds : [])];
  const draft: DraftEvent<ReceiptData> = {
    ...where,
    type,
    data: {
      kind: 'receipt',
      ...common,
      vendorEventId: `${id}|${settlement.kind}`,
      targets: [id],
      watermark: null,
      reason: soFar?.messages
        ? `${settlement.reason} (what stands before it in the reply was sent)`
        : settlement.reason,
      ...(ids.length > 0 && { commandId: id, sentAs: ids }),
      ...(several && { partly: true }),
    },
  };
  return draft;
}
