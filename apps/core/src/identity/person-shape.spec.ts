import { describe, expect, it } from '@jest/globals';
import { maskingFor } from '../access/masking.js';
import { shownName } from './name.rules.js';
import { identifierShape, personShape, stepShape } from './person-shape.js';
import type { MemberRow } from './person.repository.js';

const member = (id: string, fields: Partial<MemberRow>): MemberRow => ({
  id,
  type: 'phone',
  scope: null,
  value: '+84900000123',
  class: 'personal',
  standing: null,
  since: null,
  until: null,
  begun: null,
  name: null,
  nameSource: null,
  nameAt: null,
  personSeed: `seed-${id}`,
  personId: 'seed-a',
  epoch: 1,
  level: 'verified',
  ...fields,
});

describe('person as clients read it', () => {
  const chat = member('a', { type: 'fb_psid', scope: '1234567890', value: '77', name: 'An', nameAt: 1 });
  const phone = member('b', { level: 'corroborated', name: 'Nguyễn An', nameAt: 2 });

  const said = { identifierId: 'a', source: 'claim' as const, at: 2, heldAt: 2, actor: null, editId: null };
  const known = {
    members: [chat, phone],
    conversations: [{ id: 'c1', state: 'open' as const }],
    values: [
      { ...said, field: 'name' as const, value: 'Nguyễn An' },
      {
        ...said,
        field: 'address' as const,
        value: '1 Lê Lợi, Huế',
        source: 'agent' as const,
        actor: 'Bình',
        editId: 'e1',
      },
      { ...said, field: 'gender' as const, value: 'male' },
    ],
  };

  it('says of a number that it is shared or contested, as rule I7 made it', () => {
    const shown = (standing: MemberRow['standing']) => identifierShape(member('b', { standing }), maskingFor('agent'));
    expect([shown(null), shown('shared'), shown('contested')]).toMatchObject([
      { class: 'personal' },
      { class: 'shared' },
      { class: 'personal', contested: true },
    ]);
    expect([shown(null), shown('shared')].some((one) => 'contested' in one)).toBe(false);
  });

  it('has the ids of the other members as former ids, and the newest name', () => {
    const shownAt = { at: '1970-01-01T00:00:00.002Z', shown: true };
    expect(personShape('seed-a', known, maskingFor('agent'))).toEqual({
      id: 'seed-a',
      formerIds: ['seed-b'],
      name: 'Nguyễn An',
      names: [{ value: 'Nguyễn An', source: 'claim', at: '1970-01-01T00:00:00.002Z' }],
      profile: [
        { ...shownAt, field: 'name', value: 'Nguyễn An', source: 'claim', actor: null, editId: null },
        { ...shownAt, field: 'address', value: '1 Lê Lợi, Huế', source: 'agent', actor: 'Bình', editId: 'e1' },
        { ...shownAt, field: 'gender', value: 'male', source: 'claim', actor: null, editId: null },
      ],
      identifiers: [
        { id: 'b', type: 'phone', scope: null, value: '+84900000123', class: 'personal', level: 'corroborated' },
        { id: 'a', type: 'fb_psid', scope: '1234567890', value: '77', class: 'personal', level: 'verified' },
      ],
      conversations: [{ id: 'c1', state: 'open' }],
    });
  });

  it('is masked for analysts', () => {
    const shown = JSON.stringify(personShape('seed-a', known, maskingFor('analyst')));

    expect(shown).not.toMatch(/Nguyễn|84900000|Huế/);
    expect(shown).toContain('"field":"gender","value":"male"');
  });

  it('has no name where no channel gave one', () => {
    expect(shownName([member('a', {})])).toBeNull();
  });
});

describe('step of why', () => {
  const edge = {
    a: { identifierId: 'a', epoch: 1 },
    b: { identifierId: 'b', epoch: 1 },
    level: 'corroborated',
    kind: 'claim-then-call',
    rule: 'I5',
    at: Date.parse('2026-11-20T02:20:00.000Z'),
    hash: 'h',
    evidenceIds: ['claim', 'contact'],
    actor: null,
    reason: null,
  } as const;
  const identifier = (id: string) => ({
    id,
    type: 'phone',
    scope: null,
    value: id,
    class: 'personal',
    contested: false,
  });

  it('names the evidence to retract, and stays a claim however well it is corroborated', () => {
    expect(stepShape(edge, identifier)).toEqual({
      from: identifier('a'),
      to: identifier('b'),
      kind: 'claim-then-call',
      strength: 'claimed',
      level: 'corroborated',
      at: '2026-11-20T02:20:00.000Z',
      evidenceId: 'claim',
      evidenceIds: ['claim', 'contact'],
      rule: 'I5',
      actor: null,
      reason: null,
    });
  });
});
