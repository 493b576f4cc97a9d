import { setTimeout as pause } from 'node:timers/promises';
import { TOPIC_DEFINITIONS, TOPICS } from '@lienmach/contracts';
import { createGatheringProducer, withPrefix } from '@lienmach/kafka';
import type { BenchContext } from './bench-context.js';
import type { Stack } from './bench-servers.js';
import { messageRecords, TOPIC } from './channel-events.js';
import { compared, type Measure } from './measure.js';
import { spread } from './statistics.js';
import { fillMessages } from './stored-messages.js';
import { countRecords } from './topic-counts.js';

const PARTITIONS = TOPIC_DEFINITIONS.find(({ name }) => name === TOPIC)!.partitions;
const GIVE_UP_MS = 180_000;
/** Name of the database that is copied for each round on a full one. */
const FILLED = 'core_filled';
const FULL = 'ours, full';

interface Sizes {
  readonly warm: number;
  readonly measured: number;
}

/** One program on a stack of its own: warm it up, then let go of everything at one moment. */
interface Contestant {
  readonly name: string;
  readonly sizes: Sizes;
  /** The database that its own is a copy of. */
  readonly template?: string;
  start(stack: Stack, sizes: Sizes): Promise<Running>;
}

interface Running {
  /** Makes so many events come to it. @returns the moment from which it could work, by Date.now() */
  feed(round: keyof Sizes, count: number): Promise<number>;
  /** Events that went all the way, and when the last of them did. */
  progress(): Promise<{ done: number; lastAt: number | null }>;
  /** @throws when not exactly so many events stand everywhere */
  check(total: number): Promise<void>;
  stop(): Promise<void>;
}

/** The offsets move with the marks in one transaction: all of it read and no mark left means that everything went all the way. */
const coreProgress = async (stack: Stack): Promise<{ done: number; lastAt: number | null }> => {
  const { taken, dirty } = await stack.one<{ taken: string | null; dirty: boolean }>(
    'SELECT (SELECT sum(next) FROM core.consumer_offset) AS taken, EXISTS (SELECT FROM core.dirty) AS dirty',
  );
  if (dirty || taken === null) return { done: 0, lastAt: null };
  const { at } = await stack.one<{ at: number | null }>(
    'SELECT (extract(epoch FROM max(created_at)) * 1000)::float8 AS at FROM core.outbox',
  );
  return { done: Number(taken), lastAt: at };
};

async function coreCheck(stack: Stack, total: number): Promise<void> {
  const found = await stack.one<Record<string, string>>(
    `SELECT (SELECT count(*) FROM core.event) AS events,
            (SELECT count(*) FROM core.item WHERE segment_id IS NOT NULL) AS items,
            (SELECT count(DISTINCT id) FROM core.outbox WHERE aggregatetype = $1) AS interactions,
            (SELECT sum(next) FROM core.consumer_offset) AS offsets`,
    [TOPICS.interactionEvents],
  );
  const wrong = Object.entries(found).find(([, count]) => Number(count) !== total);
  if (wrong) throw new Error(`${total} events were fed, ${wrong[0]} are ${wrong[1]}`);
}

async function publish(stack: Stack, round: string, count: number): Promise<void> {
  const producer = createGatheringProducer(stack.connection);
  try {
    const records = messageRecords(round, count);
    for (let at = 0; at < count; at += 10_000) {
      await producer.send(records.slice(at, at + 10_000), { deadlineMs: 60_000 });
    }
  } finally {
    await producer.close();
  }
  const stored = await countRecords(stack.connection, TOPIC);
  if (stored < count) throw new Error(`${count} events were acknowledged, the topic holds ${stored}`);
}

/** Publishes while the process is stopped in its tracks, so that it finds all of it at one moment. */
async function publishFrozen(pid: number, stack: Stack, round: string, count: number): Promise<number> {
  process.kill(pid, 'SIGSTOP');
  try {
    await publish(stack, round, count);
  } finally {
    process.kill(pid, 'SIGCONT');
  }
  return Date.now();
}

const ours = (sizes: Sizes, filled: { name: string; template: string } | null = null): Contestant => ({
  name: 'ours',
  ...filled,
  sizes,
  async start(stack) {
    const app = await stack.app('core', { CORE_ROLES: 'ingest' });
    return {
      feed: (round, count) => publishFrozen(app.pid, stack, round, count),
      progress: () => coreProgress(stack),
      check: (total) => coreCheck(stack, total),
      stop: () => app.stop(),
    };
  },
});

const sqlFromMemory = (sizes: Sizes): Contestant => ({
  name: 'SQL from memory',
  sizes,
  async start(stack) {
    const program = await stack.program('sql-from-memory', {
      BENCH_PARTITIONS: String(PARTITIONS),
      BENCH_WARM: String(sizes.warm),
      BENCH_EVENTS: String(sizes.measured),
    });
    return {
      async feed(round) {
        const began = Date.now();
        await program.ask(round, GIVE_UP_MS);
        return began;
      },
      progress: () => coreProgress(stack),
      check: (total) => coreCheck(stack, total),
      stop: () => program.stop(),
    };
  },
});

const usualConsumer = (sizes: Sizes): Contestant => ({
  name: 'eachMessage + save',
  sizes,
  async start(stack) {
    const program = await stack.program('usual-consumer', { BENCH_TOPIC: withPrefix(stack.connection, TOPIC) });
    return {
      feed: (round, count) => publishFrozen(program.pid, stack, round, count),
      async progress() {
        const { done, at } = await stack.one<{ done: string; at: number | null }>(
          `SELECT count(*) AS done, (extract(epoch FROM max("createdAt")) * 1000)::float8 AS at FROM usual.outbox`,
        );
        return { done: Number(done), lastAt: at };
      },
      async check(total) {
        const { count } = await stack.one<{ count: string }>('SELECT count(*) AS count FROM usual.timeline');
        if (Number(count) !== total) throw new Error(`${total} events were fed, the timeline has ${count}`);
      },
      stop: () => program.stop(),
    };
  },
});

async function untilDone(running: Running, total: number, name: string): Promise<number> {
  const deadline = Date.now() + GIVE_UP_MS;
  for (;;) {
    const { done, lastAt } = await running.progress();
    if (done >= total && lastAt !== null) return lastAt;
    if (Date.now() > deadline) throw new Error(`${name} did not finish ${total} events: ${done} are done`);
    await pause(100);
  }
}

/** @returns events a second */
async function race(context: BenchContext, contestant: Contestant, label: string): Promise<number> {
  const { name, sizes } = contestant;
  const stack = await context.servers.newStack(label, contestant.template);
  const running = await contestant.start(stack, sizes);
  try {
    await running.feed('warm', sizes.warm);
    await untilDone(running, sizes.warm, name);
    const began = await running.feed('measured', sizes.measured);
    const total = sizes.warm + sizes.measured;
    const ended = await untilDone(running, total, name);
    await running.check(total);
    return (sizes.measured * 1_000) / (ended - began);
  } finally {
    await running.stop();
    await stack.discard();
  }
}

/** Events a second from Kafka into people, timeline, outbox and offset; beside it the same SQL without Kafka, and the usual consumer. */
export async function measureCore(context: BenchContext): Promise<Measure[]> {
  const { servers, quick, wanted, say } = context;
  const sizes = quick ? { warm: 1_000, measured: 5_000 } : { warm: 4_000, measured: 12_000 };
  const few = quick ? { warm: 50, measured: 300 } : { warm: 200, measured: 1_000 };
  const contestants = [ours(sizes)];
  if (wanted.has('core-vs-sql')) contestants.push(sqlFromMemory(sizes));
  if (wanted.has('core-vs-usual')) contestants.push(usualConsumer(few));
  const stored = quick ? 50_000 : 1_000_000;
  if (wanted.has('core-million-vs-empty')) {
    const filled = await servers.newStack(FILLED);
    await fillMessages(filled, stored);
    await filled.release();
    say(`core: ${stored} messages are stored`);
    contestants.push(ours(sizes, { name: FULL, template: FILLED }));
  }
  const rates = new Map<string, number[]>(contestants.map(({ name }) => [name, []]));
  const rounds = quick ? 1 : 3;
  for (let round = 1; round <= rounds; round += 1) {
    const turn = round % 2 === 1 ? contestants : [...contestants].reverse();
    for (const [index, contestant] of turn.entries()) {
      const rate = await race(context, contestant, `core_${round}_${index}`);
      rates.get(contestant.name)!.push(rate);
      say(`core round ${round} of ${rounds}: ${contestant.name} ${Math.round(rate)} events/s`);
    }
  }
  if (wanted.has('core-million-vs-empty')) await servers.dropDatabase(FILLED);
  const common = { unit: 'events/s', ours: spread(rates.get('ours')!) };
  const result = (name: 'core-vs-sql' | 'core-vs-usual', comparatorName: string, atLeast: number, detail: string) =>
    compared({ ...common, name, comparatorName, comparator: spread(rates.get(comparatorName)!), atLeast, detail });
  return [
    ...(wanted.has('core-vs-sql')
      ? [result('core-vs-sql', 'SQL from memory', 0.6, 'the same batches and the same SQL; all cores')]
      : []),
    ...(wanted.has('core-vs-usual')
      ? [
          result(
            'core-vs-usual',
            'eachMessage + save',
            20,
            'person, timeline and outbox row in one transaction a message',
          ),
        ]
      : []),
    ...(wanted.has('core-million-vs-empty')
      ? [
          compared({
            name: 'core-million-vs-empty',
            unit: 'events/s',
            ours: spread(rates.get(FULL)!),
            comparator: spread(rates.get('ours')!),
            comparatorName: 'empty',
            atLeast: 0.8,
            detail: `${stored} messages stood in the database already`,
          }),
        ]
      : []),
  ];
}
