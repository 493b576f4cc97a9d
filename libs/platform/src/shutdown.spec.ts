import { describe, expect, it, jest } from '@jest/globals';
import { JsonLogger } from './logger.js';
import { Shutdown } from './shutdown.js';

function make(timeoutMs = 1_000) {
  const done: string[] = [];
  const exits: number[] = [];
  const logger = JsonLogger.create({ name: 'test', level: 'silent' });
  return { done, exits, shutdown: new Shutdown(logger, timeoutMs, (code) => void exits.push(code)) };
}

describe('Shutdown', () => {
  it('runs the phases in order, whatever the order of adding, and exits once', async () => {
    const { done, exits, shutdown } = make();
    shutdown.add('disconnect', 'broker', () => done.push('broker'));
    shutdown.add('intake', 'http', async () => {
      await Promise.resolve();
      done.push('http');
    });
    shutdown.add('drain', 'producer', () => done.push('producer'));
    const codes = await Promise.all([shutdown.run('SIGTERM'), shutdown.run('SIGINT')]);
    expect(done).toEqual(['http', 'producer', 'broker']);
    expect(codes).toEqual([0, 0]);
    expect(exits).toEqual([0]);
  });

  it('goes on after a failed step and ends with 1', async () => {
    const { done, exits, shutdown } = make();
    shutdown.add('intake', 'http', () => Promise.reject(new Error('stuck')));
    shutdown.add('disconnect', 'broker', () => done.push('broker'));
    await shutdown.run('SIGTERM');
    expect(done).toEqual(['broker']);
    expect(exits).toEqual([1]);
  });

  it('does not wait for ever', async () => {
    jest.useFakeTimers();
    try {
      const { exits, shutdown } = make(500);
      shutdown.add('drain', 'producer', () => new Promise(() => {}));
      void shutdown.run('SIGTERM');
      await jest.advanceTimersByTimeAsync(499);
      expect(exits).toEqual([]);
      await jest.advanceTimersByTimeAsync(1);
      expect(exits).toEqual([1]);
    } finally {
      jest.useRealTimers();
    }
  });
});
