import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, cpus, loadavg, release, totalmem, type } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../embedded/index.js';
import { findJava } from '../embedded/java.js';
import type { Pinning } from './pinning.js';

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly system: string;
  /** One-minute load when the run began: much of it is somebody else's. */
  readonly loadBefore: number;
  readonly pinning: string;
}

export const describeMachine = (pinning: Pinning): Machine => ({
  cpu: cpus()[0]?.model.trim() ?? 'unknown',
  cores: availableParallelism(),
  memoryGiB: Math.round(totalmem() / 2 ** 30),
  system: `${type()} ${release()}`,
  loadBefore: Number((loadavg()[0] ?? 0).toFixed(2)),
  pinning: pinning.obstacle
    ? `nothing pinned: ${pinning.obstacle}`
    : 'ingest: server under test on core 0, load, broker and database on the others; everything else on all cores',
});

export function describeVersions(databaseVersion: string): Record<string, string> {
  const require = createRequire(import.meta.url);
  const installed = (name: string): string =>
    (JSON.parse(readFileSync(join(projectRoot, 'node_modules', name, 'package.json'), 'utf8')) as { version: string })
      .version;
  const own = require(join(projectRoot, 'package.json')) as { version: string };
  const commit = spawnSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: projectRoot, encoding: 'utf8' });
  const pom = readFileSync(join(projectRoot, 'tools', 'kafka', 'pom.xml'), 'utf8');
  return {
    lienmach: own.version,
    commit: commit.status === 0 ? commit.stdout.trim() : 'unknown',
    node: process.versions.node,
    java: findJava().version,
    kafka: /<kafka\.version>([^<]+)</.exec(pom)?.[1] ?? 'unknown',
    postgres: databaseVersion,
    kafkajs: installed('kafkajs'),
    nest: installed('@nestjs/core'),
    typeorm: installed('typeorm'),
  };
}
