import { familyOf, itemId, threadId, type ChannelEvent, type EventOrigin } from '@lienmach/contracts';
import type { ItemState } from '../conversation/item-state.js';
import { foldItem } from '../conversation/item.rules.js';
import type { ItemRow } from './ingest.repository.js';
import { tokenItemId } from './steps/alias.step.js';
import { parseIdentifier, placeIdentifier } from './steps/place.step.js';
import type { TenantFacts } from './tenant-facts.js';

/** All that is known about one item, folded into its row. */
export function itemRow(tenant: string, id: string, events: readonly ChannelEvent[], facts: TenantFacts): ItemRow {
  const state = foldItem(events);
  const { channel, vendor, account } = state;
  const identifierId = state.identifier
    ? placeIdentifier(facts, parseIdentifier(state.identifier), null, false).id
    : null;
  return {
    tenant,
    id,
    threadId: threadId(tenant, channel, account, state.thread),
    channel,
    account,
    brand: facts.brandOf(channel, vendor, account),
    family: familyOf(channel, state.kind),
    kind: state.kind,
    at: state.at,
    hash: state.hash,
    receivedAt: state.receivedAt,
    shown: state.hasBase,
    identifierId,
    // An anonymous customer's item is nobody's; everybody else's without an identifier is its thread's to give (owner of the item answered).
    owned: identifierId !== null || state.customerAuthor,
    answers: state.answers === null ? null : itemId({ tenant, channel, vendor, account }, state.answers),
    refers: refersOf(state, { tenant, channel, vendor, account }),
    orderCodes: state.orderCodes.length === 0 ? null : state.orderCodes,
    customer: state.customer,
    counts: state.counts,
    waits: state.waits,
    stopsAt: state.stopsAt,
    botAt: state.botAt,
    thanks: state.thanks,
    call: state.call,
    state,
  };
}

/** What an item names, in the order of proof: our token, what it answers, its references from the newest. */
function refersOf({ replyToken, replyTo, references }: ItemState, origin: EventOrigin): string[] | null {
  const named = [replyTo, ...references.toReversed()].flatMap((id) => (id === null ? [] : [itemId(origin, id)]));
  const refers = replyToken === null ? named : [tokenItemId(origin, replyToken), ...named];
  return refers.length === 0 ? null : [...new Set(refers)];
}

/** What threads and clocks see of an item: if none of it changed, no thread has to be looked at again. */
export function sameTiming(a: Omit<ItemRow, 'state'>, b: Omit<ItemRow, 'state'>): boolean {
  return (
    a.at === b.at &&
    a.hash === b.hash &&
    a.receivedAt === b.receivedAt &&
    a.threadId === b.threadId &&
    a.family === b.family &&
    a.shown === b.shown &&
    (!b.owned || a.identifierId === b.identifierId) &&
    a.owned === b.owned &&
    a.answers === b.answers &&
    a.refers?.join() === b.refers?.join() &&
    a.orderCodes?.join() === b.orderCodes?.join() &&
    a.customer === b.customer &&
    a.counts === b.counts &&
    a.waits === b.waits &&
    a.stopsAt === b.stopsAt &&
    a.botAt === b.botAt &&
    a.thanks === b.thanks &&
    a.call?.missed === b.call?.missed &&
    a.call?.answered === b.call?.answered &&
    a.call?.inbound === b.call?.inbound
  );
}
