import { describe, expect, it } from '@jest/globals';
import { tally, type Report } from '../run/test.mjs';

const report = (numbers: Partial<NonNullable<Report>>): Report => ({
  numPassedTests: 0,
  numFailedTests: 0,
  numRuntimeErrorTestSuites: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  ...numbers,
});

describe('the count of npm test', () => {
  it('adds up all runs', () => {
    const reports = [
      report({ numPassedTests: 3, numPendingTests: 1 }),
      report({ numPassedTests: 4, numFailedTests: 2, numTodoTests: 1 }),
    ];
    expect(tally(reports)).toEqual({ passed: 7, failed: 2, skipped: 2 });
  });

  it('counts a file that could not run as a failure', () => {
    expect(tally([report({ numPassedTests: 3, numRuntimeErrorTestSuites: 1 })]).failed).toBe(1);
  });

  it('counts a run without a report as a failure', () => {
    expect(tally([report({ numPassedTests: 3 }), null])).toEqual({ passed: 3, failed: 1, skipped: 0 });
  });
});
