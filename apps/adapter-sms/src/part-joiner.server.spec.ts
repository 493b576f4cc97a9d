import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { TemporarilyUnavailable, UnknownAccount } from '@lienmach/contracts';
import type { JoinedMessage, KeptPart, MessagePart } from './message-parts.rules.js';
import { partKey, type JoinedParts, type PartStore } from './part-folder.js';
import { PartJoiner } from './part-joiner.server.js';

/** A folder that outlives the joiners of a test. */
class MemoryStore implements PartStore {
  readonly parts = new Map<string, KeptPart>();
  readonly joined = new Map<string, JoinedParts>();
  failure: Error | undefined;
  /** The process ends after the record of the joined parts, before they are removed. */
  diesBetween = false;

  open() {
    if (this.failure) return Promise.reject(this.failure);
    return Promise.resolve({ parts: [...this.parts.values()], joined: [...this.joined.values()], unreadable: [] });
  }
  putPart(part: KeptPart) {
    if (this.failure) return Promise.reject(this.failure);
    this.parts.set(partKey(part), part);
    return Promise.resolve();
  }
  putJoined(parts: readonly KeptPart[], at: number) {
    const record = { keys: parts.map(partKey), at };
    this.joined.set(record.keys[0]!, record);
    if (!this.diesBetween) for (const key of record.keys) this.parts.delete(key);
    return Promise.resolve(record);
  }
  removeJoined({ keys }: JoinedParts) {
    this.joined.delete(keys[0]!);
    return Promise.resolve();
  }
  removePart(part: KeptPart) {
    this.parts.delete(partKey(part));
    return Promise.resolve();
  }
}

const part = (number: number, given: Partial<MessagePart> = {}): MessagePart => ({
  account: 'acme',
  id: `id-${number}`,
  from: '+84900000001',
  to: '84900000100',
  ref: '109',
  total: 2,
  part: number,
  text: `${number} `,
  time: null,
  vendorData: {},
  ...given,
});

describe('the parts of long messages', () => {
  let store: MemoryStore;
  let published: [account: string, message: JoinedMessage][];
  let failure: Error | undefined;

  beforeEach(() => {
    jest.useFakeTimers({ now: Date.UTC(2026, 10, 20) });
    store = new MemoryStore();
    published = [];
    failure = undefined;
  });
  afterEach(() => void jest.useRealTimers());

  async function start() {
    const joiner = new PartJoiner('vonage', { folderAt: () => store });
    const logger = { warn: jest.fn(), log: jest.fn(), error: jest.fn() };
    const running = await joiner.start({
      env: {},
      logger,
      publish: (account, body) => {
        if (failure) return Promise.reject(failure);
        published.push([account, JSON.parse(body.toString()) as JoinedMessage]);
        return Promise.resolve();
      },
    });
    return { joiner, running, logger };
  }

  const pass = (seconds: number) => jest.advanceTimersByTimeAsync(seconds * 1_000);
  const texts = () => published.map(([, { text }]) => text);

  it('are one message when all are there, in any order', async () => {
    const { joiner } = await start();
    await joiner.add(part(2));
    await pass(5);
    expect(texts()).toEqual([]);
    await joiner.add(part(1));
    await pass(0);
    expect(published).toMatchObject([['acme', { id: 'id-1', text: '1 2 ' }]]);
    expect(store.parts.size).toBe(0);
  });

  it('count once, before and after they are joined', async () => {
    const { joiner } = await start();
    for (const number of [1, 1, 2, 2, 1]) await joiner.add(part(number));
    await pass(120);
    expect(texts()).toEqual(['1 2 ']);
  });

  it('are published without what does not come, and marked', async () => {
    const { joiner } = await start();
    await joiner.add(part(2));
    await pass(29);
    expect(texts()).toEqual([]);
    await pass(2);
    expect(published).toMatchObject([['acme', { id: 'id-2', text: '…2 ', vendorData: { missing: [1] } }]]);
    await joiner.add(part(1));
    await pass(40);
    expect(texts()).toEqual(['…2 ', '1 …']);
  });

  it('outlive the process', async () => {
    const first = await start();
    await first.joiner.add(part(2));
    await first.running.close();
    await expect(first.joiner.add(part(1))).rejects.toThrow(TemporarilyUnavailable);
    const second = await start();
    await second.joiner.add(part(1));
    await pass(0);
    expect(texts()).toEqual(['1 2 ']);
  });

  it('are done though the process ended before they were removed, and stay so for a day', async () => {
    const first = await start();
    store.diesBetween = true;
    await first.joiner.add(part(1));
    await first.joiner.add(part(2));
    await pass(0);
    expect(store.parts.size).toBe(2);
    store.diesBetween = false;
    const second = await start();
    await second.joiner.add(part(2));
    await pass(60);
    expect(texts()).toEqual(['1 2 ']);
    expect(store.parts.size).toBe(0);
    await pass(26 * 3600);
    expect(store.joined.size).toBe(0);
  });

  it('wait for the broker', async () => {
    const { joiner } = await start();
    failure = new TemporarilyUnavailable('no broker');
    await joiner.add(part(1));
    await joiner.add(part(2));
    await pass(10);
    expect([texts(), store.parts.size]).toEqual([[], 2]);
    failure = undefined;
    await pass(1);
    expect(texts()).toEqual(['1 2 ']);
  });

  it('of an account that is gone are let go', async () => {
    const { joiner, logger } = await start();
    failure = new UnknownAccount('no account acme');
    await joiner.add(part(1));
    await joiner.add(part(2));
    await pass(0);
    expect(store.parts.size).toBe(0);
    expect(logger.warn).toHaveBeenCalledTimes(1);
  });

  it('of messages under one reference are kept apart by what they say', async () => {
    const { joiner } = await start();
    await joiner.add(part(1));
    await pass(1);
    await joiner.add(part(1, { id: 'other-1', text: 'một ' }));
    await joiner.add(part(2));
    await pass(0);
    await joiner.add(part(2, { id: 'other-2', text: 'hai' }));
    await pass(0);
    expect(texts()).toEqual(['1 2 ', 'một hai']);
  });

  it('are refused while they cannot be kept, so that the vendor sends them again', async () => {
    const { joiner } = await start();
    store.failure = new Error('disk full');
    await expect(joiner.add(part(1))).rejects.toThrow(TemporarilyUnavailable);
    store.failure = undefined;
    await joiner.add(part(1));
    expect(store.parts.size).toBe(1);
  });

  it('are not joined at all where there is no folder', async () => {
    store.failure = new Error('read-only');
    const { joiner, logger } = await start();
    expect(joiner.isRunning).toBe(false);
    expect(logger.warn).toHaveBeenCalledTimes(1);
  });
});
