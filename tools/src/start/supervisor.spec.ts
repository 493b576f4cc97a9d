import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Exit } from '../embedded/processes.js';
import { keepAlive, pauseAfter, type Part } from './supervisor.js';

/** A part that ends when the test says so, and whose restarts fail as often as it says. */
class Fake implements Part {
  readonly name = 'core';
  readonly pid = 7;
  readonly logFile = 'core.log';
  exited!: Promise<Exit>;
  end!: (exit: Exit) => void;
  restarts = 0;
  failures = 0;

  constructor() {
    this.run();
  }

  private run(): void {
    this.exited = new Promise((resolve) => (this.end = resolve));
  }

  restart(): Promise<void> {
    this.restarts += 1;
    if (this.failures-- > 0) return Promise.reject(new Error('it does not start'));
    this.run();
    return Promise.resolve();
  }
}

describe('keeping a part alive', () => {
  let part: Fake;
  let said: string[];
  let abort: AbortController;
  let changes: number;
  let watch: Promise<void>;
  const clock = (milliseconds: number) => jest.advanceTimersByTimeAsync(milliseconds);

  beforeEach(() => {
    jest.useFakeTimers();
    part = new Fake();
    said = [];
    abort = new AbortController();
    changes = 0;
    const pause = (milliseconds: number, signal: AbortSignal) =>
      new Promise<void>((resolve, reject) => {
        const timer = setTimeout(resolve, milliseconds);
        signal.addEventListener('abort', () => (clearTimeout(timer), reject(new Error('aborted'))));
      });
    watch = keepAlive(
      part,
      (line) => said.push(line),
      () => (changes += 1),
      abort.signal,
      pause,
    );
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  it('starts it again after half a second and says so', async () => {
    part.end({ code: null, signal: 'SIGKILL' });
    await clock(499);
    expect(part.restarts).toBe(0);
    await clock(1);
    expect([part.restarts, changes]).toEqual([1, 1]);
    expect(said).toEqual([
      'core ended by SIGKILL, its log: core.log',
      'core is started again in 0.5 s',
      'core runs again (process 7)',
    ]);
  });

  it('waits longer after every failure', async () => {
    part.failures = 2;
    part.end({ code: 1, signal: null });
    await clock(500 + 1000 + 2000);
    expect([part.restarts, changes]).toEqual([3, 1]);
    expect(said.filter((line) => line.includes('again in'))).toEqual(
      [0.5, 1, 2].map((seconds) => `core is started again in ${seconds} s`),
    );
    part.end({ code: 1, signal: null });
    await clock(3999);
    expect(part.restarts).toBe(3);
  });

  it('forgets old failures once it has run for a while', async () => {
    part.end({ code: 1, signal: null });
    await clock(500);
    await clock(61_000);
    part.end({ code: 1, signal: null });
    await clock(500);
    expect(part.restarts).toBe(2);
  });

  it('ends without a restart when all is to end, in its pause too', async () => {
    part.end({ code: 1, signal: null });
    await clock(100);
    abort.abort();
    await watch;
    expect(part.restarts).toBe(0);
  });

  it('never pauses longer than half a minute', () => {
    expect([0, 1, 5, 6, 50].map(pauseAfter)).toEqual([500, 1000, 16_000, 30_000, 30_000]);
  });
});
