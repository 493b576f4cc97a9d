import type {
  AnyChannelData,
  CallData,
  ChannelEvent,
  Direction,
  RecordingData,
  VoicemailData,
} from '@lienmach/contracts';
import { authorOf, envelopeOf, identifierOf } from './envelope.rules.js';
import type { CallPhase, CallState, ItemState, ItemTiming } from './item-state.js';

type CallKind = 'call' | 'recording' | 'keypress' | 'voicemail';
export type CallEvent = ChannelEvent<Extract<AnyChannelData, { kind: CallKind }>>;
type Sorted = readonly CallEvent[];

const CALL_KINDS: ReadonlySet<string> = new Set<CallKind>(['call', 'recording', 'keypress', 'voicemail']);

export function isCallEvent(event: ChannelEvent): event is CallEvent {
  return CALL_KINDS.has(event.data.kind);
}

/**
 * One call out of the events of all its legs, with whatever gaps.
 * @param sorted by (time, id), each event once, at least one
 */
export function foldCall(sorted: Sorted): ItemState {
  const first = sorted[0];
  if (first === undefined) throw new RangeError('a call needs at least one event');
  const call = callOf(sorted);
  const begun = sorted.find(({ data }) => speaksFor(data.author.kind, call.direction)) ?? first;

  return {
    ...envelopeOf(first),
    kind: 'call',
    type: `call.${call.state}`,
    direction: call.direction,
    author: authorOf(begun),
    identifier: sorted.map(identifierOf).find((identifier) => identifier !== null) ?? null,
    customerAuthor: call.direction === 'inbound',
    receivedAt: receivedAtOf(sorted, call),
    ...timingOf(call, Date.parse(first.time)),
    hasBase: true,
    answers: null,
    text: null,
    subject: null,
    fullText: null,
    attachments: [],
    replyTo: null,
    references: [],
    replyToken: null,
    orderCodes: [],
    edited: false,
    removed: false,
    hidden: false,
    reactions: [],
    delivery: null,
    callState: call,
    standby: false,
    automatic: null,
    quickReply: null,
    commandId: null,
    postback: null,
    referral: null,
    purpose: null,
    fields: null,
    handover: null,
  };
}

function speaksFor(author: string, direction: string): boolean {
  return direction === 'inbound' ? author === 'customer' : author !== 'customer';
}

/** What makes a missed call wait is its end: a resolve that came while it still rang does not cover it (rule T8). */
function receivedAtOf(sorted: Sorted, call: CallState): number {
  const received = (events: Sorted): number[] => events.map(({ receivedtime }) => Date.parse(receivedtime));
  const ends = call.state === 'missed' || call.voicemail ? sorted.filter(concludes) : [];
  return Math.min(...received(ends.length > 0 ? ends : sorted));
}

function concludes({ type }: CallEvent): boolean {
  return type === 'call.ended' || type === 'call.missed' || type === 'voicemail.left';
}

function timingOf(call: CallState, at: number): ItemTiming {
  const inbound = call.direction === 'inbound';
  const missed = call.state === 'missed';
  return {
    customer: inbound,
    counts: true,
    waits: inbound && (missed || call.voicemail),
    stopsAt: call.answered ? Math.max(call.answeredAt ?? at, at) : null,
    botAt: null,
    thanks: false,
    call: { missed, answered: call.answered, inbound },
  };
}

function callOf(sorted: Sorted): CallState {
  const first = sorted[0]!;
  const calls = sorted.filter((event): event is ChannelEvent<CallData> => event.data.kind === 'call');
  const recordings = sorted.filter((event): event is ChannelEvent<RecordingData> => event.data.kind === 'recording');
  const voicemails = sorted.filter((event): event is ChannelEvent<VoicemailData> => event.data.kind === 'voicemail');
  const ends = calls.filter(({ type }) => type === 'call.ended' || type === 'call.missed');
  const direction = directionOf([...calls, ...sorted]);

  const answer = answerOf(calls, recordings, voicemails.length > 0);
  const concluded = isOver(calls, recordings, { answered: answer !== null, voicemail: voicemails.length > 0 });
  const endedAt = concluded ? timeOf(ends.at(-1)) : null;
  const talkSeconds = talkOf(ends, recordings, answer, endedAt);
  const answeredAt =
    answer === null ? null : (answer.at ?? startOfTalk(endedAt, talkSeconds) ?? Date.parse(first.time));

  return {
    id: first.data.callId,
    state: phaseOf(calls, answer !== null, concluded),
    direction,
    answered: answer !== null,
    answeredAt,
    endedAt,
    ringSeconds: ringOf(calls, answeredAt, endedAt, talkSeconds),
    talkSeconds: answer === null && concluded ? 0 : talkSeconds,
    agent: agentOf(calls, answer !== null, direction),
    hotline: sorted.map(({ data }) => data.hotline).find(isGiven) ?? null,
    queue: calls.map(({ data }) => data.queue).findLast(isGiven) ?? null,
    recordingUrl: recordings.map(({ data }) => data.url).findLast(isGiven) ?? null,
    voicemailUrl: voicemails.map(({ data }) => data.url).findLast(isGiven) ?? null,
    voicemail: voicemails.length > 0,
    transcript: calls.map(({ data }) => data.transcript).findLast(isGiven) ?? null,
    endedBy: concluded ? (ends.map(({ data }) => data.endedBy).findLast(isGiven) ?? null) : null,
    cause: concluded ? (ends.map(({ data }) => data.cause).findLast(isGiven) ?? null) : null,
    digits: sorted.flatMap(({ data, time }) =>
      data.kind === 'keypress' ? [{ digits: data.digits, purpose: data.purpose, at: Date.parse(time) }] : [],
    ),
    transfers: calls
      .filter(({ type }) => type === 'call.transferred')
      .map(({ data, time }) => ({ to: data.agent?.id ?? data.queue ?? null, at: Date.parse(time) })),
  };
}

/** The first event that says it: recordings and such name neither side. */
function directionOf(events: Sorted): Direction {
  return events.map(({ data }) => data.direction).find((direction) => direction !== 'internal') ?? 'internal';
}

const isGiven = <T>(value: T | null | undefined): value is T => value !== null && value !== undefined;

const timeOf = (event: ChannelEvent | undefined): number | null =>
  event === undefined ? null : Date.parse(event.time);

/**
 * Whether anybody answered, and when if that is known. Talk time or a recording tells it where the event of the answer was lost; not beside a voicemail, whose
 * machine answers too: there only a person's name does.
 */
function answerOf(
  calls: readonly ChannelEvent<CallData>[],
  recordings: readonly ChannelEvent<RecordingData>[],
  voicemail: boolean,
): { at: number | null } | null {
  const answered = calls.filter(
    ({ type, data }) => type === 'call.answered' && (!voicemail || data.agent != null || data.author.kind === 'agent'),
  );
  if (answered.length > 0) return { at: timeOf(answered[0]) };
  if (voicemail) return null;
  const denied = calls.some(({ data }) => data.talkSeconds === 0);
  const talked =
    calls.some(({ type, data }) => type === 'call.held' || type === 'call.unheld' || (data.talkSeconds ?? 0) > 0) ||
    (!denied && recordings.some(({ data }) => (data.durationSeconds ?? 0) > 0));
  return talked ? { at: null } : null;
}

/**
 * The whole group: an end of the call itself, or of every leg that was seen. A leg's end alone does not end a call that still rings as a whole: one agent
 * declined. A recording or voicemail is only there when it is over; `missed` is the vendor's own verdict.
 */
function isOver(
  calls: readonly ChannelEvent<CallData>[],
  recordings: readonly ChannelEvent<RecordingData>[],
  known: { answered: boolean; voicemail: boolean },
): boolean {
  if (known.voicemail || calls.some(({ type }) => type === 'call.missed')) return true;
  const ends = calls.filter(({ type }) => type === 'call.ended');
  if (ends.length === 0) return calls.length === 0 && recordings.length > 0;
  const ended = new Set(ends.map(({ data }) => data.legId ?? null));
  if (ended.has(null)) return true;
  const begun = new Set(calls.filter(({ type }) => type !== 'call.transcribed').map(({ data }) => data.legId ?? null));
  if (known.answered) begun.delete(null);
  return [...begun].every((leg) => ended.has(leg));
}

function phaseOf(calls: readonly ChannelEvent<CallData>[], answered: boolean, over: boolean): CallPhase {
  if (over) return answered ? 'ended' : 'missed';
  if (answered) return 'answered';
  return calls.findLast(({ type }) => type === 'call.ringing' || type === 'call.queued')?.type === 'call.queued'
    ? 'queued'
    : 'ringing';
}

/** The vendor's count; else from answer to end; else as long as the recording. Seconds. */
function talkOf(
  ends: readonly ChannelEvent<CallData>[],
  recordings: readonly ChannelEvent<RecordingData>[],
  answer: { at: number | null } | null,
  endedAt: number | null,
): number | null {
  if (answer === null) return null;
  const counted = ends.map(({ data }) => data.talkSeconds).filter(isGiven);
  if (counted.length > 0) return Math.max(...counted);
  if (answer.at !== null && endedAt !== null) return seconds(answer.at, endedAt);
  const recorded = recordings.map(({ data }) => data.durationSeconds).filter(isGiven);
  return recorded.length > 0 ? Math.max(...recorded) : null;
}

function startOfTalk(endedAt: number | null, talkSeconds: number | null): number | null {
  return endedAt !== null && talkSeconds !== null ? endedAt - talkSeconds * 1000 : null;
}

/** From the first ring (or queue) to the answer, or to the end if nobody answered. Seconds. */
function ringOf(
  calls: readonly ChannelEvent<CallData>[],
  answeredAt: number | null,
  endedAt: number | null,
  talkSeconds: number | null,
): number | null {
  const rang = timeOf(calls.find(({ type }) => type === 'call.ringing' || type === 'call.queued'));
  const until = answeredAt ?? endedAt;
  if (rang !== null && until !== null) return seconds(rang, until);
  const whole = calls.map(({ data }) => data.durationSeconds).findLast(isGiven);
  return whole === undefined ? null : Math.max(0, whole - (talkSeconds ?? 0));
}

const seconds = (from: number, to: number): number => Math.max(0, Math.round((to - from) / 1000));

/** Who answered last; of an unanswered call out, who called. */
function agentOf(calls: readonly ChannelEvent<CallData>[], answered: boolean, direction: string): string | null {
  const named = (events: readonly ChannelEvent<CallData>[]): string | null =>
    events
      .map(({ data }) => data.agent?.id ?? (data.author.kind === 'agent' ? data.author.id : null))
      .findLast(isGiven) ?? null;
  if (answered) return named(calls.filter(({ type }) => type === 'call.answered')) ?? named(calls);
  return direction === 'outbound' ? named(calls) : null;
}
