import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ChannelEvent } from '@lienmach/contracts';
import { ResolveService } from '../../../apps/core/src/public.js';
import { CoreDatabase } from './core-database.js';
import { DAY, call, message } from './stories.js';

const PHONE = '+84900000101';

interface Told {
  type: string;
  data: Record<string, unknown> & { class?: string; cause?: string; rule?: string; evidenceIds?: string[] };
}

/** A number typed by one customer after the other, that calls a day later each time (rule I7). */
describe('a number of several customers', () => {
  let core: CoreDatabase;
  beforeAll(async () => {
    core = await CoreDatabase.create();
  });
  afterAll(() => core?.close());

  const typedAndCalled = (who: string, day: number): ChannelEvent[] => [
    message(who, `m-${who}`, day * DAY, 'số em 0900000101', [PHONE]),
    ...call(`c-${who}`, PHONE, (day + 1) * DAY, 'answered'),
  ];
  const take = async (events: readonly ChannelEvent[]): Promise<void> => {
    await core.take(events);
    await core.settle();
  };
  const peopleOfThePhone = () =>
    core.query<{ members: number }>(
      `SELECT count(*)::int AS members FROM core.node n JOIN core.node other USING (tenant, person_id)
       JOIN core.identifier i ON i.id = n.identifier_id WHERE i.type = 'phone' GROUP BY n.person_id`,
    );
  const told = async (topic: string): Promise<Told[]> => {
    const rows = await core.query<{ type: string; payload: { data?: object } }>(
      'SELECT type, payload FROM core.outbox WHERE aggregatetype = $1 ORDER BY seq',
      [topic],
    );
    return rows.map(({ type, payload }) => ({ type, data: (payload.data ?? payload) as Told['data'] }));
  };

  it('is of the first as long as there are two', async () => {
    await take(typedAndCalled('an', 0));
    await take(typedAndCalled('binh', 10));
    expect(await peopleOfThePhone()).toEqual([{ members: 2 }]);
    expect(await core.query('SELECT standing FROM core.identifier WHERE standing IS NOT NULL')).toEqual([]);
  });

  it('is shared with the third: the first join dissolves, and this is told with its reason', async () => {
    await take(typedAndCalled('chi', 20));

    expect(await peopleOfThePhone()).toEqual([{ members: 1 }]);
    expect(await core.query('SELECT type, standing FROM core.identifier WHERE standing IS NOT NULL')).toEqual([
      { type: 'phone', standing: 'shared' },
    ]);
    const maps = (await told('identity.map.v1')).filter(({ data }) => data.type === 'phone');
    expect(maps.at(-1)!.data).toMatchObject({ class: 'shared', level: 'verified' });
    const changes = await told('person.changes.v1');
    const split = changes.find(({ type }) => type === 'person.split')!.data;
    const reclassed = changes.find(({ type }) => type === 'person.class-changed')!.data;
    expect(split).toMatchObject({ rule: 'I7', cause: 'evidence' });
    expect(split.evidenceIds).toHaveLength(2);
    expect(reclassed).toMatchObject({ rule: 'I7', cause: 'class' });
    expect(reclassed.evidenceIds).toHaveLength(3);
    const states = await told('person.state.v1');
    const shared = states.filter(({ data }) => JSON.stringify(data.identifiers).includes('"shared"'));
    expect(shared).toHaveLength(1);
  });

  it('is nobody else’s when a claim is taken back: it is the first customer’s again', async () => {
    const [claim] = await core.query<{ id: string }>(
      `SELECT e.id FROM core.evidence e JOIN core.identifier i ON i.id = e.a WHERE e.kind = 'claim' AND i.value = 'chi'`,
    );
    await core.query(
      `INSERT INTO core.retraction (tenant, id, evidence_id, at, actor) VALUES ('demo', gen_random_uuid(), $1, now(), 'agent')`,
      [claim!.id],
    );
    await core.query(
      `INSERT INTO core.dirty (tenant, identifier_id, at, identity, refold) SELECT tenant, id, now(), true, false FROM core.identifier WHERE value = 'chi'`,
    );
    await core.settle();
    expect(await peopleOfThePhone()).toEqual([{ members: 2 }]);
    expect(await core.query('SELECT standing FROM core.identifier WHERE standing IS NOT NULL')).toEqual([]);
    const maps = (await told('identity.map.v1')).filter(({ data }) => data.type === 'phone');
    expect(maps.at(-1)!.data).toMatchObject({ class: 'personal' });
  });
});

describe('a person at the limit of its size (I16)', () => {
  let core: CoreDatabase;
  beforeAll(async () => {
    core = await CoreDatabase.create();
  });
  afterAll(() => core?.close());

  it('grows no further; the union that was refused is told once to whoever watches', async () => {
    const customers = Array.from({ length: 201 }, (_, index) => `chain-${index}`);
    await core.take(customers.map((who, index) => message(who, `m-${who}`, index, 'Shop ơi')));
    await core.query(
      `INSERT INTO core.evidence (tenant, id, kind, strength, a, b, at, actor, rule)
       SELECT tenant, gen_random_uuid(), 'same', 'verified', id, lead(id) OVER (ORDER BY id), now() + row_number() OVER (ORDER BY id) * interval '1 s', 'agent', 'I3.agent'
       FROM core.identifier ORDER BY id LIMIT 200`,
    );
    const service = new ResolveService(core.source);
    const refused: string[] = [];
    const resolveAll = async (): Promise<void> => {
      for (let marks = 1; marks > 0;) {
        const round = await service.resolveSome(500);
        marks = round.marks;
        refused.push(...round.tooLarge.map(({ edge }) => edge.because));
      }
    };
    await resolveAll();
    await core.take([message('chain-7', 'm-again', DAY, 'Shop ơi', [PHONE])]);
    await resolveAll();

    expect(refused).toEqual(['size']);
    const sizes = await core.query(
      `SELECT count(*)::int AS members FROM core.node GROUP BY person_id ORDER BY members`,
    );
    expect(sizes).toEqual([{ members: 1 }, { members: 200 }]);
  });
});
