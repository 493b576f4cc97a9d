import { Doorbell, counter, gauge, histogram } from '@lienmach/platform';
import type { GatheringProducer, OutgoingRecord } from '@lienmach/kafka';
import type { LoggerService } from '@nestjs/common';
import type { PoolClient } from 'pg';
import type { DataSource, QueryRunner } from 'typeorm';
import { OUTBOX_CHANNEL, OutboxRepository, type WaitingRow } from './outbox.repository.js';
import { ShardLocks } from './shard-locks.js';

/** Rows of one round: sent together, marked by one UPDATE. */
const ROUND = 2_000;
/** A NOTIFY may get lost with its connection: look by ourselves as well. */
const POLL_MS = 200;
const REBALANCE_MS = 1_000;
const SEND_DEADLINE_MS = 30_000;
const LONGEST_PAUSE_MS = 5_000;
const HOUSEKEEPING_MS = 60_000;
/** The live stream resumes within this time. */
const KEEP_HOURS = 24;

const published = counter('outbox_published_total', 'Records that the relay published', ['topic']);
const waitingRows = gauge('outbox_waiting', 'Rows of the outbox that are not yet published');
const oldest = gauge('outbox_oldest_seconds', 'Age of the oldest unpublished row');
const delay = histogram('outbox_delay_seconds', 'From the commit of a row to its acknowledgement by Kafka');

/** Rows that Kafka is taking. */
interface Round {
  readonly rows: readonly WaitingRow[];
  readonly sequences: readonly string[];
  readonly sent: Promise<void>;
}

/**
 * Outbox → Kafka. A shard is read in order by the holder of its session lock, so that no relay overtakes another on a key;
 * reads, marks and locks share one session: whoever loses the lock can no longer mark.
 * A record may be published twice (a crash between acknowledgement and mark), with the same id.
 */
export class RelayService {
  private running = false;
  private loop: Promise<void> = Promise.resolve();
  private readonly bell = new Doorbell();
  private trouble: string | undefined;
  /** Resolves when nothing of ours is under way to Kafka. */
  private settled: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly database: DataSource,
    private readonly producer: GatheringProducer,
    private readonly logger: LoggerService,
  ) {}

  start(): void {
    this.running = true;
    this.loop = this.run();
  }

  /** Ends after the round that is under way. */
  async stop(): Promise<void> {
    this.running = false;
    this.wake();
    await this.loop;
  }

  /** Something was written: look now. */
  wake(): void {
    this.bell.ring();
  }

  /** For readiness: throws with what is wrong. */
  check(): void {
    if (this.trouble) throw new Error(this.trouble);
  }

  private async run(): Promise<void> {
    let pause = POLL_MS;
    while (this.running) {
      // what a broken session had under way must not arrive after what the next one sends
      await this.settled;
      const runner = this.database.createQueryRunner();
      try {
        await this.session(runner, () => {
          pause = POLL_MS;
          this.trouble = undefined;
        });
      } catch (error) {
        this.trouble = `the outbox is not being published: ${(error as Error).message}`;
        this.logger.warn('relay interrupted, it tries again', { error: (error as Error).message, pauseMs: pause });
        await this.bell.rest(pause);
        pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
      } finally {
        await runner.release();
      }
    }
  }

  private async session(runner: QueryRunner, onProgress: () => void): Promise<void> {
    const client = (await runner.connect()) as PoolClient;
    let onEnd: (error?: Error) => void = () => undefined;
    const lost = new Promise<never>((_resolve, reject) => {
      onEnd = (error) => reject(error ?? new Error('the connection to PostgreSQL ended'));
    });
    lost.catch(() => this.wake());
    client.on('error', onEnd);
    client.on('end', onEnd);
    const onNotification = (): void => this.wake();
    client.on('notification', onNotification);
    const locks = new ShardLocks(runner.manager);
    try {
      await runner.query(`LISTEN ${OUTBOX_CHANNEL}`);
      await locks.join();
      await Promise.race([lost, this.rounds(new OutboxRepository(runner.manager), locks, onProgress)]);
    } finally {
      client.off('notification', onNotification);
      client.off('error', onEnd);
      client.off('end', onEnd);
      // The connection goes back to the pool: its session must not keep what was ours.
      await runner.query('UNLISTEN *; SELECT pg_advisory_unlock_all()').catch((error: Error) => {
        this.logger.debug?.('the session was gone before its locks were released', { error: error.message });
      });
    }
  }

  /** While Kafka takes one round, the next is read: the producer keeps their order. */
  private async rounds(outbox: OutboxRepository, locks: ShardLocks, onProgress: () => void): Promise<void> {
    let balancedAt = 0;
    let housekeptAt = 0;
    let underWay: Round | undefined;
    while (this.running) {
      const now = Date.now();
      if (now - balancedAt >= REBALANCE_MS) {
        // a shard that is given back must have nothing under way
        await this.finish(outbox, underWay);
        underWay = undefined;
        await locks.balance();
        balancedAt = now;
      }
      if (now - housekeptAt >= HOUSEKEEPING_MS) {
        await outbox.forget(KEEP_HOURS, 50_000);
        housekeptAt = now;
      }
      this.bell.listen();
      const rows = locks.held.length > 0 ? await outbox.waiting(locks.held, ROUND, underWay?.sequences) : [];
      const next = rows.length > 0 ? this.send(rows) : undefined;
      await this.finish(outbox, underWay);
      underWay = next;
      onProgress();
      await this.report(outbox, rows.length);
      if (!next && this.running) await this.bell.rest(POLL_MS);
    }
    await this.finish(outbox, underWay);
  }

  private send(rows: readonly WaitingRow[]): Round {
    const sent = this.producer.send(rows.map(toRecord), { deadlineMs: SEND_DEADLINE_MS });
    // its failure is told when the round is finished
    this.settled = Promise.allSettled([this.settled, sent]);
    return { rows, sequences: rows.map(({ seq }) => seq), sent };
  }

  private async finish(outbox: OutboxRepository, round: Round | undefined): Promise<void> {
    if (!round) return;
    await round.sent;
    await outbox.markPublished(round.sequences);
    const now = Date.now();
    for (const { aggregatetype, createdAt } of round.rows) {
      published.inc({ topic: aggregatetype });
      delay.observe(Math.max(0, now - createdAt) / 1_000);
    }
  }

  private reportedAt = 0;

  /** Counting the waiting rows costs as much as there are: only from time to time. */
  private async report(outbox: OutboxRepository, last: number): Promise<void> {
    if (last === 0) {
      waitingRows.set(0);
      oldest.set(0);
    } else if (Date.now() - this.reportedAt > 5_000) {
      this.reportedAt = Date.now();
      const depth = await outbox.depth();
      waitingRows.set(depth.waiting);
      oldest.set(depth.oldestSeconds);
    }
  }
}

function toRecord(row: WaitingRow): OutgoingRecord {
  const headers = row.headers ?? { 'content-type': 'application/cloudevents+json; charset=utf-8' };
  return { topic: row.aggregatetype, key: row.aggregateid, value: row.payload, headers: { ...headers, id: row.id } };
}
