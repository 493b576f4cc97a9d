import {
  EVENT_TYPES,
  eventId,
  familyOf,
  schemaUrn,
  type AnyChannelData,
  type ChannelEvent,
  type Claim,
} from '@lienmach/contracts';
import type { DraftEvent } from './channel.js';
import type { DoorAccount } from './door-accounts.js';
import { eventTime } from './event-time.js';

/**
 * Completes a draft to what the topic holds; the draft stays as it is.
 * @param received when the door took it in, milliseconds since 1970
 * @param claims found in it; undefined for families that carry none
 */
export function completeEvent(
  draft: DraftEvent,
  { origin, source }: Pick<DoorAccount<unknown>, 'origin' | 'source'>,
  received: number,
  claims: readonly Claim[] | undefined,
): ChannelEvent {
  const { time, clock, late } = eventTime(draft.time, received, familyOf(origin.channel, draft.data.kind));
  return {
    specversion: '1.0',
    id: eventId(origin, draft.data.vendorEventId),
    source,
    type: draft.type,
    time: new Date(time).toISOString(),
    datacontenttype: 'application/json',
    dataschema: schemaUrn(EVENT_TYPES[draft.type] ?? draft.data.kind),
    subject: draft.subject,
    tenant: origin.tenant,
    channel: origin.channel,
    account: origin.account,
    // an absent extension is left out, never null
    ...(draft.identifier ? { identifier: draft.identifier } : undefined),
    receivedtime: new Date(received).toISOString(),
    ...(late ? { late } : undefined),
    ...(clock ? { clock } : undefined),
    data: (claims ? { ...draft.data, claims } : draft.data) as AnyChannelData,
  };
}
