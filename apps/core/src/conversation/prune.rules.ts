import { FAMILIES } from '@lienmach/contracts';
import { longestLink } from './link.rules.js';
import { HOUR, threadKey, touchable } from './segment.rules.js';
import type { LiveConversation, LiveSegment, Moment, ThreadState } from './thread-state.js';
import type { ThreadRules } from './timed-item.js';

/** Of one conversation. Calls are threads of one item each: only an act can mean their segments again, and mostly the latest. */
const MOST_CALLS = 8;

/** Whether a new segment at this time may still join the conversation. */
export function linkable(conversation: LiveConversation, at: number, rules: ThreadRules): boolean {
  return at - Math.max(conversation.lastAt, conversation.resolvedAt ?? 0) <= longestLink(rules) * HOUR;
}

/** What a later item may touch, and for acts the rest of what is going on; everything else is dropped. */
export function pruned(
  upTo: Moment | null,
  known: { readonly segments: Iterable<LiveSegment>; readonly conversations: Iterable<LiveConversation> },
  rules: ThreadRules,
  before: boolean,
): ThreadState {
  const segments = [...known.segments].sort(byStart);
  const conversations = [...known.conversations];
  const now = upTo?.at ?? 0;

  const lastOfKey = new Map(segments.map((segment) => [threadKey(segment), segment]));
  const alive = segments.filter(
    (segment) => !isCall(segment) && lastOfKey.get(threadKey(segment)) === segment && touchable(segment, now),
  );
  const needed = new Set(alive.map(({ conversationId }) => conversationId));
  const kept = conversations.filter(
    (conversation) => needed.has(conversation.id) || linkable(conversation, now, rules),
  );
  const calls = latestCalls(segments, kept);
  const left = new Map([...alive, ...calls].map((segment) => [segment.id, segment]));

  return {
    version: 1,
    upTo,
    pruned: before || left.size < segments.length || kept.length < conversations.length,
    segments: [...left.values()].sort(byId),
    conversations: kept
      .map((conversation) => ({
        ...conversation,
        // the clock itself remembers what waits in a dropped one
        waitingSegmentIds: conversation.waitingSegmentIds.filter((id) => left.has(id)),
      }))
      .sort(byId),
  };
}

function latestCalls(segments: readonly LiveSegment[], kept: readonly LiveConversation[]): LiveSegment[] {
  const ofConversation = new Map<string, LiveSegment[]>(kept.map(({ id }) => [id, []]));
  for (const segment of segments) if (isCall(segment)) ofConversation.get(segment.conversationId)?.push(segment);
  return [...ofConversation.values()].flatMap((calls) => calls.slice(-MOST_CALLS));
}

const isCall = ({ family }: LiveSegment): boolean => FAMILIES[family].reopensAcrossThreads;
const byId = (a: { id: string }, b: { id: string }): number => (a.id < b.id ? -1 : 1);
const byStart = (a: LiveSegment, b: LiveSegment): number =>
  a.startedAt - b.startedAt || (a.startedBy < b.startedBy ? -1 : 1);
