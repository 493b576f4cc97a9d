import { numberKey } from '../party.rules.js';
import { callEvents, readDirection, recordingOf, type Happening } from '../pbx-call.rules.js';
import { stateEvents } from '../pbx-state.rules.js';
import type { ChannelAccount, Normalised } from '@lienmach/adapter-kit';
import type { OmicallSettings } from './omicall.config.js';
import type { OmicallHistory, OmicallPayload } from './omicall.payload.js';

type Account = ChannelAccount<OmicallSettings>;

export function normaliseOmicall(payload: OmicallPayload, account: Account): Normalised {
  return payload.kind === 'state' ? stateEvents(payload, account) : historyEvents(payload, account);
}

/**
 * The whole call with the times of its stations. Ringing and answer have the ids of the states, so that they count once where both come; the end has one of
 * its own, for it says more.
 */
function historyEvents(call: OmicallHistory, account: Account): Normalised {
  const { callId, agent, rest } = call;
  const direction = readDirection(call.direction) ?? 'inbound';
  const ends = {
    direction,
    outside: call.customer,
    hotline: call.hotline === null ? null : numberKey(call.hotline),
    agent,
  };
  const vendorData = { ...rest, disposition: call.disposition };
  const ofAgent = callEvents({ callId, legId: agent, ...ends, happened: stationsOf(call), vendorData }, account);
  const whole = callEvents({ callId, legId: null, ...ends, happened: endOf(call, direction), vendorData }, account);
  return { ...whole, events: [...ofAgent.events, ...whole.events] };
}

function stationsOf({ startedAt, rangAt, answeredAt, disposition }: OmicallHistory): Happening[] {
  const rang = rangAt ?? startedAt;
  return [
    ...(rang === null ? [] : [{ type: 'call.ringing', at: rang } as const]),
    ...(answeredAt === null || disposition !== 'answered' ? [] : [{ type: 'call.answered', at: answeredAt } as const]),
  ];
}

function endOf(call: OmicallHistory, direction: string): Happening[] {
  const { durationSeconds, endedAt: at } = call;
  const isAnswered = call.disposition === 'answered';
  const facts = { at, durationSeconds, talkSeconds: isAnswered ? call.talkSeconds : 0, endedBy: enderOf(call.endedBy) };
  const cause = isAnswered ? null : call.disposition;
  return [
    !isAnswered && direction === 'inbound'
      ? { type: 'call.missed', ...facts, cause }
      : { type: 'call.ended', ...facts, cause, key: ['call.ended', 'history'] },
    ...recordingOf(call.recordingUrl, at, call.recordedSeconds),
  ];
}

function enderOf(name: string | null): 'customer' | 'agent' | null {
  if (name === null) return null;
  return name === 'customer' ? 'customer' : 'agent';
}
