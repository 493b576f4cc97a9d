/** The numbers of a Jest report that count; null: Jest died before it could report. */
export type Report = {
  numPassedTests: number;
  numFailedTests: number;
  numRuntimeErrorTestSuites: number;
  numPendingTests: number;
  numTodoTests: number;
} | null;

export function tally(reports: Report[]): { passed: number; failed: number; skipped: number };
