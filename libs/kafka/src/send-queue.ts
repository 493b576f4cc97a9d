import type { PreparedMessage } from './prepared-message.js';

/** One `send()`: settled when all its records are acknowledged, or with the first that fails. */
export interface Call {
  /** Records not yet acknowledged. */
  remaining: number;
  /** On the clock of `performance.now()`. */
  readonly deadline: number;
  settled: boolean;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

export interface QueuedRecord {
  readonly call: Call;
  readonly topic: string;
  readonly message: PreparedMessage;
  readonly bytes: number;
  readonly since: number;
}

/** Rejects a call once. */
export function fail(call: Call, error: Error): void {
  if (call.settled) return;
  call.settled = true;
  call.reject(error);
}

// topics do not matter: one thread has the same key on all of them
const keyOf = (record: QueuedRecord): string | undefined => record.message.key?.toString('latin1');

/** Keys of the given records, as `failWith` takes them. */
export function keysOf(records: Iterable<QueuedRecord>): Set<string> {
  const keys = new Set<string>();
  for (const record of records) {
    const key = keyOf(record);
    if (key !== undefined) keys.add(key);
  }
  return keys;
}

/** What waits for the next request, first in, first out, counted in records and bytes. */
export class SendQueue {
  private records: QueuedRecord[] = [];
  private queuedBytes = 0;

  get length(): number {
    return this.records.length;
  }

  get bytes(): number {
    return this.queuedBytes;
  }

  /** When the oldest record came; undefined if empty. */
  get oldest(): number | undefined {
    return this.records[0]?.since;
  }

  push(record: QueuedRecord): void {
    this.records.push(record);
    this.queuedBytes += record.bytes;
  }

  /** The next request: as many as fit, at least one. */
  take(maxRecords: number, maxBytes: number): QueuedRecord[] {
    let count = 0;
    let bytes = 0;
    for (const record of this.records) {
      if (count === maxRecords || (count > 0 && bytes + record.bytes > maxBytes)) break;
      bytes += record.bytes;
      count += 1;
    }
    this.queuedBytes -= bytes;
    return this.records.splice(0, count);
  }

  /**
   * Fails the calls that have one of these keys, and those behind them with the keys of the calls that failed so:
   * otherwise a later record of a key would be stored before the repeat of an earlier one.
   */
  failWith(keys: Set<string>, error: Error): void {
    let before = -1;
    while (before !== this.records.length) {
      before = this.records.length;
      this.keep((record) => {
        const key = keyOf(record);
        if (!record.call.settled && (key === undefined || !keys.has(key))) return true;
        fail(record.call, error);
        if (key !== undefined) keys.add(key);
        return false;
      });
    }
  }

  /** Fails what waited past its deadline, with its followers. */
  expire(now: number, error: () => Error): void {
    const late = this.records.filter(({ call }) => call.deadline <= now);
    if (late.length === 0) return;
    const reason = error();
    for (const { call } of late) fail(call, reason);
    this.failWith(keysOf(late), reason);
  }

  failAll(error: Error): void {
    for (const { call } of this.records) fail(call, error);
    this.records = [];
    this.queuedBytes = 0;
  }

  private keep(predicate: (record: QueuedRecord) => boolean): void {
    this.records = this.records.filter(predicate);
    this.queuedBytes = this.records.reduce((sum, { bytes }) => sum + bytes, 0);
  }
}
