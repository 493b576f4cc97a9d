import type { ChannelAccount, Normalised } from '@lienmach/adapter-kit';
import { callEvents, endsOf, noEvent, recordingOf, type Happening } from './pbx-call.rules.js';
import type { PbxState } from './pbx-state.payload.js';

type Account = Pick<ChannelAccount<unknown>, 'vendor' | 'id' | 'ownNumbers'>;

const OF_AN_AGENT: ReadonlySet<string> = new Set(['call.ringing', 'call.answered']);

/** The events of a state. A leg is an agent who is rung; hang-up and sums concern the call as a whole, unless it is a leg of another. */
export function stateEvents(body: PbxState, account: Account): Normalised {
  const happened = happenedOf(body);
  if (happened === null) return noEvent(`state ${body.state}`);
  const ends = endsOf(body, account);
  const { callId, parentId, rest } = body;
  const agentsLeg = happened.every(({ type }) => OF_AN_AGENT.has(type)) ? ends.agent : null;
  const ids = parentId === null ? { callId, legId: agentsLeg } : { callId: parentId, legId: callId };
  return callEvents({ ...ids, ...ends, happened, vendorData: rest }, account);
}

function happenedOf(body: PbxState): Happening[] | null {
  const { at, durationSeconds, talkSeconds, cause } = body;
  switch (body.state) {
    case 'ringing':
      return [{ type: 'call.ringing', at }];
    case 'answered':
      return [{ type: 'call.answered', at }];
    case 'hangup':
    case 'cdr':
      return [
        ...(body.keys === null ? [] : [{ type: 'call.keyed', at, digits: body.keys, purpose: 'ivr' } as const]),
        { type: 'call.ended', at, key: endKey(body), durationSeconds, talkSeconds, cause },
        ...recordingOf(body.recordingUrl, at, talkSeconds),
      ];
    default:
      return null;
  }
}

/** A hang-up that comes a second time with the recording knows more than the first: both are kept, and core takes the longer talk. */
const endKey = ({ state, recordingUrl }: PbxState): string[] => [
  'call.ended',
  state,
  ...(state === 'hangup' && recordingUrl !== null ? ['recorded'] : []),
];
