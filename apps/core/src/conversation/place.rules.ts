import { deterministicId } from '@lienmach/contracts';
import { withWaiting, type Stop } from './clock.rules.js';
import { callerKey, linkOf, type Link } from './link.rules.js';
import { isMereThanks, placeOf, threadKey } from './segment.rules.js';
import { withOrderCodes } from './order-code.rules.js';
import type { ThreadDraft } from './thread-draft.js';
import type { LiveConversation, LiveSegment, Moment } from './thread-state.js';
import type { ChannelSwitch, TimedItem } from './timed-item.js';

/** Puts an item into its segment and the segment into its conversation (rules T2-T5, T7, T8). */
export function placeItem(draft: ThreadDraft, item: TimedItem): void {
  const last = draft.lastSegment(item);
  const natural = placeOf(item, last);
  if (natural === 'none') return;
  const cut = item.counts ? draft.arrangement.cutAt(item.id) : null;
  const place = cut === null ? natural : 'begin';
  const { id, conversationId } = place === 'begin' || last === null ? beginSegment(draft, item) : last;
  draft.segmentOfItem.set(item.id, id);
  if (cut !== null && natural !== 'begin') draft.noteCut(id, cut);
  const thanks = natural !== 'begin' && isMereThanks(item, last);
  if (place === 'attach' && (thanks || !item.counts)) return;

  if (place === 'reopen') reopenSegment(draft, id, item.at, item.hash);
  noteInSegment(draft, id, item, thanks);
  noteInConversation(draft, conversationId, item);
  if (item.customer && item.waits && !thanks) startWaiting(draft, id, item);
}

/** A person of the business speaks: whatever waited in the conversation until then is answered. */
export function answerWaiting(draft: ThreadDraft, item: TimedItem, stop: Stop): void {
  const segmentId = draft.segmentOfItem.get(item.id);
  if (segmentId === undefined) return;
  const { conversationId } = draft.segment(segmentId);
  for (const id of draft.conversation(conversationId).waitingSegmentIds) draft.changeSegment(id, { waiting: [] });
  draft.changeConversation(conversationId, { waitingSegmentIds: [] });
  draft.setClock(conversationId, null, stop);
}

/** A resolved segment goes on, and with it its conversation. */
export function reopenSegment(draft: ThreadDraft, segmentId: string, at: number, cause: string): void {
  draft.changeSegment(segmentId, { resolvedAt: null });
  countOpenSegment(draft, draft.segment(segmentId).conversationId, at, cause);
}

function beginSegment(draft: ThreadDraft, item: TimedItem): LiveSegment {
  const { tenant } = draft.context;
  const link = linkFor(draft, item);
  const conversation =
    link?.conversation ?? draft.addConversation(item, deterministicId('conversation', tenant, item.hash));
  const segment: LiveSegment = {
    id: deterministicId('segment', tenant, item.hash),
    threadId: item.threadId,
    identifierId: item.identifierId,
    channel: item.channel,
    account: item.account,
    conversationId: conversation.id,
    linkedBy: link?.by ?? null,
    startedAt: item.at,
    startedBy: item.hash,
    lastAt: item.at,
    resolvedAt: null,
    ...(link?.others && { candidates: link.others.map(({ id }) => id) }),
    family: item.family,
    lastWord: item.customer ? 'customer' : 'business',
    answered: !item.customer,
    waiting: [],
  };
  draft.addSegment(segment, item);
  draft.tell(
    conversation.id,
    item.at,
    item.hash,
    link === null
      ? { type: 'conversation.opened', segmentId: segment.id }
      : {
          type: 'conversation.linked',
          segmentId: segment.id,
          by: link.by,
          ...(segment.candidates && { candidates: segment.candidates }),
        },
  );
  if (segment.candidates) draft.changeConversation(conversation.id, { ambiguous: true });
  countOpenSegment(draft, conversation.id, item.at, item.hash);
  return segment;
}

/** By the rules, unless agents said where it belongs or where it does not (rule T11). */
function linkFor(draft: ThreadDraft, item: TimedItem): Link<LiveConversation> | null {
  const { arrangement, context } = draft;
  const group = arrangement.groupOf(item.id);
  const candidates = draft.candidates(item.at);
  if (group === null) return referred(draft, item) ?? linkOf(item, candidates, context.rules);
  const allowed = candidates.filter(({ id }) => !draft.isApart(id, group));
  const named = referred(draft, item);
  const byRule =
    arrangement.cutAt(item.id) !== null
      ? null
      : named !== null && !draft.isApart(named.conversation.id, group)
        ? named
        : linkOf(item, allowed, context.rules);
  const meant = draft.conversationWith(group);
  if (meant === null) return byRule;
  // what an agent has said is not in doubt
  return { conversation: meant, by: byRule?.conversation.id === meant.id ? byRule.by : 'agent' };
}

/** T1: an item names one of another thread, and belongs to the conversation of that one, however long ago it was. Within a thread its windows hold. */
function referred(draft: ThreadDraft, item: TimedItem): Link<LiveConversation> | null {
  for (const id of item.refers ?? []) {
    const segmentId = draft.segmentOfItem.get(id);
    if (segmentId === undefined) continue;
    const segment = draft.segment(segmentId);
    const conversation = draft.conversation(segment.conversationId);
    if (threadKey(segment) !== threadKey(item) && conversation.brand === item.brand)
      return { conversation, by: 'reference' };
  }
  return null;
}

function countOpenSegment(draft: ThreadDraft, conversationId: string, at: number, cause: string): void {
  const conversation = draft.conversation(conversationId);
  const openSegments = conversation.openSegments + 1;
  if (conversation.state === 'open') return draft.changeConversation(conversationId, { openSegments });
  draft.changeConversation(conversationId, {
    openSegments,
    state: 'open',
    resolvedAt: null,
    stateCause: cause,
  });
  draft.tell(conversationId, at, cause, { type: 'conversation.reopened' });
}

function noteInSegment(draft: ThreadDraft, id: string, item: TimedItem, thanks: boolean): void {
  // a message that failed to reach the customer answered nothing
  const spoke = !item.customer && (item.stopsAt ?? item.botAt ?? null) !== null;
  if (spoke) draft.changeSegment(id, { lastAt: item.at, lastWord: 'business', answered: true });
  else if (item.customer && !thanks)
    draft.changeSegment(id, { lastAt: item.at, lastWord: 'customer', answered: false });
  else draft.changeSegment(id, { lastAt: item.at });
}

function noteInConversation(draft: ThreadDraft, id: string, item: TimedItem): void {
  const { channels, lastCustomer, lastMissed, callers, orderCodes } = draft.conversation(id);
  const moment = { at: item.at, hash: item.hash };
  draft.changeConversation(id, {
    lastAt: item.at,
    channels: channels.includes(item.channel) ? channels : [...channels, item.channel],
    lastMissed: item.call?.missed ? moment : lastMissed,
    callers: item.call === null ? callers : withCaller(callers, callerKey(item), moment),
    ...(item.orderCodes?.length && { orderCodes: withOrderCodes(orderCodes, item.orderCodes) }),
    ...(item.customer && { lastCustomerAt: item.at, lastCustomer: { ...moment, channel: item.channel } }),
  });
  const moved = item.customer && lastCustomer !== null && lastCustomer.channel !== item.channel;
  if (moved) noteSwitch(draft, id, item, lastCustomer.channel);
}

function withCaller(callers: LiveConversation['callers'], key: string, moment: Moment): LiveConversation['callers'] {
  return [...callers.filter((caller) => caller.key !== key), { ...moment, key }];
}

function noteSwitch(draft: ThreadDraft, conversationId: string, item: TimedItem, from: string): void {
  const change: ChannelSwitch = {
    id: deterministicId('derived', 'channel-switch', draft.context.tenant, item.hash),
    conversationId,
    at: item.at,
    itemId: item.id,
    identifierId: item.identifierId,
    from,
    to: item.channel,
  };
  draft.switches.push(change);
  draft.tell(conversationId, item.at, item.id, { type: 'conversation.channel-switched', change });
}

function startWaiting(draft: ThreadDraft, segmentId: string, item: TimedItem): void {
  const { waiting, conversationId } = draft.segment(segmentId);
  const { waitingSegmentIds, clock } = draft.conversation(conversationId);
  const after = withWaiting(waiting, item);
  draft.changeSegment(segmentId, { waiting: after });
  if (waiting.length === 0) {
    draft.changeConversation(conversationId, { waitingSegmentIds: [...waitingSegmentIds, segmentId] });
  }
  if (clock.waitingItemId === null) draft.setClock(conversationId, after[0] ?? null, null);
}
