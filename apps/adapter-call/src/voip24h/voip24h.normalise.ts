import type { ChannelAccount, Normalised } from '@lienmach/adapter-kit';
import { numberKey } from '../party.rules.js';
import { autoCallEvents, callEvents, endsOf, noEvent, readDirection, type Happening } from '../pbx-call.rules.js';
import type { Voip24hSettings } from './voip24h.config.js';
import type { Voip24hMissed, Voip24hPayload, Voip24hState } from './voip24h.payload.js';

type Account = ChannelAccount<Voip24hSettings>;

/** All extensions that are rung share the call's id: each of them is a leg, and a hang-up is a leg's. */
export function normaliseVoip24h(payload: Voip24hPayload, account: Account): Normalised {
  switch (payload.kind) {
    case 'auto-call':
      return autoCallEvents(payload, account);
    case 'missed':
      return missedEvents(payload, account);
    default:
      return stateEvents(payload, account);
  }
}

function stateEvents(payload: Voip24hState, account: Account): Normalised {
  if (payload.isEcho) return noEvent('packet of the caller');
  const happening = happeningOf(payload);
  if (happening === null) return noEvent(`state ${payload.state}`);
  const { callId, extension, phone, hotline, rest } = payload;
  const direction = readDirection(payload.direction) ?? 'inbound';
  const ends = {
    direction,
    outside: phone,
    hotline: hotline === null ? null : numberKey(hotline),
    agent: extension,
  };
  return callEvents({ callId, legId: extension, ...ends, happened: [happening], vendorData: rest }, account);
}

function happeningOf({ state, sums }: Voip24hState): Happening | null {
  const { endedAt: at, durationSeconds, talkSeconds } = sums;
  switch (state) {
    case 'Ring':
    case 'Ringing':
      return { type: 'call.ringing', at: null };
    case 'Up':
      return { type: 'call.answered', at: null };
    case 'Hangup':
      return { type: 'call.ended', at: null };
    case 'Cdr':
      return { type: 'call.ended', at, key: ['call.ended', 'cdr'], durationSeconds, talkSeconds };
    default:
      return null;
  }
}

function missedEvents(payload: Voip24hMissed, account: Account): Normalised {
  const { callId, caller, extension, hotline, at, durationSeconds, rest } = payload;
  const ends = endsOf({ direction: 'inbound', from: caller, to: extension, hotline }, account);
  const happened: Happening[] = [{ type: 'call.missed', at, durationSeconds, talkSeconds: 0 }];
  return callEvents({ callId, legId: null, ...ends, happened, vendorData: rest }, account);
}
