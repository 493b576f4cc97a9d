import { channelTopic, rawTopic } from '@lienmach/contracts';
import { freePorts } from '../embedded/index.js';
import type { BenchContext } from './bench-context.js';
import type { Stack } from './bench-servers.js';
import { requestsOf, SECRET, webhooks } from './facebook-requests.js';
import { closedLoop, openLoop } from './http-load.js';
import { compared, type Measure } from './measure.js';
import { processorSeconds } from './process-time.js';
import { median, percentile, spread } from './statistics.js';
import { countRecords, requireMessages, withAdmin } from './topic-counts.js';

const PARTITIONS = 8;
const LATENCY_RATES = [500, 2_000];

/** A server that takes webhooks, and where it stores them. */
class Door {
  sent = 0;
  readonly rates: number[] = [];
  readonly costs: number[] = [];
  private stored = new Map<string, number>();

  constructor(
    readonly name: string,
    private readonly port: number,
    readonly pid: number,
    private readonly stack: Stack,
    private readonly topics: readonly string[],
    readonly stop: () => Promise<void>,
  ) {}

  /** @returns requests a second */
  async throughput(round: string, count: number): Promise<void> {
    const requests = requestsOf(webhooks(`${this.name}-${round}`, count));
    const before = processorSeconds(this.pid);
    const seconds = await closedLoop(this.port, requests);
    const after = processorSeconds(this.pid);
    await this.account(count);
    this.rates.push(count / seconds);
    if (before !== null && after !== null) this.costs.push(((after - before) * 1e6) / count);
  }

  forget(): void {
    this.rates.length = 0;
    this.costs.length = 0;
  }

  async latencies(round: string, perSecond: number, seconds: number): Promise<number[]> {
    const requests = requestsOf(webhooks(`${this.name}-${round}`, perSecond * seconds));
    const found = await openLoop(this.port, requests, perSecond);
    await this.account(requests.length);
    return found;
  }

  /** sent = acknowledged (the load saw only 200) = stored. */
  private async account(count: number): Promise<void> {
    this.sent += count;
    for (const topic of this.topics) {
      const records = await countRecords(this.stack.connection, topic);
      if (records !== this.sent)
        throw new Error(`${this.name}: ${this.sent} requests were acknowledged, ${topic} holds ${records} records`);
      this.stored.set(topic, records);
    }
  }

  async readBack(): Promise<void> {
    for (const topic of this.topics) await requireMessages(this.stack.connection, topic, this.sent);
  }
}

async function openDoors(stack: Stack, wanted: { usual: boolean }): Promise<Door[]> {
  const topics = { bare: 'bench.bare', usual: 'bench.usual' };
  await withAdmin(stack.connection.brokers, (admin) =>
    admin.createTopics({
      topics: Object.values(topics).map((topic) => ({
        topic: `${stack.name}.${topic}`,
        numPartitions: PARTITIONS,
        configEntries: [{ name: 'max.message.bytes', value: String(4 * 1024 * 1024) }],
      })),
    }),
  );
  const adapter = await stack.app('adapter-facebook');
  const doors = [
    new Door('ours', adapter.port, adapter.pid, stack, [rawTopic('facebook'), channelTopic('facebook')], () =>
      adapter.stop(),
    ),
  ];
  const programs = [['bare-door', 'bare'] as const, ...(wanted.usual ? [['usual-nest-door', 'usual'] as const] : [])];
  for (const [program, name] of programs) {
    const [port] = (await freePorts(1)) as [number];
    const topic = topics[name];
    const running = await stack.program(program, {
      BENCH_PORT: String(port),
      BENCH_TOPIC: `${stack.name}.${topic}`,
      BENCH_SECRET: SECRET,
    });
    doors.push(new Door(name, port, running.pid, stack, [topic], () => running.stop()));
  }
  return doors;
}

/** POST→200 a second and its latency: our adapter, the bare program and the usual Nest program in turns, each alone on one core. */
export async function measureIngest(context: BenchContext): Promise<Measure[]> {
  const { servers, pinning, quick, wanted, say } = context;
  pinning.aside(process.pid, ...servers.pids);
  const stack = await servers.newStack('ingest');
  const doors = await openDoors(stack, { usual: wanted.has('ingest-vs-usual-nest') });
  const measures: Measure[] = [];
  try {
    for (const door of doors) pinning.underTest(door.pid);
    const [ours, bare, usual] = doors as [Door, Door, Door | undefined];
    for (const door of doors) await door.throughput('warm', door === usual ? 2_000 : quick ? 5_000 : 20_000);
    for (const door of doors) door.forget();

    if (wanted.has('ingest-vs-bare') || usual) {
      const rounds = quick ? 2 : 5;
      for (let round = 1; round <= rounds; round += 1) {
        const turn = round % 2 === 1 ? doors : [...doors].reverse();
        for (const door of turn) {
          const count = door === usual ? (quick ? 2_000 : 5_000) : quick ? 8_000 : 20_000;
          await door.throughput(`t${round}`, count);
          say(`ingest round ${round} of ${rounds}: ${door.name} ${Math.round(door.rates.at(-1)!)}/s`);
        }
      }
      const cost = ({ costs }: Door): string => (costs.length > 0 ? `${Math.round(median(costs))} µs` : '?');
      const both = (other: Door): string => `processor time a request ${cost(ours)}, ${other.name} ${cost(other)}`;
      const common = { unit: 'req/s', ours: spread(ours.rates) };
      measures.push(
        compared({
          ...common,
          name: 'ingest-vs-bare',
          comparator: spread(bare.rates),
          comparatorName: 'bare',
          atLeast: 0.6,
          detail: `ours stores raw + event, bare one record; ${both(bare)}`,
        }),
      );
      if (usual) {
        measures.push(
          compared({
            ...common,
            name: 'ingest-vs-usual-nest',
            comparator: spread(usual.rates),
            comparatorName: 'usual Nest',
            atLeast: 3,
            detail: both(usual),
          }),
        );
      }
    }
    if (wanted.has('ingest-latency-p99')) measures.push(await measureLatency(context, ours, bare));
    for (const door of doors) await door.readBack();
    return measures.filter(({ name }) => wanted.has(name));
  } finally {
    await Promise.all(doors.map((door) => door.stop()));
    await stack.discard();
    pinning.free(process.pid, ...servers.pids);
  }
}

async function measureLatency({ quick, say }: BenchContext, ours: Door, bare: Door): Promise<Measure> {
  const rounds = quick ? 1 : 3;
  const seconds = quick ? 3 : 5;
  const found = [];
  for (const rate of LATENCY_RATES) {
    const p99 = new Map<Door, number[]>([
      [ours, []],
      [bare, []],
    ]);
    const p50 = new Map<Door, number[]>([
      [ours, []],
      [bare, []],
    ]);
    for (let round = 1; round <= rounds; round += 1) {
      for (const door of round % 2 === 1 ? [ours, bare] : [bare, ours]) {
        const latencies = await door.latencies(`l${rate}-${round}`, rate, seconds);
        p50.get(door)!.push(percentile(latencies, 0.5));
        p99.get(door)!.push(percentile(latencies, 0.99));
        say(
          `latency at ${rate}/s, round ${round} of ${rounds}: ${door.name} p99 ${p99.get(door)!.at(-1)!.toFixed(2)} ms`,
        );
      }
    }
    const [a, b] = [spread(p99.get(ours)!), spread(p99.get(bare)!)];
    const text = `${rate}/s: p50 ${median(p50.get(ours)!).toFixed(2)} / ${median(p50.get(bare)!).toFixed(2)} ms, p99 ${a.median.toFixed(2)} / ${b.median.toFixed(2)} ms (ours / bare)`;
    found.push({ a, b, text, ratio: a.median / b.median });
  }
  const worst = found.reduce((left, right) => (right.ratio > left.ratio ? right : left));
  return compared({
    name: 'ingest-latency-p99',
    unit: 'ms',
    ours: worst.a,
    comparator: worst.b,
    comparatorName: 'bare',
    atMost: 2,
    detail: `open loop, the worse rate counts; ${found.map(({ text }) => text).join('; ')}`,
  });
}
