import { describe, expect, it } from '@jest/globals';
import { differentEvidence, evidenceOf, sameEvidence, type EventFacts } from './evidence.rules.js';

const CALL: EventFacts = {
  eventId: 'ringing',
  itemId: 'call-77',
  kind: 'call',
  at: 1000,
  direction: 'inbound',
  authorKind: 'customer',
  customer: [{ id: 'caller', type: 'phone' }],
  claims: [],
};
const MESSAGE: EventFacts = {
  eventId: 'm-1',
  itemId: 'm-1',
  kind: 'message',
  at: 2000,
  direction: 'inbound',
  authorKind: 'customer',
  customer: [{ id: 'lan', type: 'fb_psid' }],
  claims: [{ id: 'number' }],
};

describe('evidence of a channel event', () => {
  it('takes what a customer types for a claim, once per identifier', () => {
    const found = evidenceOf({
      ...MESSAGE,
      claims: [{ id: 'number' }, { id: 'number' }, { id: 'lan' }, { id: 'mail' }],
    });
    expect(found.map(({ kind, strength, a, b, at }) => [kind, strength, a, b, at])).toEqual([
      ['claim', 'claimed', 'lan', 'number', 2000],
      ['claim', 'claimed', 'lan', 'mail', 2000],
    ]);
  });

  it.each([
    ['an agent names a number', { ...MESSAGE, authorKind: 'agent' }],
    ['a bot names a number', { ...MESSAGE, authorKind: 'bot' }],
    ['the business writes', { ...MESSAGE, direction: 'outbound' }],
    ['the business calls', { ...CALL, direction: 'outbound' }],
    ['one extension calls another', { ...CALL, direction: 'internal' }],
    ['a text is delivered', { ...CALL, kind: 'receipt' }],
    ['nobody is named', { ...MESSAGE, customer: [] }],
  ] as const)('gives none when %s', (_, facts: EventFacts) => {
    expect(evidenceOf(facts)).toEqual([]);
  });

  it('has one contact per call, whichever of its events came first, on whatever author', () => {
    const answered = evidenceOf({ ...CALL, eventId: 'answered', at: 1500, authorKind: 'agent' });
    const recorded = evidenceOf({ ...CALL, eventId: 'recorded', kind: 'recording', at: 9000, authorKind: 'system' });
    const [ringing] = evidenceOf(CALL);
    expect(ringing).toMatchObject({ kind: 'contact', strength: 'transport', a: 'caller', b: null, at: 1000 });
    expect(answered).toEqual([{ ...ringing, at: 1500 }]);
    expect(recorded).toEqual([{ ...ringing, at: 9000 }]);
    expect(evidenceOf({ ...CALL, itemId: 'call-78' })[0]!.id).not.toBe(ringing!.id);
  });

  it('lets a text and an authenticated mail prove themselves, a chat not', () => {
    const by = (type: 'phone' | 'email' | 'fb_psid' | 'mail_thread') =>
      evidenceOf({ ...MESSAGE, claims: [], customer: [{ id: 'x', type }] }).map(({ kind, strength }) => [
        kind,
        strength,
      ]);
    expect(by('phone')).toEqual([['contact', 'transport']]);
    expect(by('email')).toEqual([['contact', 'verified']]);
    expect(by('fb_psid')).toEqual([]);
    expect(by('mail_thread')).toEqual([]);
  });

  it('takes the mapping from what the business sends too, and no claim of it', () => {
    const customer = [
      { id: 'psid', type: 'fb_psid' },
      { id: 'commenter', type: 'fb_commenter' },
    ] as const;
    const sent = evidenceOf({ ...MESSAGE, direction: 'outbound', authorKind: 'agent', customer });
    expect(sent).toMatchObject([{ kind: 'platform', strength: 'verified', a: 'commenter', b: 'psid' }]);
  });

  it("keeps a vendor's own mapping once per pair, whichever end it names first", () => {
    const ends = [
      { id: 'uid-of-oa', type: 'zalo_oa_uid' },
      { id: 'uid-of-app', type: 'zalo_app_uid' },
    ] as const;
    const [one] = evidenceOf({ ...MESSAGE, claims: [], customer: ends });
    const [other] = evidenceOf({
      ...MESSAGE,
      eventId: 'm-2',
      itemId: 'm-2',
      claims: [],
      customer: [...ends].reverse(),
    });
    expect(one).toMatchObject({ kind: 'platform', strength: 'verified', a: 'uid-of-app', b: 'uid-of-oa' });
    expect(other).toEqual(one);
  });
});

describe("evidence of an agent's word", () => {
  const word = { actId: 'act-1', actor: 'mai', reason: 'rang back', at: 5 };

  it('same is one pair', () => {
    const { id, ...rest } = sameEvidence(word, { id: 'a' }, { id: 'b' });
    expect(rest).toEqual({
      kind: 'same',
      strength: 'verified',
      a: 'a',
      b: 'b',
      at: 5,
      actor: 'mai',
      rule: 'I3',
      reason: 'rang back',
      retractedBy: null,
      aAt: null,
      bAt: null,
    });
    expect(sameEvidence({ ...word, actId: 'act-2' }, { id: 'a' }, { id: 'b' }).id).not.toBe(id);
  });

  it('different is every pair across the two sets', () => {
    const found = differentEvidence(word, [{ id: 'a' }, { id: 'b' }], [{ id: 'b' }, { id: 'c' }]);
    expect(found.map(({ a, b }) => [a, b])).toEqual([
      ['a', 'b'],
      ['a', 'c'],
      ['b', 'c'],
    ]);
    expect(new Set(found.map(({ id }) => id)).size).toBe(3);
  });

  it('may be about two epochs of one number, and about another one than last time', () => {
    const [former, now] = [{ id: 'a', at: 1 }, { id: 'a' }];
    expect(sameEvidence(word, former, now)).toMatchObject({ a: 'a', b: 'a', aAt: 1, bAt: null });
    expect(differentEvidence(word, [former], [former, now])).toMatchObject([{ aAt: 1, bAt: null }]);
    const ids = [former, now].map((one) => sameEvidence(word, one, { id: 'b' }).id);
    expect(ids[0]).not.toBe(ids[1]);
  });
});
