import { parseArgs } from 'node:util';
import { LienmachError } from '@lienmach/contracts';
import { InvalidConfiguration, JsonLogger } from '@lienmach/platform';
import {
  AnotherRebuild,
  dropRebuilt,
  isSame,
  rebuild,
  withTenants,
  type Compared,
  type Found,
  type Rebuilt,
} from '../../apps/core/src/public.js';
import { databaseSettings, type DatabaseSettings } from './database-address.js';
import { SetupError } from './embedded/setup-error.js';
import { textTable } from './text-table.js';

/**
 * `npm run rebuild` computes people, links, conversations and clocks anew from the events, evidence and agents' records of the database, beside the live tables and
 * while the system runs, prints the checksums of both, and puts the new tables in the place of the old ones. `-- --dry-run` only compares; `-- --drop` removes the
 * tables that stood there before. Ends with 1 where the two differed.
 */
const PROGRESS_MS = 2_000;

function readArguments() {
  try {
    return parseArgs({
      options: { 'dry-run': { type: 'boolean', default: false }, drop: { type: 'boolean', default: false } },
    }).values;
  } catch (error) {
    throw new SetupError((error as Error).message);
  }
}

/** A line for every new stage, and one every other second. */
function progressLines(): (what: string, done: number) => void {
  let last = '';
  let at = 0;
  return (what, done) => {
    if (what === last && Date.now() - at < PROGRESS_MS) return;
    last = what;
    at = Date.now();
    console.log(`${what}: ${done.toLocaleString('en')}`);
  };
}

const row = (name: string, compared: Compared): string[] => [
  name,
  String(compared.live.rows),
  compared.live.checksum,
  String(compared.rebuilt.rows),
  compared.rebuilt.checksum,
  isSame(compared) ? 'equal' : 'DIFFERENT',
];

function report({ comparison, count, differences }: Found): string {
  const rows = comparison.tables.map((table) => row(table.table, table));
  const parts = comparison.tenants.map((part) => row(`${part.table} of ${part.tenant}`, part));
  const shown = differences.map(
    ({ projection, tenant, id, part, kind }) =>
      `${KINDS[kind]}  ${projection} ${id}${part === null ? '' : ` ${part}`} of ${tenant}`,
  );
  if (count > shown.length) shown.push(`and ${count - shown.length} more`);
  return [
    '',
    textTable(['table', 'live rows', 'live', 'rebuilt rows', 'rebuilt', ''], [...rows, ...parts]),
    '',
    `checksum live     ${comparison.live}`,
    `checksum rebuilt  ${comparison.rebuilt}`,
    ...(shown.length > 0 ? ['', `${count} rows differ:`, ...shown] : []),
  ].join('\n');
}

const KINDS = {
  changed: 'other than computed',
  missing: 'not there         ',
  surplus: 'nothing makes it  ',
} as const;

function outcome({ found, left }: Rebuilt): string {
  if (left === null) return 'Nothing was changed.';
  if (found.count === 0)
    return 'They are equal; the rebuilt tables are in place, the former ones in the schema core_before.';
  const rest =
    left.count === 0
      ? 'The changes were told to the topics'
      : `The changes were told to the topics; ${left.count} rows that no event can tell of were replaced and their states sent`;
  return `${rest}. The rebuilt tables are in place, the former ones in the schema core_before.`;
}

/** What stands in the way is one sentence, not a stack. */
async function onDatabase<T>({ databaseUrl }: DatabaseSettings, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof AnotherRebuild) throw new SetupError('Another rebuild is at work: wait until it has ended.');
    const { code } = error as { code?: unknown };
    const unreachable = code === 'ECONNREFUSED' || code === 'ENOTFOUND' || code === 'ETIMEDOUT';
    if (error instanceof LienmachError || error instanceof InvalidConfiguration || unreachable) {
      throw new SetupError(`The database at ${new URL(databaseUrl).host} did not do it: ${(error as Error).message}`);
    }
    throw error;
  }
}

const { 'dry-run': dryRun, drop } = readArguments();
if (drop && dryRun) throw new SetupError('Give either --drop or --dry-run, not both.');
const database = databaseSettings(process.env);
const logger = JsonLogger.create({ name: 'rebuild', level: 'error' });

await onDatabase(database, async () => {
  if (drop) {
    await dropRebuilt(database.databaseUrl);
    console.log('The tables of former rebuilds are gone.');
    return;
  }
  const rebuilt = await withTenants({ ...database, logger }, (tenants) =>
    rebuild({ databaseUrl: database.databaseUrl, tenants, dryRun, progress: progressLines() }),
  );
  console.log(report(rebuilt.found));
  console.log(`\n${outcome(rebuilt)}`);
  if (rebuilt.found.count > 0) process.exitCode = 1;
});
