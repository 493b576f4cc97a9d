import type { BenchServers } from './bench-servers.js';
import type { MeasureName } from './options.js';
import type { Pinning } from './pinning.js';

/** What every group of measures works with. */
export interface BenchContext {
  readonly servers: BenchServers;
  readonly pinning: Pinning;
  readonly quick: boolean;
  readonly wanted: ReadonlySet<MeasureName>;
  readonly say: (line: string) => void;
}
