import type { ChannelAccount, Normalised } from '@lienmach/adapter-kit';
import type { Direction } from '@lienmach/contracts';
import { numberKey } from '../party.rules.js';
import { callEvents, noEvent, type Happening } from '../pbx-call.rules.js';
import type { ThreeCxSettings } from './3cx.config.js';
import type { ThreeCxPayload } from './3cx.payload.js';

type Account = ChannelAccount<ThreeCxSettings>;

interface Told {
  readonly direction: Direction;
  /** Null: it concerns the call as a whole. */
  readonly legId: string | null;
  readonly happened: readonly Happening[];
}

/** No body has a time: each counts from its receipt. */
export function normaliseThreeCx(payload: ThreeCxPayload, account: Account): Normalised {
  const told = tell(payload);
  if (told === null) return noEvent(`event ${payload.event}`);
  const { callId, customer, user, userType, hotline, rest } = payload;
  const isAgent = userType === null || userType === 'ext';
  const { direction, legId, happened } = told;
  return callEvents(
    {
      callId,
      legId,
      direction,
      outside: customer,
      hotline: direction === 'inbound' && hotline !== null ? numberKey(hotline) : null,
      agent: isAgent ? user : null,
      queue: userType === 'queue' ? user : null,
      happened,
      vendorData: { ...rest, ...(!isAgent && { user, usertype: userType }) },
    },
    account,
  );
}

function tell(payload: ThreeCxPayload): Told | null {
  const { event, user, userType } = payload;
  switch (event) {
    case 'ringing':
      return {
        direction: 'inbound',
        legId: userType === 'ext' ? user : null,
        happened: [{ type: userType === 'queue' ? 'call.queued' : 'call.ringing', at: null }],
      };
    case 'pickupincoming':
    case 'hangupincoming':
    case 'incomingcall_started':
      return { direction: 'inbound', legId: user, happened: pickedUp(payload) };
    case 'pickupoutgoing':
    case 'hangupoutgoing':
    case 'outgoingcall_started':
      return { direction: 'outbound', legId: user, happened: pickedUp(payload) };
    case 'incoming':
    case 'outgoing': {
      const direction = event === 'incoming' ? 'inbound' : 'outbound';
      return { direction, legId: payload.isHandedOn ? user : null, happened: over(payload, direction) };
    }
    case 'recording':
      return { direction: 'internal', legId: null, happened: recordingsOf(payload) };
    case 'ai':
      return { direction: 'internal', legId: null, happened: transcribed(payload) };
    default:
      return null;
  }
}

/** The add-ons' own word for it was once `hangup…`: the receiver is taken off its hook. */
function pickedUp({ transferType }: ThreeCxPayload): Happening[] {
  const isTransfer = transferType !== null && transferType !== 'NotDef';
  return [
    ...(isTransfer ? [{ type: 'call.transferred', at: null } as const] : []),
    { type: 'call.answered', at: null },
  ];
}

function over(payload: ThreeCxPayload, direction: Direction): Happening[] {
  const { finishType, talkSeconds, recordings } = payload;
  const isMissed = finishType?.toLowerCase() === 'missed';
  const facts = {
    at: null,
    talkSeconds: isMissed ? 0 : talkSeconds,
    cause: finishType,
    endedBy: enderOf(payload.endedBy),
  };
  // the same body comes again with the recordings
  const key = ['call.ended', ...(recordings.length > 0 ? ['recorded'] : [])];
  return [
    isMissed && direction === 'inbound' ? { type: 'call.missed', ...facts } : { type: 'call.ended', key, ...facts },
    ...recordingsOf(payload),
  ];
}

const recordingsOf = ({ recordings, talkSeconds }: ThreeCxPayload): Happening[] =>
  recordings.map((url) => ({
    type: 'call.recorded',
    at: null,
    key: ['call.recorded', url],
    url,
    durationSeconds: talkSeconds,
  }));

const transcribed = ({ transcript }: ThreeCxPayload): Happening[] => [
  { type: 'call.transcribed', at: null, ...(transcript !== null && { transcript }) },
];

function enderOf(side: string | null): 'customer' | 'agent' | null {
  if (side === 'External') return 'customer';
  return side === 'Internal' ? 'agent' : null;
}
