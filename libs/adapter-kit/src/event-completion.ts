import {
  EVENT_TYPES,
  familyOf,
  schemaUrn,
  type AnyChannelData,
  type ChannelEvent,
  type Claim,
  type EventType,
} from '@lienmach/contracts';
import type { DraftEvent } from './channel.js';
import type { DoorAccount } from './door-accounts.js';
import { eventTime, isoTime } from './event-time.js';

const URNS = new Map(Object.entries(EVENT_TYPES).map(([type, family]) => [type as EventType, schemaUrn(family)]));

/**
 * Completes a draft to what the topic holds; the draft stays as it is.
 * @param received when the door took it in, milliseconds since 1970
 * @param claims found in it; undefined for families that carry none
 */
export function completeEvent(
  draft: DraftEvent,
  { origin, source, eventId }: Pick<DoorAccount<unknown>, 'origin' | 'source' | 'eventId'>,
  received: number,
  claims: readonly Claim[] | undefined,
): ChannelEvent {
  const { data, type } = draft;
  const { time, clock, late } = eventTime(draft.time, received, familyOf(origin.channel, data.kind));
  const event: ChannelEvent = {
    specversion: '1.0',
    id: eventId(data.vendorEventId),
    source,
    type,
    time: isoTime(time),
    datacontenttype: 'application/json',
    dataschema: URNS.get(type) ?? schemaUrn(data.kind),
    subject: draft.subject,
    tenant: origin.tenant,
    channel: origin.channel,
    account: origin.account,
    receivedtime: isoTime(received),
    data: (claims ? { ...data, claims } : data) as AnyChannelData,
  };
  // an absent extension is left out, never null
  if (draft.identifier) event.identifier = draft.identifier;
  if (late) event.late = true;
  if (clock) event.clock = true;
  return event;
}
