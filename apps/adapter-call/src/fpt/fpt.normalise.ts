import type { ChannelAccount, Normalised } from '@lienmach/adapter-kit';
import { isTelephone } from '../party.rules.js';
import { callEvents, endsOf, noEvent, readDirection, type CallEnds, type Happening } from '../pbx-call.rules.js';
import type { FptSettings } from './fpt.config.js';
import type { FptPayload } from './fpt.payload.js';

type Account = ChannelAccount<FptSettings>;

export function normaliseFpt(payload: FptPayload, account: Account): Normalised {
  const happening = happeningOf(payload);
  if (happening === null) return noEvent(`event_type ${payload.event}`);
  const { callId, rest } = payload;
  const ends = partiesOf(payload, account);
  const legId = happening.type === 'call.ended' ? null : ends.agent;
  return callEvents({ callId, legId, ...ends, happened: [happening], vendorData: rest }, account);
}

/** No field is the hotline: of a call that comes in, it is what was called while somebody else is rung for it. */
function partiesOf({ direction, caller, callee, target }: FptPayload, account: Account): CallEnds {
  const isIn = readDirection(direction) !== 'outbound';
  const hotline = isIn && isTelephone(callee) && callee !== target ? callee : null;
  return endsOf({ direction, from: caller, to: isIn ? (target ?? callee) : callee, hotline }, account);
}

function happeningOf({ event, at, talkSeconds }: FptPayload): Happening | null {
  switch (event) {
    case 'target_ringing':
      return { type: 'call.ringing', at };
    case 'call_established':
      return { type: 'call.answered', at };
    case 'call_ended':
      return { type: 'call.ended', at };
    case 'cdr':
      return { type: 'call.ended', at, key: ['call.ended', 'cdr'], talkSeconds };
    default:
      return null;
  }
}
