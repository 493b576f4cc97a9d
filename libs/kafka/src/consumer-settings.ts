import type { RecordSender } from './dead-letters.js';
import type { KafkaConnection, KafkaLogger } from './connection.js';

export interface KafkaStrategyOptions {
  readonly connection: KafkaConnection;
  /** Consumer group without prefix: runs the handlers that were declared for it. */
  readonly group: string;
  /** Sends dead letters: the process's gathering producer. */
  readonly deadLetters: RecordSender;
  /**
   * For a store that keeps its own offsets: where to read on. Asked for each partition as it is assigned, before anything is
   * handed over; null: where the group committed. Throwing: asked again, with a growing pause.
   */
  readonly startFrom?: (topic: string, partition: number) => Promise<bigint | null>;
  /** The consumer is dead and will not come back: readiness must fail and the process exit. */
  readonly onCrash: (error: Error) => void;
  /** Where a group without committed offsets begins; the beginning by default. */
  readonly fromBeginning?: boolean;
  readonly logger?: KafkaLogger;
  readonly observer?: ConsumerObserver;
  readonly tuning?: Partial<ConsumerTuning>;
}

export interface ConsumerObserver {
  /** One fetch of a partition was worked on. */
  batch?(report: { topic: string; partition: number; records: number; lag: number; milliseconds: number }): void;
  /** A partition pauses after passing trouble. */
  paused?(report: { topic: string; partition: number; attempt: number; pauseMs: number; error: Error }): void;
  dropped?(report: { topic: string; reason: string; count: number }): void;
  deadLettered?(report: { topic: string; stage: string; count: number }): void;
}

export interface ConsumerTuning {
  /** A member that says nothing for so long loses its partitions. */
  readonly sessionTimeoutMs: number;
  /** Also how soon a member notices a rebalance. */
  readonly heartbeatMs: number;
  /** How long a member may take to finish its work when partitions are dealt out again. */
  readonly rebalanceTimeoutMs: number;
  /** How long the broker holds an empty fetch; data ends it at once, but a resumed partition waits for its end. */
  readonly maxWaitMs: number;
  /** Of one fetch: kafkajs works on all of it before it fetches again. */
  readonly maxBytesPerPartition: number;
  readonly maxBytes: number;
  readonly requestTimeoutMs: number;
  readonly commitIntervalMs: number;
  /** Pause of a partition after passing trouble: the first, doubled each time up to the last. */
  readonly firstPauseMs: number;
  readonly lastPauseMs: number;
  /** How long `close` waits for running handlers. */
  readonly closeGraceMs: number;
}

export const DEFAULT_TUNING: ConsumerTuning = {
  sessionTimeoutMs: 8_000,
  heartbeatMs: 1_000,
  rebalanceTimeoutMs: 30_000,
  maxWaitMs: 100,
  maxBytesPerPartition: 1024 * 1024,
  maxBytes: 8 * 1024 * 1024,
  requestTimeoutMs: 5_000,
  commitIntervalMs: 1_000,
  firstPauseMs: 250,
  lastPauseMs: 30_000,
  closeGraceMs: 10_000,
};

/** For readiness. `failing`: tries again by itself; `crashed`: does not. */
export type ConsumerState =
  | { readonly status: 'connecting' | 'running' | 'closed' }
  | { readonly status: 'failing' | 'crashed'; readonly since: Date; readonly reason: string };
