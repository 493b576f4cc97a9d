import { uncovered } from './clock.rules.js';
import { reopenSegment } from './place.rules.js';
import type { ThreadDraft } from './thread-draft.js';
import { isAfter } from './link.rules.js';
import type { LiveSegment } from './thread-state.js';
import type { SettlingAct } from './timed-item.js';

/** An agent's resolve or reopen, thread by thread: a conversation is resolved when none of its segments is open. */
export function applyAct(draft: ThreadDraft, act: SettlingAct): void {
  const meant = segmentsMeant(draft, act);
  if (act.kind === 'reopen') {
    for (const { id, resolvedAt } of meant) if (resolvedAt !== null) reopenSegment(draft, id, act.at, act.id);
    return;
  }
  const open = meant.filter(({ resolvedAt }) => resolvedAt === null);
  for (const segment of open) resolveSegment(draft, segment, act);
  for (const id of new Set(open.map(({ conversationId }) => conversationId))) closeConversation(draft, id, act);
}

/** Of every stretch the last segment that had begun when the agent looked, with all that only a later split or move has cut it into. */
function segmentsMeant(draft: ThreadDraft, act: SettlingAct): LiveSegment[] {
  const moment = { at: act.at, hash: act.id };
  const meant = new Set<LiveSegment>();
  for (const { threadId, identifierId, seenAt } of act.stretches) {
    const begun = draft
      .segmentsOfThread(threadId)
      .filter((segment) => segment.identifierId === identifierId && segment.startedAt <= seenAt);
    for (const segment of begun.reverse()) {
      meant.add(segment);
      const cut = draft.cutOf(segment.id);
      if (cut === null || !isAfter(cut, moment)) break;
    }
  }
  return [...meant];
}

/** What was received after the resolve is not covered by it, and reopens at once (rule T8). */
function resolveSegment(draft: ThreadDraft, segment: LiveSegment, act: SettlingAct): void {
  const { id, conversationId } = segment;
  const waiting = uncovered(segment.waiting, act.at);
  const { waitingSegmentIds, openSegments } = draft.conversation(conversationId);
  if (waiting.length > 0) {
    draft.changeSegment(id, { waiting });
    return;
  }
  draft.changeSegment(id, { waiting, resolvedAt: act.at, answered: true });
  draft.changeConversation(conversationId, {
    openSegments: openSegments - 1,
    waitingSegmentIds: waitingSegmentIds.filter((other) => other !== id),
  });
}

function closeConversation(draft: ThreadDraft, id: string, act: SettlingAct): void {
  draft.setClock(id, draft.oldestWaiting(id), { at: act.at, by: 'resolve', cause: act.id });
  if (draft.conversation(id).openSegments > 0) return;
  draft.changeConversation(id, { state: 'resolved', resolvedAt: act.at, stateCause: act.id });
  draft.tell(id, act.at, act.id, { type: 'conversation.resolved' });
}
