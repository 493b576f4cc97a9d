import type { ChannelEvent, Family } from '@lienmach/contracts';
import type { Evidence } from '../identity/evidence.js';

/** A channel event with everything that core's tables are keyed by. */
export interface PlacedEvent {
  readonly event: ChannelEvent;
  /** JSON text as it will be stored. */
  readonly text: string;
  /** Event time and receipt, milliseconds. */
  readonly at: number;
  readonly receivedAt: number;
  readonly threadId: string;
  readonly family: Family;
  readonly brand: string;
  /** Items that the event names: one, several (a receipt), none (a watermark). */
  readonly itemIds: readonly string[];
  /** The thread's customer, where the event names one. */
  readonly identifierId: string | null;
  readonly identifiers: readonly PlacedIdentifier[];
  readonly evidence: readonly Evidence[];
}

export interface PlacedIdentifier {
  readonly id: string;
  readonly type: string;
  readonly scope: string | null;
  readonly value: string;
  readonly class: string;
  readonly personSeed: string;
  readonly name: string | null;
  /** This event is an interaction of the identifier's own (rule I10). */
  readonly own: boolean;
}
