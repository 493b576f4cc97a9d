import { describe, expect, it } from '@jest/globals';
import { RecordTooLarge, TemporarilyUnavailable } from '@lienmach/contracts';
import type { OutgoingRecord } from '@lienmach/kafka';
import { isLongOutage, PatientSender } from './patient-sender.js';

const MINUTE = 60_000;
const PATIENCE_SECONDS = 3_600;

/** A broker, a spool and a clock that are told what to do. */
class World {
  now = 1_000;
  failure: Error | undefined;
  waiting = 0;
  readonly acknowledged: string[] = [];
  readonly spooled: string[] = [];
  /** Happens while the broker is asked. */
  meanwhile: (() => void) | undefined;

  sender(patienceSeconds: number | null = PATIENCE_SECONDS): PatientSender {
    const broker = {
      send: async (records: readonly OutgoingRecord[]) => {
        await Promise.resolve();
        this.meanwhile?.();
        if (this.failure) throw this.failure;
        this.acknowledged.push(...records.map(({ value }) => String(value)));
      },
    };
    const waiting = () => this.waiting;
    const spool = {
      get waiting() {
        return waiting();
      },
      append: (records: readonly OutgoingRecord[]) => {
        this.waiting += 1;
        this.spooled.push(...records.map(({ value }) => String(value)));
        return Promise.resolve();
      },
    };
    return new PatientSender(broker, spool, patienceSeconds ?? undefined, () => this.now);
  }
}

const send = (sender: PatientSender, value: string): Promise<string> =>
  sender.send([{ topic: 't', key: 'k', value }], { deadlineMs: 100 }).then(
    () => 'kept',
    (error: Error) => error.name,
  );
const away = () => new TemporarilyUnavailable('the broker is away');

describe('isLongOutage', () => {
  it.each([
    [PATIENCE_SECONDS, 0, 20 * MINUTE - 1, false],
    [PATIENCE_SECONDS, 0, 20 * MINUTE, true],
    [PATIENCE_SECONDS, 5, 20 * MINUTE, false],
    [undefined, 0, 1_000 * MINUTE, false],
  ])('patience of %s s, since %s, at %s: %s', (patience, since, now, expected) => {
    expect(isLongOutage(patience, since, now)).toBe(expected);
  });
});

describe('PatientSender', () => {
  it('has the vendor keep its events for a third of its patience, then keeps them itself', async () => {
    const world = new World();
    const sender = world.sender();
    world.failure = away();
    const answers = [];
    for (const minute of [0, 10, 19, 20, 21]) {
      world.now = 1_000 + minute * MINUTE;
      answers.push(await send(sender, `at ${minute}`));
    }
    expect(answers).toEqual([
      'TemporarilyUnavailable',
      'TemporarilyUnavailable',
      'TemporarilyUnavailable',
      'kept',
      'kept',
    ]);
    expect(world.spooled).toEqual(['at 20', 'at 21']);
    expect(world.acknowledged).toEqual([]);
  });

  it('counts anew after an acknowledgement', async () => {
    const world = new World();
    const sender = world.sender();
    world.failure = away();
    expect(await send(sender, 'a')).toBe('TemporarilyUnavailable');
    world.failure = undefined;
    world.now += 10 * MINUTE;
    expect(await send(sender, 'b')).toBe('kept');
    world.failure = away();
    world.now += 15 * MINUTE;
    expect(await send(sender, 'c')).toBe('TemporarilyUnavailable');
    world.now += 20 * MINUTE;
    expect(await send(sender, 'd')).toBe('kept');
    expect([world.acknowledged, world.spooled]).toEqual([['b'], ['d']]);
  });

  it('lets nothing overtake what waits in the spool', async () => {
    const world = new World();
    const sender = world.sender();
    world.waiting = 1;
    expect(await send(sender, 'later')).toBe('kept');
    expect([world.acknowledged, world.spooled]).toEqual([[], ['later']]);
    world.waiting = 0;
    expect(await send(sender, 'now')).toBe('kept');
    expect(world.acknowledged).toEqual(['now']);
  });

  it('follows another request into the spool', async () => {
    const world = new World();
    const sender = world.sender();
    world.failure = away();
    world.meanwhile = () => (world.waiting = 1);
    expect(await send(sender, 'a')).toBe('kept');
    expect(world.spooled).toEqual(['a']);
  });

  it('keeps nothing for a vendor that never gives up, and nothing that will never be taken', async () => {
    const world = new World();
    const endless = world.sender(null);
    world.failure = away();
    await send(endless, 'a');
    world.now += 24 * 60 * MINUTE;
    expect(await send(endless, 'b')).toBe('TemporarilyUnavailable');

    const sender = world.sender();
    await send(sender, 'c');
    world.now += 30 * MINUTE;
    world.failure = new RecordTooLarge('too large');
    expect(await send(sender, 'd')).toBe('RecordTooLarge');
    expect(world.spooled).toEqual([]);
  });
});
