import { counter, histogram } from '@lienmach/platform';

/** What became of a request at a door. */
export type DoorOutcome =
  'accepted' | 'handshake' | 'unauthorised' | 'unknown-account' | 'refused' | 'unavailable' | 'failed';

/** Kinds come from outside; past so many further ones are counted as `other`. */
const MOST_KINDS = 100;

/** Counters of one vendor's doors, bound to their labels once. */
export class DoorMetrics {
  private readonly outcomes = new Map<DoorOutcome, { inc(): void }>();
  private readonly types = new Map<string, { inc(): void }>();
  private readonly kinds = new Map<string, { inc(): void }>();
  private readonly letters: { inc(): void };
  private readonly seconds: { observe(value: number): void };

  constructor(private readonly vendor: string) {
    this.letters = counter(
      'lienmach_door_dead_letters_total',
      'Requests of which something went to the dead-letter topic.',
      ['vendor'],
    ).labels({ vendor });
    this.seconds = histogram('lienmach_door_seconds', 'From the last byte of a request to its answer.', [
      'vendor',
    ]).labels({ vendor });
  }

  answered(outcome: DoorOutcome, milliseconds: number): void {
    this.bound(this.outcomes, outcome, () =>
      counter('lienmach_door_requests_total', 'Requests by what became of them.', ['vendor', 'outcome']).labels({
        vendor: this.vendor,
        outcome,
      }),
    ).inc();
    this.seconds.observe(milliseconds / 1000);
  }

  event(type: string): void {
    this.bound(this.types, type, () =>
      counter('lienmach_door_events_total', 'Events made of requests, acknowledged or not.', ['vendor', 'type']).labels(
        {
          vendor: this.vendor,
          type,
        },
      ),
    ).inc();
  }

  unknown(name: string): void {
    const kind = this.kinds.has(name) || this.kinds.size < MOST_KINDS ? name.slice(0, 80) : 'other';
    this.bound(this.kinds, kind, () =>
      counter('lienmach_door_unknown_kinds_total', 'Readable parts of a kind that we do not know.', [
        'vendor',
        'kind',
      ]).labels({ vendor: this.vendor, kind }),
    ).inc();
  }

  deadLetter(): void {
    this.letters.inc();
  }

  private bound<K>(known: Map<K, { inc(): void }>, key: K, make: () => { inc(): void }): { inc(): void } {
    let found = known.get(key);
    if (!found) known.set(key, (found = make()));
    return found;
  }
}
