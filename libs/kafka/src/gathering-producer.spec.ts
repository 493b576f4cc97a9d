import { RecordTooLarge, TemporarilyUnavailable } from '@lienmach/contracts';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { GatheringProducer } from './gathering-producer.js';
import type { ProducerOptions } from './producer-limits.js';
import type { ProducerTransport } from './producer-transport.js';

/** A broker that answers when it is told to. */
class FakeBroker {
  readonly requests: { values: string[]; topics: string[]; answer: (error?: Error) => void }[] = [];
  reachable = true;
  connections = 0;

  readonly open = (): ProducerTransport => ({
    connect: () => {
      this.connections += 1;
      return this.reachable ? Promise.resolve() : Promise.reject(new Error('connection refused'));
    },
    disconnect: () => Promise.resolve(),
    send: (byTopic) =>
      new Promise((resolve, reject) => {
        this.requests.push({
          topics: [...byTopic.keys()],
          values: [...byTopic.values()].flat().map(({ value }) => String(value)),
          answer: (error) => (error ? reject(error) : resolve()),
        });
      }),
  });

  get last() {
    return this.requests.at(-1)!;
  }
}

const permanent = (): Error => Object.assign(new Error('not authorised'), { retriable: false });

describe('GatheringProducer', () => {
  let broker: FakeBroker;
  const producers: GatheringProducer[] = [];

  beforeEach(() => {
    jest.useFakeTimers();
    broker = new FakeBroker();
  });

  afterEach(async () => {
    for (const producer of producers.splice(0)) {
      const closed = producer.close(0);
      await jest.advanceTimersByTimeAsync(50);
      await closed;
    }
    jest.useRealTimers();
  });

  function make(options: ProducerOptions = {}): GatheringProducer {
    const producer = new GatheringProducer(broker.open, options);
    producers.push(producer);
    return producer;
  }

  /** Sends one record and remembers how that ended. */
  function send(producer: GatheringProducer, key: string, value: string, deadlineMs = 1_000): { outcome: unknown } {
    const result: { outcome: unknown } = { outcome: 'pending' };
    producer.send([{ topic: 'a', key, value }], { deadlineMs }).then(
      () => (result.outcome = 'acknowledged'),
      (error: Error) => (result.outcome = error),
    );
    return result;
  }

  const pass = (ms = 1): Promise<void> => jest.advanceTimersByTimeAsync(ms);

  it('gathers in order what arrives while a request is in flight, one request at a time', async () => {
    const producer = make();
    const first = send(producer, 'k', '1');
    await pass();
    const others = ['2', '3', '4'].map((value) => send(producer, 'k', value));
    await pass(10);
    expect(broker.requests.map(({ values }) => values)).toEqual([['1']]);

    broker.last.answer();
    await pass();
    expect(first.outcome).toBe('acknowledged');
    expect(others.map(({ outcome }) => outcome)).toEqual(['pending', 'pending', 'pending']);
    expect(broker.requests.map(({ values }) => values)).toEqual([['1'], ['2', '3', '4']]);

    broker.last.answer();
    await pass();
    expect(others.map(({ outcome }) => outcome)).toEqual(['acknowledged', 'acknowledged', 'acknowledged']);
  });

  it('keeps a request within its bounds and settles a call when the last part is acknowledged', async () => {
    const producer = make({ maxRequestRecords: 2 });
    let settled = false;
    const records = ['1', '2', '3'].map((value) => ({ topic: 'a', key: 'k', value }));
    const call = producer.send(records, { deadlineMs: 1_000 }).then(() => (settled = true));
    await pass();
    expect(broker.last.values).toEqual(['1', '2']);
    broker.last.answer();
    await pass();
    expect(settled).toBe(false);
    expect(broker.last.values).toEqual(['3']);
    broker.last.answer();
    await pass();
    await call;
    expect(settled).toBe(true);
  });

  it('fails a refused request and what is queued behind it with the same keys, transitively, and nothing else', async () => {
    const producer = make();
    const refused = send(producer, 'k', '1');
    await pass();
    const sameKey = send(producer, 'k', '2');
    const pair = producer
      .send(
        [
          { topic: 'a', key: 'other', value: '3' },
          { topic: 'b', key: 'k', value: '4' },
        ],
        { deadlineMs: 1_000 },
      )
      .catch((error: unknown) => error);
    const behindPair = send(producer, 'other', '5');
    const apart = send(producer, 'apart', '6');

    broker.last.answer(permanent());
    await pass();
    expect(refused.outcome).toBeInstanceOf(TemporarilyUnavailable);
    expect(sameKey.outcome).toBeInstanceOf(TemporarilyUnavailable);
    expect(await pair).toBeInstanceOf(TemporarilyUnavailable);
    expect(behindPair.outcome).toBeInstanceOf(TemporarilyUnavailable);
    expect(broker.last.values).toEqual(['6']);
    broker.last.answer();
    await pass();
    expect(apart.outcome).toBe('acknowledged');
  });

  it('repeats a request after passing trouble on a new connection, before anything behind it', async () => {
    const producer = make();
    const first = send(producer, 'k', '1');
    await pass();
    const second = send(producer, 'k', '2');
    broker.last.answer(new Error('connection closed'));
    await pass(200);
    expect(broker.connections).toBe(2);
    expect(broker.requests.map(({ values }) => values)).toEqual([['1'], ['1']]);
    broker.last.answer();
    await pass();
    broker.last.answer();
    await pass();
    expect([first.outcome, second.outcome]).toEqual(['acknowledged', 'acknowledged']);
    expect(producer.state()).toEqual({ status: 'connected' });
  });

  it('tells each caller at its own deadline when the broker is frozen, refuses new ones, and goes on when it answers', async () => {
    const producer = make({ maxQueueAgeMs: 500 });
    const patient = send(producer, 'a', '1', 900);
    const hasty = send(producer, 'b', '2', 300);
    await pass();
    const behind = send(producer, 'c', '3', 300);
    await pass(299 + 20);
    expect(hasty.outcome).toBeInstanceOf(TemporarilyUnavailable);
    expect(behind.outcome).toBeInstanceOf(TemporarilyUnavailable);
    expect(patient.outcome).toBe('pending');

    await pass(300);
    const refused = send(producer, 'd', '4');
    await pass(0);
    expect(refused.outcome).toMatchObject({ retryAfterSeconds: 5 });
    expect(producer.state().status).toBe('failing');

    broker.last.answer();
    await pass();
    expect(patient.outcome).toBe('acknowledged');
    expect(producer.state()).toEqual({ status: 'connected' });
    expect(broker.requests).toHaveLength(1);
    const next = send(producer, 'e', '5');
    await pass();
    broker.last.answer();
    await pass();
    expect(next.outcome).toBe('acknowledged');
  });

  it('a record that waited past its deadline takes its followers of the same key with it', async () => {
    const producer = make();
    send(producer, 'x', '0', 5_000);
    await pass();
    const early = send(producer, 'k', '1', 100);
    const follower = send(producer, 'k', '2', 5_000);
    const other = send(producer, 'l', '3', 5_000);
    await pass(120);
    expect(early.outcome).toBeInstanceOf(TemporarilyUnavailable);
    expect(follower.outcome).toBeInstanceOf(TemporarilyUnavailable);
    expect(other.outcome).toBe('pending');
    broker.last.answer();
    await pass();
    expect(broker.last.values).toEqual(['3']);
  });

  it('gives up a request that is never answered and connects anew', async () => {
    const producer = make({ requestTimeoutMs: 1_000 });
    const call = send(producer, 'k', '1', 200);
    await pass(1_700);
    expect(call.outcome).toBeInstanceOf(TemporarilyUnavailable);
    expect(broker.connections).toBe(2);
    expect(broker.requests).toHaveLength(1);
    const late = broker.requests[0]!;
    const next = send(producer, 'k', '2');
    await pass();
    late.answer(new Error('answered at last'));
    await pass();
    expect(next.outcome).toBe('pending');
    broker.last.answer();
    await pass();
    expect(next.outcome).toBe('acknowledged');
  });

  it('ignores what an attempt that was given up says while the request is repeated', async () => {
    const producer = make({ requestTimeoutMs: 1_000 });
    const call = send(producer, 'k', '1', 10_000);
    await pass(1_700);
    expect(broker.requests.map(({ values }) => values)).toEqual([['1'], ['1']]);
    broker.requests[0]!.answer(new Error('connection closed'));
    await pass(200);
    expect(broker.connections).toBe(2);
    expect(broker.requests).toHaveLength(2);
    broker.last.answer();
    await pass();
    expect(call.outcome).toBe('acknowledged');
  });

  it('keeps trying to connect, refuses at once after a while, and sends when the broker is back', async () => {
    broker.reachable = false;
    const producer = make({ maxQueueAgeMs: 1_000 });
    const waiting = send(producer, 'k', '1', 800);
    await pass(850);
    expect(waiting.outcome).toBeInstanceOf(TemporarilyUnavailable);
    await pass(300);
    const refused = send(producer, 'k', '2');
    await pass(0);
    expect(refused.outcome).toBeInstanceOf(TemporarilyUnavailable);
    expect(producer.state()).toMatchObject({ status: 'failing', reason: 'connection refused' });

    broker.reachable = true;
    await pass(1_100);
    expect(producer.state()).toEqual({ status: 'connected' });
    const next = send(producer, 'k', '3');
    await pass();
    broker.last.answer();
    await pass();
    expect(next.outcome).toBe('acknowledged');
  });

  it('refuses by size before queueing, naming the limit', async () => {
    const producer = make({ maxRecordBytes: () => 1_000 });
    const neighbour = send(producer, 'k', 'small');
    const large = send(producer, 'k', 'x'.repeat(1_000));
    await pass();
    expect(large.outcome).toBeInstanceOf(RecordTooLarge);
    expect(String(large.outcome)).toContain('1000 bytes of topic a');
    expect(broker.last.values).toEqual(['small']);
    broker.last.answer();
    await pass();
    expect(neighbour.outcome).toBe('acknowledged');
  });

  it('says beforehand what is too large', () => {
    const producer = make({ maxRecordBytes: () => 1_000 });
    const record = (value: string) => ({ topic: 'a', key: 'k', value });
    expect(() => producer.check([record('small'), record('y')])).not.toThrow();
    expect(() => producer.check([record('small'), record('x'.repeat(1_000))])).toThrow(RecordTooLarge);
    expect(producer.depth()).toEqual({ records: 0, bytes: 0 });
  });

  it.each([
    ['records', { maxQueueRecords: 2 }],
    ['bytes', { maxQueueBytes: 300 }],
  ])('refuses when too many %s wait', async (_what, limits) => {
    const refusals: string[] = [];
    const producer = make({ ...limits, observer: { refused: (reason) => refusals.push(reason) } });
    send(producer, 'a', '1');
    send(producer, 'b', '2');
    const third = send(producer, 'c', '3');
    await pass();
    expect(third.outcome).toBeInstanceOf(TemporarilyUnavailable);
    expect(refusals).toHaveLength(1);
    expect(producer.depth().records).toBe(2);
  });

  it('closes after what is queued is acknowledged', async () => {
    const producer = new GatheringProducer(broker.open);
    const call = send(producer, 'k', '1');
    await pass();
    const closed = producer.close();
    const refused = send(producer, 'k', '2');
    await pass(100);
    expect(refused.outcome).toBeInstanceOf(TemporarilyUnavailable);
    expect(call.outcome).toBe('pending');
    broker.last.answer();
    await pass(50);
    await closed;
    expect(call.outcome).toBe('acknowledged');
  });
});
