import { describe, expect, it, jest } from '@jest/globals';
import { Health } from './health.js';

describe('Health', () => {
  it('is well without checks', async () => {
    expect(await new Health().answer('live')).toEqual({ status: 200, body: { status: 'ok', checks: {} } });
  });

  it('shows each check and answers 503 when one fails', async () => {
    const health = new Health();
    health.add('ready', 'accounts', () => ({ count: 3 }));
    health.add('ready', 'broker', () => Promise.reject(new Error('not connected')));
    expect(await health.answer('ready')).toEqual({
      status: 503,
      body: {
        status: 'unavailable',
        checks: {
          accounts: { status: 'ok', detail: { count: 3 } },
          broker: { status: 'failed', detail: 'not connected' },
        },
      },
    });
    expect(await health.answer('live')).toMatchObject({ status: 200 });
  });

  it('is not ready when it is not live', async () => {
    const health = new Health();
    health.add('live', 'consumer', () => {
      throw new Error('crashed');
    });
    expect(await health.answer('ready')).toMatchObject({ status: 503 });
  });

  it('does not wait for a check that hangs', async () => {
    jest.useFakeTimers();
    try {
      const health = new Health();
      health.add('ready', 'database', () => new Promise(() => {}));
      const answer = health.answer('ready');
      await jest.advanceTimersByTimeAsync(2_000);
      expect(await answer).toMatchObject({
        status: 503,
        body: { checks: { database: { detail: 'no answer in time' } } },
      });
    } finally {
      jest.useRealTimers();
    }
  });
});
