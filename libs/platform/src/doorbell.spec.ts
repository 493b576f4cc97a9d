import { describe, expect, it, jest } from '@jest/globals';
import { Doorbell } from './doorbell.js';

describe('Doorbell', () => {
  it('ends a rest when rung, and long before its time', async () => {
    jest.useFakeTimers();
    try {
      const bell = new Doorbell();
      const rest = bell.rest(60_000);
      bell.ring();
      await rest;
      expect(jest.getTimerCount()).toBe(0);
    } finally {
      jest.useRealTimers();
    }
  });

  it('remembers a ring from while the loop was working, and forgets what came before it looked', async () => {
    jest.useFakeTimers();
    try {
      const bell = new Doorbell();
      bell.ring();
      bell.listen();
      bell.ring();
      await bell.rest(60_000);

      bell.listen();
      let rested = false;
      const rest = bell.rest(1_000).then(() => (rested = true));
      await Promise.resolve();
      expect(rested).toBe(false);
      jest.advanceTimersByTime(1_000);
      await rest;
    } finally {
      jest.useRealTimers();
    }
  });
});
