import { TemporarilyUnavailable } from '@lienmach/contracts';
import type { OutgoingRecord, RecordSender } from '@lienmach/kafka';
import type { Spool } from './spool.js';

/** While a broker is away, the vendor keeps the events for this part of its patience: its memory is larger than our disk. */
const SHARE = 1 / 3;

/**
 * Whether an outage is so long that a vendor's events are to be kept here.
 * @param patienceSeconds undefined: the vendor never gives up on us
 * @param since when it began, and `now`: milliseconds since 1970
 */
export function isLongOutage(patienceSeconds: number | undefined, since: number, now: number): boolean {
  return patienceSeconds !== undefined && now - since >= patienceSeconds * 1000 * SHARE;
}

/**
 * Sends to the broker and, in a long outage, into the spool: a vendor is told "try again" for a third of its patience, then its events are kept here, so that it
 * does not give up on us. While anything waits in the spool everything goes through it, or a later event would overtake an earlier one.
 */
export class PatientSender implements RecordSender {
  /** When the broker failed us first since it last acknowledged, milliseconds since 1970. */
  private failingSince: number | undefined;

  /** @param patienceSeconds how long the vendor repeats what is refused; undefined: it never gives up */
  constructor(
    private readonly broker: RecordSender,
    private readonly spool: Pick<Spool, 'waiting' | 'append'>,
    private readonly patienceSeconds: number | undefined,
    private readonly now: () => number,
  ) {}

  async send(records: readonly OutgoingRecord[], options: { deadlineMs: number }): Promise<void> {
    if (this.spool.waiting > 0) return this.spool.append(records);
    try {
      await this.broker.send(records, options);
      this.failingSince = undefined;
    } catch (error) {
      if (!(error instanceof TemporarilyUnavailable)) throw error;
      this.failingSince ??= this.now();
      const isLong = isLongOutage(this.patienceSeconds, this.failingSince, this.now());
      // another request may have begun to spool meanwhile
      if (this.spool.waiting === 0 && !isLong) throw error;
      await this.spool.append(records);
    }
  }
}
