import { joinKey, type CallAgent, type Direction, type EventType } from '@lienmach/contracts';
import type { ChannelAccount, DraftEvent, Normalised } from '@lienmach/adapter-kit';
import { draftCallEvent, type CallDetail, type CallFacts } from '../call-event.rules.js';
import { customerOf, isOwnNumber, isTelephone, numberKey } from '../party.rules.js';
import type { StringeeSettings } from './stringee.config.js';
import type { StringeeParty, StringeePayload } from './stringee.payload.js';

type Account = ChannelAccount<StringeeSettings>;

/**
 * `agentEnded` (one agent declined or left) and `connect_failed` (one agent could not be reached) are about an agent: the call goes on, and the
 * contract has no word for them. They count as unknown kinds.
 */
const STATUSES: Readonly<Record<string, EventType>> = {
  created: 'call.ringing',
  started: 'call.ringing',
  ringing: 'call.ringing',
  answered: 'call.answered',
  ended: 'call.ended',
};

export function normaliseStringee(payload: StringeePayload, account: Account, query: URLSearchParams): Normalised {
  const event = eventOf(payload, account, query);
  return typeof event === 'string'
    ? { events: [], unknown: [event], malformed: [] }
    : { events: [event], unknown: [], malformed: [] };
}

/** The event, or the name of a kind that makes none. */
function eventOf(payload: StringeePayload, account: Account, query: URLSearchParams): DraftEvent | string {
  const { callId, status, digits, recordingUrl } = payload;
  if (callId === null) return 'without call';
  if (status !== null) {
    const type = Object.hasOwn(STATUSES, status) ? STATUSES[status] : undefined;
    return type ? statusEvent(payload, account, callId, status, type) : status;
  }
  if (digits !== null) return digits === '' ? 'input timed out' : keyedEvent(payload, account, callId, digits, query);
  return recordingUrl === null ? 'without status' : recordingEvent(payload, account, callId, recordingUrl, query);
}

function statusEvent(
  payload: StringeePayload,
  account: Account,
  callId: string,
  status: string,
  type: EventType,
): DraftEvent {
  const direction = directionOf(payload, account);
  const agent = agentOf(payload, direction, account);
  const { from, to } = payload;
  // a call out may ring the agent's app first: the clock of the customer stops when the customer answers
  const isAgentsLeg = direction === 'outbound' && to.internal;
  const outside = direction === 'inbound' ? from : [to, from].find((party) => isOutside(party, account));
  const customer = direction === 'internal' ? null : customerOf(outside?.number ?? null, account);
  const detail: CallDetail = {
    kind: 'call',
    queue: null,
    durationSeconds: payload.duration,
    talkSeconds: payload.answerDuration,
    cause: payload.endCause,
    endedBy: enderOf(payload.endedBy),
  };
  const facts: CallFacts = {
    ...factsOf(payload, account, callId),
    type: isAgentsLeg && type === 'call.answered' ? 'call.ringing' : type,
    vendorEventId: joinKey(callId, status, ...(agent ? [agent.id] : []), ...(isAgentsLeg ? ['agent-leg'] : [])),
    // `ended` is the end of the whole call, whichever leg it names
    legId: status === 'ended' ? null : (agent?.id ?? null),
    direction,
    customer,
    hotline: hotlineOf(payload, direction, account),
    agent,
    vendorData: {
      ...payload.rest,
      callStatus: status,
      ...(payload.createdReason ? { callCreatedReason: payload.createdReason } : {}),
      ...(!customer && outside?.number ? { customerNumber: outside.number } : {}),
    },
  };
  return draftCallEvent(facts, detail);
}

function keyedEvent(
  payload: StringeePayload,
  account: Account,
  callId: string,
  digits: string,
  query: URLSearchParams,
): DraftEvent {
  const purpose = /survey/i.test(`${payload.customField ?? ''} ${query.get('purpose') ?? ''}`) ? 'survey' : 'ivr';
  const facts: CallFacts = {
    ...factsOf(payload, account, callId),
    type: 'call.keyed',
    vendorEventId: joinKey(callId, 'dtmf', payload.customField ?? '', String(payload.time ?? ''), digits),
    direction: 'inbound',
    vendorData: { ...payload.rest, ...(payload.customField ? { customField: payload.customField } : {}) },
  };
  return draftCallEvent(facts, { kind: 'keypress', digits, purpose });
}

/** A voicemail is a recording that our own answer asked for at `?record=voicemail`. */
function recordingEvent(
  payload: StringeePayload,
  account: Account,
  callId: string,
  recordingUrl: string,
  query: URLSearchParams,
): DraftEvent {
  const { startTime, endTime } = payload;
  const kind = query.get('record') === 'voicemail' ? 'voicemail' : 'recording';
  const facts: CallFacts = {
    ...factsOf(payload, account, callId),
    type: kind === 'voicemail' ? 'voicemail.left' : 'call.recorded',
    time: payload.time ?? endTime ?? startTime,
    vendorEventId: joinKey(callId, kind, ...(startTime === null ? [] : [String(startTime)])),
    direction: kind === 'voicemail' ? 'inbound' : 'internal',
  };
  const durationSeconds = startTime !== null && endTime !== null ? Math.max(0, endTime - startTime) / 1000 : null;
  return draftCallEvent(facts, { kind, url: withoutToken(recordingUrl), durationSeconds });
}

/** The part that every event shares; recordings and digits name neither side of the call. */
function factsOf(payload: StringeePayload, account: Account, callId: string) {
  const { vendor, id } = account;
  const nobody = { customer: null, hotline: null, agent: null, legId: null };
  return { ...nobody, vendor, account: id, time: payload.time, callId, vendorData: payload.rest };
}

/** As the vendor says; events of older projects carry no reason, there the ends of the call say it. */
function directionOf({ createdReason, from, to }: StringeePayload, account: Account): Direction {
  if (createdReason === 'EXTERNAL_CALL_IN') return 'inbound';
  if (from.internal && to.internal) return 'internal';
  return createdReason === null && isOutside(from, account) ? 'inbound' : 'outbound';
}

/** Our side of this leg; a transfer keeps the call's id, so that the agent is what tells its legs apart. */
function agentOf({ from, to }: StringeePayload, direction: Direction, account: Account): CallAgent | null {
  const [first, second] = direction === 'outbound' ? [from, to] : [to, from];
  const party = first.internal ? first : second.internal ? second : null;
  if (party?.number) return { id: party.number, name: null };
  // an incoming call put through to somebody's telephone, who is shown the hotline
  const isPutThrough = direction === 'inbound' && isOutside(to, account) && to.alias !== to.number;
  return isPutThrough && to.number !== null ? { id: to.number, name: null } : null;
}

function isOutside({ number, internal }: StringeeParty, account: Account): boolean {
  return !internal && number !== null && !isOwnNumber(number, account);
}

/** A number of the account, wherever it stands; else what our side of the call was called by. */
function hotlineOf({ from, to }: StringeePayload, direction: Direction, account: Account): string | null {
  const ours = direction === 'inbound' ? [to.alias, to.number] : [from.alias, from.number];
  const shown = [...ours, to.alias, to.number, from.alias, from.number].filter((number) => number !== null);
  const found = shown.find((number) => isOwnNumber(number, account)) ?? ours.find(isTelephone);
  return found == null ? null : numberKey(found);
}

function enderOf(endedBy: string | null): 'customer' | 'agent' | 'system' | null {
  if (endedBy === null) return null;
  if (endedBy === 'EXTERNAL') return 'customer';
  return endedBy === 'INTERNAL' ? 'agent' : 'system';
}

/** Whoever holds the token can read everything of the account: it never enters an event. */
function withoutToken(address: string): string {
  if (!URL.canParse(address)) return address;
  const url = new URL(address);
  if (!url.searchParams.has('access_token')) return address;
  url.searchParams.delete('access_token');
  return url.href;
}
