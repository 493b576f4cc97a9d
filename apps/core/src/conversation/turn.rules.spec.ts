import { describe, expect, it } from '@jest/globals';
import type { ArrangingAct, SettlingAct } from './timed-item.js';
import { actOn, isOf, withOwnersInTurn, type Holder } from './turn.rules.js';

const first: Holder = { members: [{ id: 'phone', since: null, until: 100 }, { id: 'psid' }] };
const second: Holder = { members: [{ id: 'phone', since: 100, until: null }] };
const stranger: Holder = { members: [{ id: 'other' }] };
const holders = new Map([
  ['phone', [first, second]],
  ['psid', [first]],
  ['other', [stranger]],
]);

const resolve = (...stretches: [string, number][]): SettlingAct & { identifierIds: string[] } => ({
  id: 'act',
  kind: 'resolve',
  at: 500,
  actor: 'mai',
  reason: null,
  identifierIds: stretches.map(([identifierId]) => identifierId),
  stretches: stretches.map(([identifierId, seenAt]) => ({ threadId: 'thread', identifierId, seenAt })),
});

describe('a number that two had in turn', () => {
  it('is the first one’s until the moment in which it becomes the second one’s', () => {
    const at = (moment: number) => [first, second].map((holder) => isOf(holder, 'phone', moment));
    expect([at(0), at(99), at(100), at(10_000)]).toEqual([
      [true, false],
      [true, false],
      [false, true],
      [false, true],
    ]);
    expect([isOf(first, 'psid', 10_000), isOf(second, 'psid', 0)]).toEqual([true, false]);
  });

  it('makes both be folded together, whichever of them it concerns', () => {
    expect(withOwnersInTurn([second], holders)).toEqual(new Set([second, first]));
    expect(withOwnersInTurn([first], holders)).toEqual(new Set([first, second]));
    expect(withOwnersInTurn([stranger], holders)).toEqual(new Set([stranger]));
  });

  it('is resolved for him in whose time the agent saw it', () => {
    const seenThen = resolve(['phone', 99], ['psid', 400]);
    expect(actOn(first, seenThen)).toEqual(seenThen);
    expect(actOn(second, seenThen)).toBeNull();
    const seenNow = resolve(['phone', 300]);
    expect([actOn(first, seenNow), actOn(second, seenNow)]).toEqual([null, seenNow]);
    const both = resolve(['phone', 99], ['phone', 300]);
    expect([actOn(first, both), actOn(second, both)].map((act) => act?.stretches.map(({ seenAt }) => seenAt))).toEqual([
      [99],
      [300],
    ]);
  });

  it('is in the words of agents about items, which are somebody’s by themselves; of a stranger’s nothing is', () => {
    const join: ArrangingAct & { identifierIds: string[] } = {
      id: 'act',
      kind: 'join',
      at: 500,
      actor: 'mai',
      reason: null,
      identifierIds: ['phone'],
      itemIds: ['a'],
      withIds: ['b'],
      apartIds: [],
    };
    expect([first, second, stranger].map((holder) => actOn(holder, join))).toEqual([join, join, null]);
    expect(actOn(stranger, resolve(['phone', 99]))).toBeNull();
  });
});
