import { writeFileSync } from 'node:fs';
import { measureCore } from './bench/core.js';
import type { BenchContext } from './bench/bench-context.js';
import { BenchServers } from './bench/bench-servers.js';
import { measureDoors } from './bench/doors.js';
import { measureFreshness } from './bench/freshness.js';
import { measureIngest } from './bench/ingest.js';
import { describeMachine, describeVersions } from './bench/machine.js';
import { notMeasured, type Measure } from './bench/measure.js';
import { GROUPS, readOptions, type Group } from './bench/options.js';
import { Pinning } from './bench/pinning.js';
import { measurePeople } from './bench/people.js';
import { measureRelay } from './bench/relay.js';
import { reportTable, type Report } from './bench/report.js';
import { measureSearch } from './bench/search.js';

/**
 * `npm run bench`: how fast the pipeline is beside other programs for the same task, all in this run, on servers of its own.
 * `--only NAME` (repeatable), `--quick`, `--json FILE`.
 */
const MEASURE: Record<Group, (context: BenchContext) => Promise<Measure[]>> = {
  ingest: measureIngest,
  doors: measureDoors,
  core: measureCore,
  people: measurePeople,
  freshness: measureFreshness,
  relay: measureRelay,
  search: measureSearch,
};

const options = readOptions(process.argv.slice(2));
const say = (line: string): void => console.error(line);
const pinning = new Pinning();
const machine = describeMachine(pinning);
if (machine.loadBefore > 0.5)
  say(`The machine is busy (load ${machine.loadBefore}): trust the ratios, not the numbers.`);

const servers = new BenchServers(say);
let failed = false;
const stop = async (): Promise<void> => {
  if (failed) say(`The logs are kept in ${servers.folder}.`);
  await servers.stop(!failed);
};
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.once(name, () => void servers.stop(true).finally(() => process.exit(130)));
}

try {
  await servers.start();
  const measures: Measure[] = [];
  for (const group of Object.keys(MEASURE) as Group[]) {
    const wanted = GROUPS[group].filter((name) => options.wanted.has(name));
    if (wanted.length === 0) continue;
    try {
      const context = { servers, pinning, say, quick: options.quick, wanted: options.wanted };
      measures.push(...(await MEASURE[group](context)));
    } catch (error) {
      failed = true;
      say(String((error as Error).stack));
      measures.push(...wanted.map((name) => notMeasured(name, error as Error)));
    }
  }
  const report: Report = { machine, versions: describeVersions(await servers.databaseVersion()), measures };
  const json = JSON.stringify(report, null, 2);
  console.log(`${reportTable(report)}\n`);
  console.log(json);
  if (options.json !== undefined) writeFileSync(options.json, `${json}\n`);
} finally {
  await stop();
}
process.exitCode = failed ? 1 : 0;
