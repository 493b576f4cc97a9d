import { parseArgs } from 'node:util';
import { SetupError } from '../embedded/index.js';

/** Every measure, by the group whose programs it needs. */
export const GROUPS = {
  ingest: ['ingest-vs-bare', 'ingest-vs-usual-nest', 'ingest-latency-p99'],
  doors: ['doors-vs-fanpage'],
  core: ['core-vs-sql', 'core-vs-usual', 'core-million-vs-empty'],
  people: ['join-200-ms', 'undo-200-ms', 'timeline-page-p95-ms'],
  freshness: ['freshness-p50-ms', 'freshness-p99-ms'],
  relay: ['relay-vs-poll'],
  search: ['search-p50-ms', 'search-p95-ms'],
} as const;

export type Group = keyof typeof GROUPS;
export type MeasureName = (typeof GROUPS)[Group][number];

export interface BenchOptions {
  readonly wanted: ReadonlySet<MeasureName>;
  /** Fewer and shorter rounds: whether everything runs, not how fast. */
  readonly quick: boolean;
  /** File for the JSON. */
  readonly json: string | undefined;
}

const ALL: readonly MeasureName[] = Object.values(GROUPS).flat();

/** `[--only NAME]… [--quick] [--json FILE]` */
export function readOptions(args: string[]): BenchOptions {
  try {
    const { values } = parseArgs({
      args,
      options: {
        only: { type: 'string', multiple: true },
        quick: { type: 'boolean', default: false },
        json: { type: 'string' },
      },
    });
    const wanted = values.only ?? ALL;
    const unknown = wanted.find((name) => !(ALL as readonly string[]).includes(name));
    if (unknown !== undefined) throw new Error(`there is no measure "${unknown}"`);
    return { wanted: new Set(wanted as MeasureName[]), quick: values.quick, json: values.json };
  } catch (error) {
    throw new SetupError(
      `${(error as Error).message}\nUse: npm run bench -- [--only NAME]… [--quick] [--json FILE]; NAME is one of ${ALL.join(', ')}.`,
    );
  }
}
