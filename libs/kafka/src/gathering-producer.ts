import { RecordTooLarge, TemporarilyUnavailable } from '@lienmach/contracts';

import type { KafkaConnection } from './connection.js';
import { pause } from './pause.js';
import { ProducerLink } from './producer-link.js';
import { DEFAULT_LIMITS } from './producer-limits.js';
import type { ProducerLimits, ProducerOptions } from './producer-limits.js';
import { isPermanent } from './failures.js';
import { kafkajsTransport } from './producer-transport.js';
import type { ProducerTransport } from './producer-transport.js';
import type { OutgoingRecord } from './record.js';
import { toMessage } from './prepared-message.js';
import type { PreparedMessage } from './prepared-message.js';
import { fail, keysOf, SendQueue } from './send-queue.js';
import type { Call, QueuedRecord } from './send-queue.js';

/** For readiness: while `failing`, records are taken until the queue is full or too old. */
export type ProducerState =
  | { readonly status: 'connected' | 'connecting' | 'closed' }
  | { readonly status: 'failing'; readonly since: Date; readonly reason: string };

interface Flight {
  readonly records: QueuedRecord[];
  readonly bytes: number;
  /** When its oldest record came. */
  readonly since: number;
  /** When the present attempt began; undefined while it waits for a connection. */
  attemptSince: number | undefined;
}

/** How exactly deadlines are kept. */
const TICK_MS = 20;

/**
 * Gathers what arrives while a request is in flight into the next one. One request at a time keeps each key's order, and
 * costs no speed, for the requests grow with the load.
 *
 * A request that fails for a passing reason is repeated on a new connection until its callers' deadlines have passed; then
 * its callers fail, and what waits behind them with the same keys. A record whose caller's deadline passed while it was in
 * flight may still arrive: the caller's repeat carries the same event id and collapses with it.
 */
export class GatheringProducer {
  private readonly limits: ProducerLimits;
  private readonly link: ProducerLink;
  private readonly queue = new SendQueue();
  private flight: Flight | undefined;
  private scheduled = false;
  private closed = false;
  private ticker: NodeJS.Timeout | undefined;

  /** @param open makes a fresh, unconnected transport; called again after each failure */
  constructor(
    open: () => ProducerTransport,
    private readonly options: ProducerOptions = {},
  ) {
    this.limits = { ...DEFAULT_LIMITS, ...options };
    this.link = new ProducerLink(open, (transport) => this.resume(transport), options.logger);
  }

  /** Connects in the background and keeps trying; `send` does it too when it comes first. */
  connect(): void {
    this.link.connect();
  }

  state(): ProducerState {
    if (this.closed) return { status: 'closed' };
    const { trouble, current } = this.link;
    if (trouble) return { status: 'failing', since: trouble.date, reason: trouble.reason };
    const silence = performance.now() - (this.flight?.since ?? Infinity);
    if (silence > this.limits.maxQueueAgeMs) {
      return { status: 'failing', since: new Date(Date.now() - silence), reason: 'the broker does not answer' };
    }
    return { status: current ? 'connected' : 'connecting' };
  }

  /** Unacknowledged records, for metrics. */
  depth(): { records: number; bytes: number } {
    return {
      records: this.queue.length + (this.flight?.records.length ?? 0),
      bytes: this.queue.bytes + (this.flight?.bytes ?? 0),
    };
  }

  /**
   * Settles when all these records are acknowledged by every in-sync replica.
   * Rejects with RecordTooLarge (names the limit; nothing was queued) or TemporarilyUnavailable (send the same again later).
   * @param deadlineMs milliseconds from now after which the caller is told, whatever the broker does
   */
  send(records: readonly OutgoingRecord[], { deadlineMs }: { deadlineMs: number }): Promise<void> {
    if (records.length === 0) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const since = performance.now();
      const call: Call = { remaining: records.length, deadline: since + deadlineMs, settled: false, resolve, reject };
      const prepared = records.map((record) => this.prepare(record, call, since));
      this.refuseIfFull(prepared, since);
      for (const record of prepared) this.queue.push(record);
      this.ticker ??= setInterval(() => this.tick(), TICK_MS);
      this.schedule();
    });
  }

  /** Whether each of them is small enough to be sent: throws RecordTooLarge, as `send` would reject with it. */
  check(records: readonly OutgoingRecord[]): void {
    for (const { topic, bytes } of records.map((record) => ({ topic: record.topic, ...toMessage(record) })))
      this.refuseLarge(topic, bytes);
  }

  /** Takes no more, waits for what is queued (at most `graceMs`), disconnects. */
  async close(graceMs = 5_000): Promise<void> {
    this.closed = true;
    const until = performance.now() + graceMs;
    while ((this.flight || this.queue.length > 0) && performance.now() < until) await pause(TICK_MS);
    const error = this.unavailable('the process is shutting down');
    for (const { call } of this.flight?.records ?? []) fail(call, error);
    this.queue.failAll(error);
    this.flight = undefined;
    clearInterval(this.ticker);
    await this.link.close();
  }

  private prepare(record: OutgoingRecord, call: Call, since: number): QueuedRecord {
    const { topic } = record;
    const { message, bytes } = toMessage(record);
    this.refuseLarge(topic, bytes);
    return { call, topic, message, bytes, since };
  }

  private refuseLarge(topic: string, bytes: number): void {
    const limit = this.limits.maxRecordBytes(topic);
    if (bytes > limit)
      throw new RecordTooLarge(`a record of ${bytes} bytes exceeds the ${limit} bytes of topic ${topic}`);
  }

  private refuseIfFull(records: QueuedRecord[], now: number): void {
    const reason = this.refusal(records, now);
    if (!reason) return;
    this.options.observer?.refused?.(reason);
    throw this.unavailable(reason);
  }

  private refusal(records: QueuedRecord[], now: number): string | undefined {
    const { maxQueueBytes, maxQueueRecords, maxQueueAgeMs } = this.limits;
    if (this.closed) return 'the process is shutting down';
    const oldest = Math.min(this.flight?.since ?? now, this.queue.oldest ?? now, this.link.trouble?.since ?? now);
    if (now - oldest > maxQueueAgeMs) return `the broker has acknowledged nothing for ${maxQueueAgeMs} ms`;
    const depth = this.depth();
    if (depth.records + records.length > maxQueueRecords) return `${maxQueueRecords} records wait for the broker`;
    const bytes = records.reduce((sum, record) => sum + record.bytes, depth.bytes);
    return bytes > maxQueueBytes ? `${maxQueueBytes} bytes wait for the broker` : undefined;
  }

  private schedule(): void {
    if (this.flight || this.scheduled || this.queue.length === 0) return;
    if (!this.link.current) return this.link.connect();
    this.scheduled = true;
    const run = (): void => {
      this.scheduled = false;
      this.takeOff();
    };
    if (this.limits.gatherMs > 0) setTimeout(run, this.limits.gatherMs);
    else setImmediate(run);
  }

  private takeOff(): void {
    const transport = this.link.current;
    if (this.flight || !transport) return;
    const records = this.queue.take(this.limits.maxRequestRecords, this.limits.maxRequestBytes);
    if (records.length === 0) return;
    const bytes = records.reduce((sum, record) => sum + record.bytes, 0);
    this.flight = { records, bytes, since: records[0]!.since, attemptSince: undefined };
    this.attempt(this.flight, transport);
  }

  private attempt(flight: Flight, transport: ProducerTransport): void {
    const started = performance.now();
    flight.attemptSince = started;
    const byTopic = new Map<string, PreparedMessage[]>();
    for (const { topic, message } of flight.records) {
      const messages = byTopic.get(topic);
      if (messages) messages.push(message);
      else byTopic.set(topic, [message]);
    }
    // an attempt that was given up may still end: its answer then no longer counts
    const counts = (): boolean => this.flight === flight && flight.attemptSince === started;
    transport.send(byTopic).then(
      () => counts() && this.land(flight),
      (error: Error) => counts() && this.stumble(flight, error),
    );
  }

  private land(flight: Flight): void {
    this.report(flight);
    this.link.recovered();
    this.flight = undefined;
    for (const { call } of flight.records) {
      call.remaining -= 1;
      if (call.remaining > 0 || call.settled) continue;
      call.settled = true;
      call.resolve();
    }
    this.schedule();
  }

  private stumble(flight: Flight, error: Error): void {
    this.report(flight, error);
    flight.attemptSince = undefined;
    if (isPermanent(error)) {
      this.crash(flight, error);
      this.schedule();
    } else {
      this.link.replace(error);
      if (isForgotten(flight)) this.crash(flight, error);
    }
  }

  private crash(flight: Flight, error: Error): void {
    this.flight = undefined;
    const failure = this.unavailable(`the broker did not take the records: ${error.message}`, error);
    for (const { call } of flight.records) fail(call, failure);
    this.queue.failWith(keysOf(flight.records), failure);
  }

  private resume(transport: ProducerTransport): void {
    if (this.flight) return this.attempt(this.flight, transport);
    this.link.recovered();
    this.schedule();
  }

  private tick(): void {
    const now = performance.now();
    if (this.flight) this.watch(this.flight, now);
    this.queue.expire(now, () => this.late());
    if (this.flight || this.queue.length > 0) return;
    clearInterval(this.ticker);
    this.ticker = undefined;
  }

  private watch(flight: Flight, now: number): void {
    for (const { call } of flight.records) if (call.deadline <= now) fail(call, this.late());
    if (flight.attemptSince === undefined) {
      if (isForgotten(flight)) this.crash(flight, this.late());
    } else if (now - flight.attemptSince > this.limits.requestTimeoutMs + 500) {
      this.stumble(flight, new Error('the broker never answered'));
    }
  }

  private late(): TemporarilyUnavailable {
    return this.unavailable('the broker did not acknowledge in time');
  }

  private unavailable(message: string, cause?: Error): TemporarilyUnavailable {
    return new TemporarilyUnavailable(message, this.limits.retryAfterSeconds, { cause });
  }

  private report({ records, bytes, attemptSince }: Flight, error?: Error): void {
    const milliseconds = performance.now() - (attemptSince ?? 0);
    this.options.observer?.request?.({ records: records.length, bytes, milliseconds, error });
  }
}

/** The usual producer: kafkajs on the given cluster. */
export function createGatheringProducer(connection: KafkaConnection, options: ProducerOptions = {}): GatheringProducer {
  const requestTimeoutMs = options.requestTimeoutMs ?? DEFAULT_LIMITS.requestTimeoutMs;
  return new GatheringProducer(
    () => kafkajsTransport(connection, { requestTimeoutMs, logger: options.logger }),
    options,
  );
}

/** Every caller has been told already. */
const isForgotten = ({ records }: Flight): boolean => records.every(({ call }) => call.settled);
