import { afterEach, describe, expect, it } from '@jest/globals';
import { RoundLoop } from './round-loop.js';

const warnings: string[] = [];
const logger = { log: () => undefined, error: () => undefined, warn: (message: string) => void warnings.push(message) };

class Rounds extends RoundLoop {
  done = 0;
  readonly todo: (boolean | Error)[] = [];
  constructor(pollMs: number) {
    super({ logger, pollMs, longestPauseMs: pollMs * 4, trouble: 'rounds are not done' });
  }
  protected round(): Promise<boolean> {
    this.done += 1;
    const next = this.todo.shift() ?? false;
    return next instanceof Error ? Promise.reject(next) : Promise.resolve(next);
  }
}

const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
};

describe('a loop of rounds', () => {
  let loop: Rounds;
  afterEach(async () => {
    await loop.stop();
    warnings.length = 0;
  });

  it('goes on at once while there is more, then rests until it is woken', async () => {
    loop = new Rounds(60_000);
    loop.todo.push(true, true, false);
    loop.start();
    await turns();
    expect(loop.done).toBe(3);
    loop.wake();
    await turns();
    expect(loop.done).toBe(4);
  });

  it('says what is wrong until a round has gone well again', async () => {
    loop = new Rounds(60_000);
    loop.todo.push(new Error('the database is away'));
    loop.start();
    await turns();
    expect(() => loop.check()).toThrow('rounds are not done: the database is away');
    expect(warnings).toEqual(['rounds are not done just now, trying again']);
    loop.wake();
    await turns();
    expect(() => loop.check()).not.toThrow();
    expect(loop.done).toBe(2);
  });

  it('ends with the round that is under way, and rests no longer for it', async () => {
    loop = new Rounds(60_000);
    loop.start();
    await turns();
    await loop.stop();
    loop.wake();
    await turns();
    expect(loop.done).toBe(1);
  });
});
