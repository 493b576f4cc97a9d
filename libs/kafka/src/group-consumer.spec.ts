import { EventEmitter } from 'node:events';
import { describe, expect, it, jest } from '@jest/globals';
import { withPrefix } from './connection.js';
import { DEFAULT_TUNING } from './consumer-settings.js';
import type { PartitionLane } from './partition-lane.js';

const EVENTS = {
  GROUP_JOIN: 'join',
  REBALANCING: 'rebalancing',
  FETCH: 'fetch',
  HEARTBEAT: 'heartbeat',
  STOP: 'stop',
  CRASH: 'crash',
};

/** kafkajs' consumer as far as it matters here: without a group it refuses to pause, and it tells of a crash only when it has disconnected. */
class FakeConsumer {
  readonly events = EVENTS;
  readonly paused: string[] = [];
  private readonly emitter = new EventEmitter();
  private hasGroup = false;

  on(name: string, listener: (event: unknown) => void): void {
    this.emitter.on(name, listener);
  }

  connect = (): Promise<void> => Promise.resolve();
  subscribe = (): Promise<void> => Promise.resolve();

  run(): Promise<void> {
    this.hasGroup = true;
    this.emitter.emit(EVENTS.GROUP_JOIN, { payload: { memberAssignment: { events: [0, 1] } } });
    return Promise.resolve();
  }

  pause(partitions: { topic: string; partitions: number[] }[]): void {
    this.demandGroup();
    this.paused.push(...partitions.map(({ topic, partitions: [first] }) => `${topic}/${first}`));
  }

  resume(): void {
    this.demandGroup();
  }

  disconnect(): Promise<void> {
    this.loseGroup();
    return Promise.resolve();
  }

  loseGroup(): void {
    this.hasGroup = false;
    this.emitter.emit(EVENTS.STOP);
  }

  private demandGroup(): void {
    if (!this.hasGroup) throw new Error('Consumer group was not initialized, consumer#run must be called first');
  }
}

let consumer: FakeConsumer;
const admin = {
  connect: () => Promise.resolve(),
  disconnect: () => Promise.resolve(),
  fetchTopicMetadata: () => Promise.resolve({ topics: [{ partitions: [{}, {}] }] }),
};
jest.unstable_mockModule('./connection.js', () => ({
  withPrefix,
  createClient: () => ({ admin: () => admin, consumer: () => (consumer = new FakeConsumer()) }),
}));
const { GroupConsumer } = await import('./group-consumer.js');

async function running(): Promise<InstanceType<typeof GroupConsumer>> {
  const made = new GroupConsumer(
    ['events'],
    {
      connection: { brokers: ['b:1'], clientId: 'test' },
      group: 'g',
      deadLetters: { send: () => Promise.resolve() },
      onCrash: () => undefined,
    },
    DEFAULT_TUNING,
    (topic, partition) => ({ topic, partition }) as PartitionLane,
  );
  made.start();
  while (made.state().status !== 'running') await new Promise(setImmediate);
  return made;
}

describe('GroupConsumer closes', () => {
  it('after its partitions have been paused', async () => {
    const group = await running();
    await group.close();
    expect(consumer.paused).toEqual(['events/0', 'events/1']);
    expect(group.state()).toEqual({ status: 'closed' });
  });

  it('while kafkajs has lost its group and said nothing yet', async () => {
    const group = await running();
    consumer.loseGroup();
    await expect(group.close()).resolves.toBeUndefined();
    expect(consumer.paused).toEqual([]);
  });
});
