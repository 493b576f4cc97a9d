import { describe, expect, it } from '@jest/globals';
import { median, percentile, spread } from './statistics.js';

describe('statistics of rounds', () => {
  it('takes the middle, or the mean of the two in the middle', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([4, 1, 9, 2])).toBe(3);
  });

  it('finds percentiles by nearest rank, whatever the order', () => {
    const values = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect(percentile(values, 0.5)).toBe(50);
    expect(percentile(values, 0.99)).toBe(99);
    expect(percentile([7], 0.99)).toBe(7);
    expect(percentile([1, 2], 0)).toBe(1);
  });

  it('compares numbers, not their digits', () => {
    expect(spread([10, 9, 100])).toEqual({ median: 10, min: 9, max: 100, rounds: 3 });
  });

  it('refuses to make a number of nothing', () => {
    expect(() => spread([])).toThrow('no values');
    expect(() => percentile([], 0.5)).toThrow('no values');
  });
});
