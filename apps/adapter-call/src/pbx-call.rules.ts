import {
  joinKey,
  type CallData,
  type Direction,
  type EventType,
  type KeypressData,
  type RecordingData,
} from '@lienmach/contracts';
import type { ChannelAccount, Normalised } from '@lienmach/adapter-kit';
import { draftCallEvent, type CallDetail, type CallFacts } from './call-event.rules.js';
import { customerOf, isOwnNumber, isTelephone, numberKey, type OwnNumbers } from './party.rules.js';

/** One thing that a body tells of a call. */
export type Happening = {
  /** Milliseconds since 1970; null where the vendor says none. */
  readonly at: number | null;
  /** What of the event's id stands between call and leg, where the type alone would not tell it apart from others. */
  readonly key?: readonly string[];
} & (
  | ({
      readonly type: Exclude<EventType & `call.${string}`, 'call.recorded' | 'call.keyed'>;
    } & Partial<Pick<CallData, 'durationSeconds' | 'talkSeconds' | 'cause' | 'endedBy' | 'transcript'>>)
  | ({ readonly type: 'call.recorded' | 'voicemail.left' } & Pick<RecordingData, 'url'> &
      Partial<Pick<RecordingData, 'durationSeconds'>>)
  | ({ readonly type: 'call.keyed' } & Pick<KeypressData, 'digits' | 'purpose'>)
);

/** The two ends of a call, as `endsOf` finds them. */
export interface CallEnds {
  readonly direction: Direction;
  /** The number outside, as the vendor writes it; null where the body names none. */
  readonly outside: string | null;
  readonly hotline: string | null;
  /** Extension or user. */
  readonly agent: string | null;
}

/** What a body says of one call, whatever the vendor calls it. */
export interface PbxCall extends CallEnds {
  /** Of the whole call over all its legs. */
  readonly callId: string;
  /** Null: what happened concerns the call as a whole. */
  readonly legId: string | null;
  readonly queue?: string | null;
  readonly happened: readonly Happening[];
  readonly vendorData: Readonly<Record<string, unknown>>;
}

type Account = Pick<ChannelAccount<unknown>, 'vendor' | 'id'> & OwnNumbers;

const LONGEST_KIND = 64;

/** A readable body that makes no event, by the name of its kind. */
export const noEvent = (kind: string): Normalised => ({
  events: [],
  unknown: [kind.slice(0, LONGEST_KIND)],
  malformed: [],
});

/** The events of a call: each has its id of call, type and leg, so that a repeat makes the same one. */
export function callEvents(call: PbxCall, account: Account): Normalised {
  const { callId, legId, direction, outside, agent } = call;
  const customer = direction === 'internal' ? null : customerOf(outside, account);
  const facts: Omit<CallFacts, 'type' | 'time' | 'vendorEventId'> = {
    vendor: account.vendor,
    account: account.id,
    callId,
    legId,
    direction,
    customer,
    hotline: call.hotline,
    agent: agent === null ? null : { id: agent, name: null },
    vendorData: { ...call.vendorData, ...(!customer && outside !== null && { customerNumber: outside }) },
  };
  const events = call.happened.map((happening) => {
    const { type, at, key = [type] } = happening;
    const vendorEventId = joinKey(callId, ...key, ...(legId === null ? [] : [legId]));
    return draftCallEvent({ ...facts, type, time: at, vendorEventId }, detailOf(happening, call.queue ?? null));
  });
  return { events, unknown: [], malformed: [] };
}

function detailOf(happening: Happening, queue: string | null): CallDetail {
  switch (happening.type) {
    case 'call.recorded':
    case 'voicemail.left': {
      const kind = happening.type === 'call.recorded' ? 'recording' : 'voicemail';
      return { kind, url: happening.url, durationSeconds: happening.durationSeconds ?? null };
    }
    case 'call.keyed':
      return { kind: 'keypress', digits: happening.digits, purpose: happening.purpose };
    default: {
      const { durationSeconds = null, talkSeconds = null, cause = null, endedBy = null, transcript } = happening;
      return { kind: 'call', queue, durationSeconds, talkSeconds, cause, endedBy, ...(transcript && { transcript }) };
    }
  }
}

/** A recording of a body that may name one. */
export const recordingOf = (url: string | null, at: number | null, durationSeconds: number | null): Happening[] =>
  url === null ? [] : [{ type: 'call.recorded', at, url, durationSeconds }];

/** What PBXs call directions; null where a word says none. */
export function readDirection(word: string | null): Direction | null {
  const lower = word?.toLowerCase() ?? '';
  if (/^(internal|local)/.test(lower)) return 'internal';
  if (lower.startsWith('in')) return 'inbound';
  return lower.startsWith('out') ? 'outbound' : null;
}

/** Of a switch that knows legs alone: a call goes out when one of our numbers makes it, or an extension dials a telephone number which is not ours. */
export function directionByNumbers(from: string | null, to: string | null, account: OwnNumbers): Direction {
  if (from === null) return 'inbound';
  const dialsOut = !isTelephone(from) && to !== null && isTelephone(to) && !isOwnNumber(to, account);
  return isOwnNumber(from, account) || dialsOut ? 'outbound' : 'inbound';
}

/**
 * Who is customer, agent and hotline of a call with a caller and a callee. Without a direction a call that one of our numbers makes goes out; the length of
 * a number says nothing.
 */
export function endsOf(
  { direction, from, to, hotline }: Record<'direction' | 'from' | 'to' | 'hotline', string | null>,
  account: OwnNumbers,
): CallEnds {
  const way = readDirection(direction) ?? (from !== null && isOwnNumber(from, account) ? 'outbound' : 'inbound');
  const shown = hotline === null ? null : numberKey(hotline);
  const ours = way === 'outbound' ? from : to;
  const isHotline = ours !== null && (isOwnNumber(ours, account) || (shown !== null && numberKey(ours) === shown));
  return {
    direction: way,
    outside: way === 'inbound' ? from : way === 'outbound' ? to : null,
    hotline: shown ?? (isHotline ? numberKey(ours) : null),
    agent: isHotline ? null : ours,
  };
}

/** A call that a machine dialled to ask something: the key that was pressed is the answer. */
export interface AutoCall {
  readonly callId: string;
  readonly isAnswered: boolean;
  readonly talkSeconds: number | null;
  readonly key: string | null;
  readonly rest: Readonly<Record<string, unknown>>;
}

/** The events of such a call, whose bodies name neither side. */
export function autoCallEvents({ callId, isAnswered, talkSeconds, key, rest }: AutoCall, account: Account): Normalised {
  const happened: Happening[] = [
    ...(key === null ? [] : [{ type: 'call.keyed', at: null, digits: key, purpose: 'survey' } as const]),
    { type: 'call.ended', at: null, talkSeconds: isAnswered ? talkSeconds : 0 },
  ];
  const ends = { direction: 'outbound', outside: null, hotline: null, agent: null } as const;
  return callEvents({ callId, legId: null, ...ends, happened, vendorData: rest }, account);
}
