import { describe, expect, it } from '@jest/globals';
import { epochOf, localTimeOf, numberOf, secondsOf } from './pbx-fields.js';

describe('a number', () => {
  it.each([
    [92, 92],
    ['92', 92],
    ['1.5', 1.5],
    ['', null],
    [null, null],
    [{}, null],
  ])('%j is %j', (value, number) => {
    expect(numberOf({ value }, 'value')).toBe(number);
  });

  it('that is none, and a length below nothing, are malformed', () => {
    expect(() => numberOf({ n: 'long' }, 'n')).toThrow('n must be a number');
    expect(() => secondsOf({ n: '-1' }, 'n')).toThrow('n must not be negative');
  });
});

describe('a time', () => {
  it('in seconds since 1970 is in milliseconds, 0 is never', () => {
    expect(epochOf({ t: 1740968103 }, 't')).toBe(1740968103000);
    expect(epochOf({ t: '0' }, 't')).toBeNull();
    expect(epochOf({}, 't')).toBeNull();
  });

  it('without a zone is Vietnam’s, one that cannot be read is none', () => {
    expect(localTimeOf({ t: '2025-03-03 09:15:00' }, 't')).toBe(Date.UTC(2025, 2, 3, 2, 15));
    expect(localTimeOf({ t: '3/3/2025 9:15' }, 't')).toBeNull();
    expect(localTimeOf({}, 't')).toBeNull();
  });
});
