import { joinKey, type Direction } from '@lienmach/contracts';
import type { ChannelAccount, Normalised } from '@lienmach/adapter-kit';
import { draftCallEvent, type CallDetail, type CallFacts } from '../call-event.rules.js';
import { customerOf, numberKey } from '../party.rules.js';
import type { GenericCallSettings } from './generic.config.js';
import {
  DIRECTED,
  GENERIC_EVENTS,
  isGenericEvent,
  type GenericCallEvent,
  type GenericEventName,
  type GenericPayload,
} from './generic.payload.js';
import { readTime } from '../local-time.js';

/** What may happen again and again within one leg: without an eventId only its time tells one from the next. */
const REPEATABLE: ReadonlySet<string> = new Set([
  'queued',
  'held',
  'unheld',
  'transferred',
  'recording',
  'voicemail',
  'keyed',
] satisfies GenericEventName[]);

export function normaliseGeneric(
  { event, extra }: GenericPayload,
  account: ChannelAccount<GenericCallSettings>,
): Normalised {
  if (!isGenericEvent(event.event)) return { events: [], unknown: [event.event], malformed: [] };
  const customer = customerOf(event.customerNumber ?? null, account);
  const facts: CallFacts = {
    vendor: account.vendor,
    account: account.id,
    type: GENERIC_EVENTS[event.event],
    time: event.at == null ? null : readTime(event.at),
    vendorEventId: event.eventId ?? composedId(event),
    callId: event.callId,
    legId: event.legId ?? null,
    direction: directionOf(event),
    customer,
    hotline: event.hotline ? numberKey(event.hotline) : null,
    agent: event.agent ? { id: event.agent.id, name: event.agent.name ?? null } : null,
    vendorData: {
      ...extra,
      ...(!customer && event.customerNumber ? { customerNumber: event.customerNumber } : {}),
    },
  };
  return { events: [draftCallEvent(facts, detailOf(event.event, event))], unknown: [], malformed: [] };
}

function detailOf(name: GenericEventName, event: GenericCallEvent): CallDetail {
  switch (name) {
    case 'recording':
    case 'voicemail':
      return { kind: name, url: event.recordingUrl ?? null, durationSeconds: event.durationSeconds ?? null };
    case 'keyed':
      return { kind: 'keypress', digits: event.digits ?? '', purpose: event.purpose ?? 'ivr' };
    default:
      return {
        kind: 'call',
        queue: event.queue ?? null,
        durationSeconds: event.durationSeconds ?? null,
        talkSeconds: event.talkSeconds ?? null,
        cause: event.cause ?? null,
        endedBy: event.endedBy ?? null,
      };
  }
}

function directionOf(event: GenericCallEvent): Direction {
  if (event.direction) return event.direction;
  // a missed call, a voicemail and pressed keys are the customer's doing; a recording is nobody's
  return event.event === 'recording' || DIRECTED.has(event.event) ? 'internal' : 'inbound';
}

function composedId(event: GenericCallEvent): string {
  const parts = [event.callId, event.event, event.legId ?? event.agent?.id ?? ''];
  return joinKey(
    ...parts,
    ...(REPEATABLE.has(event.event) ? [String(event.at == null ? '' : readTime(event.at)), event.digits ?? ''] : []),
  );
}
