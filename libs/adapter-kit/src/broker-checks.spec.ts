import { describe, expect, it } from '@jest/globals';
import type { ProducerState } from '@lienmach/kafka';
import { addBrokerChecks } from './broker-checks.js';
import type { VendorDefinition } from './channel.js';

const now = Date.UTC(2026, 10, 20);
const failingFor = (minutes: number): ProducerState => ({
  status: 'failing',
  since: new Date(now - minutes * 60_000),
  reason: 'connection refused',
});
const vendors = [{ patienceSeconds: 3_600 }, {}] as VendorDefinition[];

/** What each check says: its text, or what it throws. */
function checks(
  state: ProducerState,
  spool?: { waiting: number; isFull: boolean },
): Record<string, string | undefined> {
  const said: Record<string, string | undefined> = {};
  const health = {
    add: (_kind: string, name: string, check: () => unknown) => {
      try {
        said[name] = check() as string | undefined;
      } catch (error) {
        said[name] = `fails: ${(error as Error).message}`;
      }
    },
  };
  addBrokerChecks(health, { state: () => state }, spool, { vendors }, () => now);
  return said;
}

const empty = { waiting: 0, isFull: false };
const AWAY = 'away, requests go into the spool';
const FAILS = 'fails: connection refused';

describe('addBrokerChecks', () => {
  it.each([
    ['connected', { status: 'connected' } as const, empty, undefined],
    ['not connected yet', { status: 'connecting' } as const, empty, 'fails: connecting'],
    ['away for less than the vendor bears', failingFor(19), empty, FAILS],
    ['away for long', failingFor(20), empty, AWAY],
    ['away and something waits already', failingFor(1), { waiting: 3, isFull: false }, AWAY],
    ['away for long and the spool is full', failingFor(60), { waiting: 3, isFull: true }, FAILS],
    ['away for long without a spool', failingFor(60), undefined, FAILS],
  ])('the broker is %s', (_name, state, spool, expected) => {
    expect(checks(state, spool)['broker']).toBe(expected);
  });

  it('says what waits in the spool', () => {
    expect(checks({ status: 'connected' }, empty)).toEqual({ broker: undefined, spool: undefined });
    expect(checks({ status: 'connected' }, { waiting: 2, isFull: false })['spool']).toBe(
      '2 requests wait in the spool',
    );
    expect(checks(failingFor(60), { waiting: 9, isFull: true })['spool']).toMatch(/^fails: full: 9 requests wait/);
    expect(checks({ status: 'connected' })).not.toHaveProperty('spool');
  });
});
