import type { HeaderValue, KafkaRecord } from './record.js';

/** Why a record goes to the dead-letter topic. */
export interface DeadLetterReason {
  readonly record: KafkaRecord;
  /** Where it failed, in the reader's words: `decode`, `validate`, `dedup`. */
  readonly stage: string;
  readonly error: Error;
  /** Further headers for whoever looks at it, by name. */
  readonly headers?: Readonly<Record<string, HeaderValue>>;
}

/**
 * What became of a record, or of a whole batch. Throwing means "passing trouble, the same again later" and nothing else:
 * the partition pauses, the others go on.
 */
export type RecordOutcome =
  | { readonly kind: 'ok' }
  | { readonly kind: 'drop'; readonly reason: string }
  | { readonly kind: 'dead-letter'; readonly stage: string; readonly error: Error };

/** `seek`: the batch does not begin where the store ends; read again from `offset`. */
export type BatchOutcome = RecordOutcome | { readonly kind: 'seek'; readonly offset: bigint };

/** Done; the offset may move. */
export const ok: RecordOutcome = { kind: 'ok' };

/** Knowingly without effect; counted by reason. */
export const drop = (reason: string): RecordOutcome => ({ kind: 'drop', reason });

/** Can never succeed: the original bytes go to the dead-letter topic before the offset moves. */
export const deadLetter = (stage: string, error: Error): RecordOutcome => ({ kind: 'dead-letter', stage, error });

/** For a store that keeps its own offset: throw the batch away and read from there. */
export const seekTo = (offset: bigint): BatchOutcome => ({ kind: 'seek', offset });

/** Records of one partition, in order, as one fetch brought them (at most the handler's `maxRecords`). */
export interface KafkaBatch {
  readonly topic: string;
  readonly partition: number;
  /** May be empty: when all records of the fetch were unreadable and have been dead-lettered already. */
  readonly records: readonly KafkaRecord[];
  /** Where this batch begins in the log: equals `nextOffset` of the one before, whatever gaps the log has. A fence compares it. */
  readonly fromOffset: bigint;
  /** Where the next batch begins: what a fence stores. */
  readonly nextOffset: bigint;
  /** Records of the partition behind this batch. */
  readonly lag: number;
  /** False once the partition may belong to another member or the process is stopping: end early, nothing is committed. */
  isCurrent(): boolean;
  /** Resolves when these are acknowledged on the dead-letter topic: before the handler commits an offset of its own. */
  deadLetter(letters: readonly DeadLetterReason[]): Promise<void>;
}
