import type { KafkaLogger } from './connection.js';

export interface CommittedOffset {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
}

/** Commits where the next read begins, from time to time instead of per batch: a request each would cost more than small batches. */
export class OffsetCommitter {
  private readonly next = new Map<string, CommittedOffset>();
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;

  constructor(
    private readonly commit: (offsets: CommittedOffset[]) => Promise<void>,
    private readonly intervalMs: number,
    private readonly logger?: KafkaLogger,
  ) {}

  note(topic: string, partition: number, next: bigint): void {
    this.next.set(`${topic}/${partition}`, { topic, partition, offset: String(next) });
    this.timer ??= setTimeout(() => void this.flush(), this.intervalMs);
  }

  /** Commits what is noted. A failure is no loss: the records are read again, and the next commit covers them. */
  async flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    await this.running;
    const offsets = [...this.next.values()];
    if (offsets.length === 0) return;
    this.next.clear();
    this.running = this.commit(offsets).catch((error: Error) => {
      this.logger?.debug?.('kafka consumer: offsets not committed', { reason: error.message });
    });
    await this.running;
    this.running = undefined;
  }

  /** The partitions may belong to others now. */
  forget(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.next.clear();
  }
}
