import { setTimeout as pause } from 'node:timers/promises';
import { deterministicId, threadKey, TOPICS } from '@lienmach/contracts';
import { readToEnd } from '@lienmach/kafka';
import { createDataSource, OUTBOX_CHANNEL, OutboxRepository } from '../../../apps/core/src/public.js';
import type { BenchContext } from './bench-context.js';
import { TENANT, type Stack } from './bench-servers.js';
import { messageRecords } from './channel-events.js';
import { compared, type Measure } from './measure.js';
import { spread } from './statistics.js';

const GIVE_UP_MS = 120_000;
const KEYS = 1_000;

/** Writes so many rows in one transaction, as core does. @returns when they could be seen, by Date.now() */
async function fill(stack: Stack, round: string, count: number): Promise<number> {
  const database = await createDataSource({
    url: stack.databaseUrl,
    role: 'lienmach_ingest',
    poolSize: 1,
  }).initialize();
  try {
    let committing = 0;
    const values = messageRecords(round, count).map(({ value }) => JSON.parse(String(value)) as object);
    await database.transaction(async (manager) => {
      const outbox = new OutboxRepository(manager);
      for (let at = 0; at < count; at += 1_000) {
        await outbox.append(
          values.slice(at, at + 1_000).map((value, index) => ({
            tenant: TENANT,
            id: deterministicId('derived', 'bench', round, String(at + index)),
            aggregatetype: TOPICS.interactionEvents,
            aggregateid: threadKey(TENANT, 'facebook', round, String((at + index) % KEYS)),
            type: 'message.received',
            payload: { ...value, position: at + index },
            headers: null,
          })),
        );
      }
      await manager.query('SELECT pg_notify($1, $2)', [OUTBOX_CHANNEL, '']);
      committing = Date.now();
    });
    return committing;
  } finally {
    await database.destroy();
  }
}

/** @returns when the last row was marked, milliseconds */
async function untilPublished(stack: Stack): Promise<number> {
  const deadline = Date.now() + GIVE_UP_MS;
  for (;;) {
    const { waiting } = await stack.one<{ waiting: boolean }>(
      'SELECT EXISTS (SELECT FROM core.outbox WHERE published_at IS NULL) AS waiting',
    );
    if (!waiting) break;
    if (Date.now() > deadline) throw new Error('the outbox was not published in time');
    await pause(50);
  }
  const { last } = await stack.one<{ last: number }>(
    'SELECT (extract(epoch FROM max(published_at)) * 1000)::float8 AS last FROM core.outbox',
  );
  return last;
}

/** Everything once, each key in order. */
async function requireInOrder(stack: Stack, total: number): Promise<void> {
  const ids = new Set<string>();
  const last = new Map<string, number>();
  await readToEnd(stack.connection, TOPICS.interactionEvents, ({ key, value, headers }) => {
    ids.add(String(headers['id']));
    const { position } = JSON.parse(String(value)) as { position: number };
    if (position <= (last.get(String(key)) ?? -1)) throw new Error(`key ${String(key)} came out of order`);
    last.set(String(key), position);
  });
  if (ids.size !== total)
    throw new Error(`${total} rows were marked as published, the topic holds ${ids.size} of them`);
}

type Start = (stack: Stack) => Promise<{ stop(): Promise<void> }>;

async function race(context: BenchContext, start: Start, label: string): Promise<number> {
  const { servers, quick } = context;
  const [warm, measured] = quick ? [1_000, 5_000] : [5_000, 40_000];
  const stack = await servers.newStack(label);
  const running = await start(stack);
  try {
    await fill(stack, 'warm', warm);
    await untilPublished(stack);
    const began = await fill(stack, 'measured', measured);
    const ended = await untilPublished(stack);
    await requireInOrder(stack, warm + measured);
    return (measured * 1_000) / (ended - began);
  } finally {
    await running.stop();
    await stack.discard();
  }
}

/** Outbox → Kafka a second, ours and the loop that polls a hundred rows. */
export async function measureRelay(context: BenchContext): Promise<Measure[]> {
  const contestants: readonly (readonly [string, Start])[] = [
    ['ours', (stack) => stack.app('core', { CORE_ROLES: 'relay' })],
    ['poll loop', (stack) => stack.program('poll-relay')],
  ];
  const rates = new Map<string, number[]>(contestants.map(([name]) => [name, []]));
  const rounds = context.quick ? 1 : 3;
  for (let round = 1; round <= rounds; round += 1) {
    const turn = round % 2 === 1 ? contestants : [...contestants].reverse();
    for (const [index, [name, start]] of turn.entries()) {
      const rate = await race(context, start, `relay_${round}_${index}`);
      rates.get(name)!.push(rate);
      context.say(`relay round ${round} of ${rounds}: ${name} ${Math.round(rate)} rows/s`);
    }
  }
  return [
    compared({
      name: 'relay-vs-poll',
      unit: 'rows/s',
      ours: spread(rates.get('ours')!),
      comparator: spread(rates.get('poll loop')!),
      comparatorName: 'poll loop',
      atLeast: 2,
      detail: 'rows of 1 KB over 1000 keys; order of each key checked',
    }),
  ];
}
