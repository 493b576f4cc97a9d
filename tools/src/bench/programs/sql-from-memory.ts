/**
 * The very same SQL as core's, without Kafka: events that were read, checked and placed beforehand, stored in batches of the consumer's size by as
 * many workers as the topic has partitions, each moving its offset; marks resolved by core's own loop.
 */
import {
  createDataSource,
  IngestPipeline,
  IngestRepository,
  OUTBOX_CHANNEL,
  ResolveLoop,
  ResolveRepository,
  ResolveService,
  type PlacedEvent,
} from '../../../../apps/core/src/public.js';
import { byPartition, messageRecords, TOPIC } from '../channel-events.js';
import { converse, given } from './conversation.js';

const BATCH = 500;
const partitions = Number(given('BENCH_PARTITIONS'));
const sizes = { warm: Number(given('BENCH_WARM')), measured: Number(given('BENCH_EVENTS')) };

const database = await createDataSource({
  url: given('DATABASE_URL'),
  role: 'lienmach_ingest',
  poolSize: 12,
}).initialize();

const pipeline = new IngestPipeline({
  factsOf: () => ({ secret: Buffer.alloc(32, 1), ownNumbers: [], brandOf: () => 'bench' }),
});
const silent = { log: () => undefined, warn: console.warn, error: console.error };
const resolve = new ResolveLoop(
  new ResolveService(database),
  new ResolveRepository(database.manager),
  silent,
  () => void database.query('SELECT pg_notify($1, $2)', [OUTBOX_CHANNEL, '']),
);

type Lane = { partition: number; batches: PlacedEvent[][] };

function placedLanes(round: string, count: number): Lane[] {
  const lanes = byPartition(messageRecords(round, count), partitions);
  return lanes.map((records, partition) => {
    const { placed, rejected } = pipeline.read(
      records.map(({ key, value }, index) => ({
        topic: TOPIC,
        partition,
        offset: BigInt(index),
        timestamp: Date.now(),
        key: Buffer.from(key ?? ''),
        value: Buffer.from(value ?? ''),
        headers: {},
      })),
    );
    if (rejected.length > 0)
      throw new Error(`the bench made an event that core refuses: ${rejected[0]!.error.message}`);
    const batches = [];
    for (let at = 0; at < placed.length; at += BATCH) batches.push(placed.slice(at, at + BATCH));
    return { partition, batches };
  });
}

async function storeAll(lanes: readonly Lane[]): Promise<null> {
  const work = async ({ partition, batches }: Lane): Promise<void> => {
    for (const batch of batches) {
      await database.transaction(async (manager) => {
        const repository = new IngestRepository(manager);
        await repository.leaveFlushToLater();
        const [last] = await repository.fences([{ topic: TOPIC, partition }]);
        await pipeline.store(manager, [batch]);
        const next = (last ?? 0n) + BigInt(batch.length);
        if (!(await repository.moveOffsets([{ topic: TOPIC, partition, last: last ?? null, next }]))) {
          throw new Error('somebody else moved the offset');
        }
      });
      resolve.wake();
    }
  };
  await Promise.all(lanes.map(work));
  return null;
}

const warm = placedLanes('warm', sizes.warm);
const measured = placedLanes('measured', sizes.measured);
resolve.start();
converse({ warm: () => storeAll(warm), measured: () => storeAll(measured) });
