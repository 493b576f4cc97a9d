import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './steps.mjs';

/** Kinds that need no server run together; the others one after another, end-to-end files one at a time. */
const runs = [
  { kinds: ['unit', 'architecture'], workers: '2' },
  { kinds: ['medium'], workers: '2' },
  { kinds: ['e2e'], workers: '1' },
];
const allKinds = runs.flatMap(({ kinds }) => kinds);

/** Adds up Jest's reports; a suite that could not run, or a report that was never written, counts as a failure. */
export function tally(reports) {
  const sum = { passed: 0, failed: 0, skipped: 0 };
  for (const report of reports) {
    sum.passed += report?.numPassedTests ?? 0;
    sum.failed += report ? report.numFailedTests + report.numRuntimeErrorTestSuites : 1;
    sum.skipped += (report?.numPendingTests ?? 0) + (report?.numTodoTests ?? 0);
  }
  return sum;
}

function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null; // Jest died before it could report: tally() counts that
  }
}

/** Runs the kinds of tests that are named, all if none is: `test [unit|architecture|medium|e2e]… [-- jest options]`. */
export async function test(root, args) {
  const split = args.indexOf('--');
  const named = split < 0 ? args : args.slice(0, split);
  const options = split < 0 ? [] : args.slice(split + 1);
  const unknown = named.filter((kind) => !allKinds.includes(kind));
  if (unknown.length > 0)
    throw new Error(
      `There is no kind of test "${unknown[0]}": name ${allKinds.join(', ')}, and Jest's options after "--".`,
    );

  const folder = mkdtempSync(join(tmpdir(), 'lienmach-reports-'));
  const env = {
    ...process.env,
    NODE_OPTIONS:
      `${process.env.NODE_OPTIONS ?? ''} --experimental-vm-modules --disable-warning=ExperimentalWarning`.trim(),
  };
  const reports = [];
  let honest = true;
  try {
    for (const [index, { kinds, workers }] of runs.entries()) {
      const wanted = kinds.filter((kind) => named.length === 0 || named.includes(kind));
      if (wanted.length === 0) continue;
      const file = join(folder, `${index}.json`);
      const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
      // a filter may leave a kind without tests; without a filter an empty kind is a mistake
      const lenient = options.length > 0 ? ['--passWithNoTests'] : [];
      const jestArgs = [
        `--maxWorkers=${workers}`,
        '--json',
        `--outputFile=${file}`,
        ...lenient,
        '--selectProjects',
        ...wanted,
      ];
      console.log(`tests: ${wanted.join(', ')}`);
      const { code } = await run(process.execPath, [jest, ...options, ...jestArgs], { cwd: root, env });
      const report = readReport(file);
      reports.push(report);
      if (code !== 0 && report && tally([report]).failed === 0) {
        honest = false;
        console.error(`Jest ended with code ${code} though no test failed: see its output above.`);
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const { passed, failed, skipped } = tally(reports);
  console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
  return honest && failed === 0 && passed > 0 ? 0 : 1;
}
