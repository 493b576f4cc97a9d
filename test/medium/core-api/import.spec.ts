import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type {
  JobDto,
  JobStartedDto,
  LookedUpDto,
  PersonDto,
  ProblemDto,
  WhyDto,
} from '../../../apps/core/src/public.js';
import { waitUntil } from '../../support/index.js';
import { newResolvingWorld, type ResolvingWorld } from './world.js';

const URL = '/v1/identities/import';
const NDJSON = { 'content-type': 'application/x-ndjson' };

let world: ResolvingWorld;
beforeAll(async () => {
  world = await newResolvingWorld({ coreRoles: ['api', 'jobs'] });
});
afterAll(() => world.close());

const lines = (...records: unknown[]): string =>
  records.map((one) => (typeof one === 'string' ? one : JSON.stringify(one))).join('\n');
const send = <T = JobStartedDto>(body: string | Buffer, headers: Record<string, string> = NDJSON, token?: string) =>
  world.ask<T>('POST', URL, { body, headers, token });
const lookUp = async (type: string, value: string) =>
  (await world.ask<LookedUpDto>('GET', `/v1/identifiers/${type}/${encodeURIComponent(value)}`)).body;
const personOf = async (type: string, value: string) => {
  const { people } = await lookUp(type, value);
  expect(people).toHaveLength(1);
  return (await world.ask<PersonDto>('GET', `/v1/people/${people[0]!.id}`)).body;
};

/** Sends and waits until all of it is worked and people are computed. */
async function imported(body: string, token?: string): Promise<JobDto> {
  const { status, body: started } = await send(body, NDJSON, token);
  expect(status).toBe(202);
  const job = await waitUntil('the import to end', async () => {
    const { body: told } = await world.ask<JobDto>('GET', `/v1/jobs/${started.jobId}`);
    return told.state === 'done' || told.state === 'failed' ? told : undefined;
  });
  // a mark is gone only when what it led to is there
  await waitUntil(
    'people to be computed',
    async () => (await world.sql('SELECT 1 FROM core.dirty LIMIT 1')).length === 0,
  );
  return job;
}

describe('an import', () => {
  it('makes verified people of its lines, who have no word of their own', async () => {
    const service = await world.token('demo', 'service');
    const line = {
      crmId: 'KH-7',
      loyaltyId: '2201',
      phones: ['0168 345 6789'],
      emails: ['lan@Example.com'],
      name: 'Lan',
    };

    const job = await imported(lines(line), service);

    expect(job).toMatchObject({
      kind: 'import',
      state: 'done',
      done: 1,
      total: 1,
      refused: 0,
      errors: [],
      reason: null,
    });
    const person = await personOf('phone', '+84 38 345 6789');
    expect(person.name).toBe('Lan');
    expect(person.identifiers.map(({ type, value, level }) => [type, value, level])).toEqual([
      ['crm_id', 'KH-7', 'verified'],
      ['loyalty_id', '2201', 'verified'],
      ['phone', '+84383456789', 'verified'],
      ['email', 'lan@example.com', 'verified'],
    ]);
    const { body: why } = await world.ask<WhyDto>('GET', `/v1/people/${person.id}/why`);
    expect(why.steps).toHaveLength(3);
    for (const step of why.steps) {
      expect(step).toMatchObject({ kind: 'record', strength: 'verified', rule: 'I3', actor: 'service of demo' });
    }
  });

  it('tells of each line that is none, and takes the others in', async () => {
    const job = await imported(
      lines(
        { crmId: 'KH-20', phones: ['0900000120'] },
        '{"crmId":',
        '',
        { crmId: 'KH-21', phones: ['0900000121', '12'] },
        { phones: ['0900000122'] },
        { crmId: 'KH-23', phones: ['0900000123'] },
      ),
    );

    expect(job).toMatchObject({ state: 'done', done: 5, total: 5, refused: 3 });
    expect(job.errors).toEqual([
      { line: 2, reason: 'the value is not JSON' },
      { line: 4, reason: 'phones/1: the value is no valid phone' },
      { line: 5, reason: 'neither crmId nor loyaltyId is there' },
    ]);
    expect((await personOf('phone', '0900000120')).identifiers).toHaveLength(2);
    expect((await personOf('phone', '0900000123')).identifiers).toHaveLength(2);
    expect((await lookUp('phone', '0900000121')).people).toEqual([]);
    expect(await world.sql('SELECT * FROM core.import_part')).toEqual([]);
  });

  it('of the same lines again, by whomever, changes nothing and is told nowhere', async () => {
    const record = { crmId: 'KH-30', phones: ['0900000130'], name: 'Mai' };
    const body = lines({ ...record, validFrom: '2026-01-15', validTo: '2027-01-15' });
    const state = () =>
      world.sql(
        `SELECT (SELECT jsonb_agg(e ORDER BY id) FROM core.evidence e) AS evidence, (SELECT count(*) FROM core.outbox) AS told`,
      );
    await imported(body);
    const before = await state();

    const again = await imported(lines(body, body), await world.token('demo', 'supervisor'));

    expect(again).toMatchObject({ done: 2, refused: 0 });
    expect(await state()).toEqual(before);
  });

  it('keeps since when and until when, and tells it with the evidence', async () => {
    await imported(lines({ crmId: 'KH-31', phones: ['0900000131'], validFrom: '2026-01-15', validTo: '2027-01-15' }));

    const [told] = await world.sql<{ data: object }>(
      `SELECT payload->'data' AS data FROM core.outbox WHERE aggregatetype = 'identity.evidence.v1' ORDER BY seq DESC LIMIT 1`,
    );
    expect(told!.data).toMatchObject({
      kind: 'record',
      strength: 'verified',
      at: '2026-01-14T17:00:00.000Z',
      validFrom: '2026-01-14T17:00:00.000Z',
      validTo: '2027-01-14T17:00:00.000Z',
      actor: 'operator',
      sourceEventId: null,
    });
  });

  it('gives the name, and keeps those from before; a name that is said again is told nowhere', async () => {
    const named = (name: string | null) => imported(lines({ crmId: 'KH-33', phones: ['0900000133'], name }));
    const told = async () =>
      (
        await world.sql<{ name: string }>(
          `SELECT payload->>'name' AS name FROM core.outbox WHERE aggregatetype = 'person.state.v1' AND payload::text LIKE '%KH-33%' ORDER BY seq`,
        )
      ).map(({ name }) => name);
    await named('Nguyễn Thị Lan');
    await named('Nguyễn Lan');
    await named('Nguyễn Lan');
    await named(null);
    expect(await told()).toEqual(['Nguyễn Thị Lan', 'Nguyễn Lan']);

    await named('Nguyễn Thị Lan');

    expect(await told()).toEqual(['Nguyễn Thị Lan', 'Nguyễn Lan', 'Nguyễn Thị Lan']);
    const { name, names } = await personOf('phone', '0900000133');
    expect([name, names.map(({ value, source }) => [value, source])]).toEqual([
      'Nguyễn Thị Lan',
      [
        ['Nguyễn Thị Lan', 'crm'],
        ['Nguyễn Lan', 'crm'],
      ],
    ]);
  });

  it('publishes the join with its cause', async () => {
    await imported(lines({ crmId: 'KH-32', phones: ['0900000132'] }));

    const [change] = await world.sql<{ type: string; data: object }>(
      `SELECT type, payload->'data' AS data FROM core.outbox WHERE aggregatetype = 'person.changes.v1' ORDER BY seq DESC LIMIT 1`,
    );
    expect([change!.type, change!.data]).toEqual([
      'person.linked',
      expect.objectContaining({ cause: 'evidence', rule: 'I3', actor: 'operator', evidenceIds: [expect.any(String)] }),
    ]);
  });

  it('of a hotline joins nobody by it', async () => {
    await imported(
      lines(
        { crmId: 'KH-40', phones: ['1900 0001', '0900000140'] },
        { crmId: 'KH-41', phones: ['19000001', '0900000141'] },
      ),
    );

    expect(await lookUp('phone', '19000001')).toMatchObject({ identifier: { class: 'blocked' } });
    expect((await personOf('phone', '0900000140')).identifiers.map(({ value }) => value)).toEqual([
      'KH-40',
      '+84900000140',
    ]);
  });

  it('of many lines is worked in steps, each line once', async () => {
    const many = Array.from({ length: 1_203 }, (_, index) => ({
      crmId: `M-${index}`,
      phones: [`09010${10_000 + index}`],
    }));

    const job = await imported(lines(...many));

    expect(job).toMatchObject({ done: 1_203, total: 1_203, refused: 0 });
    expect(
      await world.sql(
        `SELECT count(*)::int AS count FROM core.node n JOIN core.identifier i ON i.id = n.identifier_id WHERE i.value LIKE 'M-%'`,
      ),
    ).toEqual([{ count: 1_203 }]);
  }, 30_000);

  it('keeps the reasons of the first thousand lines that are refused', async () => {
    const job = await imported(Array(1_205).fill('{}').join('\n'));

    expect([job.refused, job.errors.length, job.errors.at(-1)!.line]).toEqual([1_205, 1_000, 1_000]);
  });
});

describe('what is asked wrongly', () => {
  it.each([
    ['another content type', '{}', { 'content-type': 'application/json' }, 415],
    ['nothing', '\n\n', NDJSON, 422],
  ])('%s is refused', async (_name, body, headers, expected) => {
    const { status, body: problem } = await send<ProblemDto>(body, headers);
    expect([status, problem.status]).toEqual([expected, expected]);
  });

  it('more than 32 MiB is refused, and nothing of it stays', async () => {
    const { status } = await send(Buffer.alloc(32 * 1024 * 1024 + 1, '{}\n'));

    expect(status).toBe(413);
    expect(await world.sql('SELECT * FROM core.import_part')).toEqual([]);
  });

  it('agents and analysts may not import, analysts may ask how far a job is', async () => {
    const line = lines({ crmId: 'KH-50', phones: ['0900000150'] });
    const { id } = await imported(line);
    const [agent, analyst] = [await world.token('demo', 'agent'), await world.token('demo', 'analyst')];

    expect((await send(line, NDJSON, agent)).status).toBe(403);
    expect((await send(line, NDJSON, analyst)).status).toBe(403);
    expect((await world.ask('GET', `/v1/jobs/${id}`, { token: analyst })).status).toBe(200);
  });
});
