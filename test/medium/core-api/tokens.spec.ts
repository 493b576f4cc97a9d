import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { MadeTokenDto, ProblemDto, TokensDto } from '../../../apps/core/src/public.js';
import { adminToken } from '../../support/index.js';
import { seedIdentifier, seedPerson } from './seed.js';
import { newWorld, type World } from './world.js';

let world: World;
beforeAll(async () => {
  world = await newWorld();
});
afterAll(() => world.close());

describe('tokens', () => {
  it('are made by the operator for any tenant, shown once, and stored as a hash alone', async () => {
    const made = await world.ask<MadeTokenDto>('POST', '/v1/tokens', {
      body: { tenant: 'other', role: 'agent', name: 'Lan' },
    });

    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({
      id: expect.any(String),
      token: expect.stringMatching(/^lm_[\w-]{43}$/),
      tenant: 'other',
    });
    const rows = await world.sql<{ hash: Buffer; all: string }>(
      `SELECT hash, to_jsonb(t)::text AS all FROM core.api_token t WHERE id = $1`,
      [made.body.id],
    );
    expect(rows[0]!.hash).toHaveLength(32);
    expect(rows[0]!.all).not.toContain(made.body.token);
    const listed = await world.ask<TokensDto>('GET', '/v1/tokens', { headers: { 'x-tenant': 'other' } });
    expect(listed.body.items).toEqual([expect.objectContaining({ id: made.body.id, role: 'agent', name: 'Lan' })]);
    expect(JSON.stringify(listed.body)).not.toContain('lm_');
  });

  it('hold until they are revoked, and then no longer', async () => {
    const { body } = await world.ask<MadeTokenDto>('POST', '/v1/tokens', {
      body: { tenant: 'demo', role: 'agent', name: 'x' },
    });
    const asking = { token: body.token };

    expect((await world.ask('GET', '/v1/conversations', asking)).status).toBe(200);
    expect((await world.ask('DELETE', `/v1/tokens/${body.id}`)).status).toBe(204);
    expect((await world.ask('GET', '/v1/conversations', asking)).status).toBe(401);
    expect((await world.ask('DELETE', `/v1/tokens/${body.id}`)).status).toBe(404);
  });

  it('of a tenant make tokens of that tenant alone, and only if they are an admin’s', async () => {
    const admin = await world.token('other', 'admin');
    const agent = await world.token('other', 'agent');
    const make = (token: string, tenant?: string) =>
      world.ask<MadeTokenDto>('POST', '/v1/tokens', {
        token,
        body: { role: 'agent', name: 'x', ...(tenant && { tenant }) },
      });

    expect((await make(admin)).body.tenant).toBe('other');
    expect((await make(admin, 'demo')).status).toBe(403);
    expect((await make(agent)).status).toBe(403);
  });

  it('name no other tenant by X-Tenant', async () => {
    const token = await world.token('other', 'admin');
    const statusOf = async (tenant: string) =>
      (await world.ask('GET', '/v1/tokens', { token, headers: { 'x-tenant': tenant } })).status;

    expect(await statusOf('other')).toBe(200);
    expect(await statusOf('demo')).toBe(403);
  });

  it('of the operator act for the first tenant, or for the one that X-Tenant names', async () => {
    const ours = await seedPerson(world, [await seedIdentifier(world)]);
    const theirs = await seedPerson(world, [await seedIdentifier(world, { tenant: 'other' })], { tenant: 'other' });
    const statusOf = async (person: string, headers: Record<string, string> = {}) =>
      (await world.ask('GET', `/v1/people/${person}`, { token: adminToken, headers })).status;

    expect(await statusOf(ours)).toBe(200);
    expect(await statusOf(theirs)).toBe(404);
    expect(await statusOf(theirs, { 'x-tenant': 'other' })).toBe(200);
    expect(await statusOf(ours, { 'x-tenant': 'other' })).toBe(404);
    expect(await statusOf(ours, { 'x-tenant': 'nobody' })).toBe(403);
  });

  it('are refused with every wrong field named', async () => {
    const { status, body } = await world.ask<ProblemDto>('POST', '/v1/tokens', { body: { role: 'boss', name: '' } });

    expect(status).toBe(422);
    expect(body.errors?.map(({ field }) => field)).toEqual(['role', 'name']);
  });

  it('are needed in the right form', async () => {
    for (const authorization of ['', 'Bearer', 'Basic YTpi', `Bearer ${'x'.repeat(600)}`, `bearer ${adminToken}x`]) {
      const answer = await world.ask('GET', '/v1/tokens', { token: '', headers: { authorization } });
      expect([authorization, answer.status]).toEqual([authorization, 401]);
    }
  });
});

describe('problems', () => {
  it('are problem details for what no controller sees as well', async () => {
    const cases = [
      await world.ask('GET', '/v1/nothing'),
      await world.ask<ProblemDto>('POST', '/v1/tokens', {
        headers: { 'content-type': 'application/json' },
        body: '{"role":',
      }),
      await world.ask<ProblemDto>('POST', '/v1/tokens', { headers: { 'content-type': 'text/plain' }, body: 'x' }),
      await world.ask<ProblemDto>('POST', '/v1/tokens', { body: { role: 'agent', name: 'x'.repeat(300_000) } }),
    ];

    expect(cases.map(({ status }) => status)).toEqual([404, 400, 415, 413]);
    for (const { status, headers, body } of cases) {
      expect(headers['content-type']).toBe('application/problem+json; charset=utf-8');
      expect(body).toEqual({
        type: expect.any(String),
        title: expect.any(String),
        status,
        detail: expect.any(String),
        instance: expect.stringMatching(/^\/v1\//),
        correlationId: headers['x-correlation-id'],
      });
    }
  });

  it('carry the correlation id that the client sent, if it is a decent one', async () => {
    const idOf = async (sent: string) =>
      (await world.ask<ProblemDto>('GET', '/v1/nothing', { headers: { 'x-correlation-id': sent } })).body.correlationId;

    expect(await idOf('order-17-abc')).toBe('order-17-abc');
    expect(await idOf('a b\tc d e f')).not.toContain('a b');
  });
});

describe('documents', () => {
  it('are served without a token', async () => {
    const openapi = await world.ask<{ openapi: string }>('GET', '/v1/openapi.json', { token: '' });
    const asyncapi = await world.ask<{ asyncapi: string }>('GET', '/asyncapi.json', { token: '' });

    expect([openapi.status, openapi.body.openapi]).toEqual([200, expect.stringMatching(/^3\./)]);
    expect([asyncapi.status, asyncapi.body.asyncapi]).toEqual([200, expect.stringMatching(/^3\./)]);
  });

  it('name for every operation its answer’s shape and its problems', async () => {
    const document = await world.openapi();
    for (const [path, operations] of Object.entries(document.paths)) {
      for (const [method, operation] of Object.entries(operations)) {
        const { responses } = operation;
        const good = Object.keys(responses).filter((status) => status.startsWith('2'));
        expect([method, path, good.length > 0, '401' in responses]).toEqual([method, path, true, true]);
        for (const status of good.filter((one) => one !== '204')) {
          const { content = {} } = responses[status]!;
          const shape = content['application/json'] ?? content['text/event-stream'];
          expect([path, shape?.schema]).toEqual([path, expect.anything()]);
        }
      }
    }
  });

  it('are of a process that says how it is', async () => {
    const ready = await world.ask<{ status: string }>('GET', '/health/ready', { token: '' });

    expect([ready.status, ready.body.status]).toEqual([200, 'ok']);
  });
});
