import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { OUTBOX_CHANNEL, createCore, type ProblemDto } from '../../../apps/core/src/public.js';
import { adminToken, createDatabase, waitUntil, type TestDatabase } from '../../support/index.js';
import pg from 'pg';
import { apiSettings, quietProcess } from './world.js';

interface Told {
  id: string;
  event: string;
  data: { id: string; topic: string; type: string; personId: string | null; conversationId: string | null };
}

/** A client of the stream, as a browser's would read it. */
class Client {
  readonly told: Told[] = [];
  comments = 0;
  ended = false;

  constructor(private readonly abort: AbortController) {}

  async read(body: ReadableStream<Uint8Array>): Promise<void> {
    let text = '';
    try {
      for await (const chunk of body) {
        text += Buffer.from(chunk).toString();
        for (let end = text.indexOf('\n\n'); end !== -1; end = text.indexOf('\n\n')) {
          this.take(text.slice(0, end));
          text = text.slice(end + 2);
        }
      }
      this.ended = true;
    } catch (error) {
      if (!this.abort.signal.aborted) throw error;
    }
  }

  private take(block: string): void {
    if (block.startsWith(':')) {
      this.comments += 1;
      return;
    }
    const field = (name: string): string => new RegExp(`^${name}: (.*)$`, 'm').exec(block)![1]!;
    this.told.push({ id: field('id'), event: field('event'), data: JSON.parse(field('data')) as Told['data'] });
  }

  leave(): void {
    this.abort.abort();
  }
}

describe('the live stream', () => {
  let database: TestDatabase;
  let pool: pg.Pool;
  const processes: { url: string; stop: () => Promise<unknown> }[] = [];
  const clients: Client[] = [];

  beforeAll(async () => {
    database = await createDatabase();
    pool = new pg.Pool({ connectionString: database.url, max: 4 });
    const settings = apiSettings(database.url);
    for (let count = 0; count < 2; count += 1) {
      const context = quietProcess();
      const app = await createCore(context, settings);
      await app.listen(0, '127.0.0.1');
      const { port } = app.getHttpServer().address() as AddressInfo;
      processes.push({ url: `http://127.0.0.1:${port}`, stop: () => context.shutdown.run('end of the test') });
    }
  });
  afterEach(() => clients.splice(0).forEach((client) => client.leave()));
  afterAll(async () => {
    await Promise.all(processes.map(({ stop }) => stop()));
    await pool.end();
    await database.drop();
  });

  const ask = (process: number, headers: Record<string, string>, signal?: AbortSignal): Promise<Response> =>
    fetch(`${processes[process]!.url}/v1/events`, {
      headers: { authorization: `Bearer ${adminToken}`, ...headers },
      signal,
    });

  async function listen(process = 0, headers: Record<string, string> = {}): Promise<Client> {
    const abort = new AbortController();
    const answer = await ask(process, headers, abort.signal);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8']);
    const client = new Client(abort);
    clients.push(client);
    void client.read(answer.body!);
    await waitUntil('the first event', () => client.told.length > 0);
    return client;
  }

  const INSERT = `INSERT INTO core.outbox (shard, tenant, id, aggregatetype, aggregateid, type, payload)
    VALUES (0, $1, $2, $3, $4, $5, $6)`;
  const notify = (): Promise<unknown> => pool.query('SELECT pg_notify($1, $2)', [OUTBOX_CHANNEL, '']);

  async function write(
    told: { tenant?: string; topic?: string; key?: string; payload?: object } = {},
    on: pg.Pool | pg.PoolClient = pool,
  ): Promise<string> {
    const { tenant = 'demo', topic = 'conversation.state.v1', key = randomUUID(), payload = {} } = told;
    const id = randomUUID();
    await on.query(INSERT, [tenant, id, topic, key, 'something.changed', payload]);
    return id;
  }

  /** A row that a transaction of anybody's could still come before is told later, by a stream that began meanwhile too. */
  const settled = (id: string): Promise<unknown> =>
    waitUntil('the row to be settled', async () => {
      const { rowCount } = await pool.query(
        'SELECT FROM core.outbox WHERE id = $1 AND xid < pg_snapshot_xmin(pg_current_snapshot())',
        [id],
      );
      return rowCount === 1;
    });

  const idsOf = (client: Client): string[] => client.told.slice(1).map(({ data }) => data.id);
  const until = (client: Client, ids: string[]): Promise<unknown> =>
    waitUntil('the events', () => idsOf(client).length >= ids.length).then(() => expect(idsOf(client)).toEqual(ids));

  it('tells what happens from now on, in every process, and nothing of another tenant', async () => {
    await settled(await write());
    const [one, two, stranger] = [await listen(0), await listen(1), await listen(0, { 'x-tenant': 'other' })];
    expect(one.told.map(({ event }) => event)).toEqual(['ready']);
    const ids = [await write(), await write()];
    const others = [await write({ tenant: 'other' })];
    await notify();
    await until(one, ids);
    await until(two, ids);
    await until(stranger, others);
  });

  it('names whom it concerns, and carries no personal data', async () => {
    const client = await listen();
    const [person, conversation] = [randomUUID(), randomUUID()];
    await write({ topic: 'person.state.v1', key: person, payload: { name: 'Nguyễn Văn Bí Mật' } });
    await write({ topic: 'conversation.state.v1', key: conversation, payload: { personId: person } });
    await write({
      topic: 'interaction.events.v1',
      key: '["demo","sms","+84900000001","+84900000123"]',
      payload: { personasof: person, conversation, data: { content: { text: 'số em 0900000123' } } },
    });
    await notify();
    await waitUntil('the events', () => client.told.length === 4);
    expect(client.told.slice(1).map(({ data: { personId, conversationId } }) => [personId, conversationId])).toEqual([
      [person, null],
      [person, conversation],
      [person, conversation],
    ]);
    expect(JSON.stringify(client.told)).not.toMatch(/Bí Mật|900000123/);
  });

  it('goes on behind the last event that the client saw, in another process too', async () => {
    const first = await listen(0);
    await write();
    await notify();
    await waitUntil('the event', () => first.told.length === 2);
    first.leave();
    const missed = [await write(), await write(), await write()];
    await until(await listen(1, { 'last-event-id': first.told.at(-1)!.id }), missed);
  });

  it('keeps the order of those who were slow to commit', async () => {
    const client = await listen();
    const slow = await pool.connect();
    await slow.query('BEGIN');
    const early = await write({}, slow);
    const late = await write();
    await notify();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(idsOf(client)).toEqual([]);
    await slow.query('COMMIT');
    slow.release();
    await notify();
    await until(client, [early, late]);
  });

  it('says reset to a client whose place is kept no longer', async () => {
    const client = await listen();
    await write();
    await notify();
    await waitUntil('the event', () => client.told.length === 2);
    client.leave();
    await pool.query('DELETE FROM core.outbox');
    const again = await listen(0, { 'last-event-id': client.told.at(-1)!.id });
    expect(again.told.map(({ event }) => event)).toEqual(['reset']);
    const ids = [await write()];
    await notify();
    await until(again, ids);
  });

  it.each([
    ['without a token', { authorization: '' }, 401],
    ['with an id of no event', { 'last-event-id': 'yesterday' }, 422],
  ])('answers a problem %s', async (_name, headers, status) => {
    const answer = await ask(0, headers);
    expect([answer.status, ((await answer.json()) as ProblemDto).status]).toEqual([status, status]);
  });

  it('has an end for the streams of one tenant', async () => {
    await Promise.all(Array.from({ length: 50 }, () => listen(1)));
    const refused = await ask(1, {});
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '2']);
    expect((await ask(1, { 'x-tenant': 'other' }, AbortSignal.timeout(5_000))).status).toBe(200);
    clients.splice(0).forEach((client) => client.leave());
    await waitUntil('the streams to be left', async () => {
      const abort = new AbortController();
      const { status } = await ask(1, {}, abort.signal);
      abort.abort();
      return status === 200;
    });
  });

  it('ends with its process', async () => {
    const client = await listen(1);
    await processes.pop()!.stop();
    await waitUntil('the end', () => client.ended);
  });
});
