import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

/** Which processor cores the programs run on, so that the one under test never shares its core with load or broker. */
export class Pinning {
  /** Why nothing is pinned; null: it is. */
  readonly obstacle: string | null;
  private readonly cores = availableParallelism();

  constructor() {
    if (this.cores < 2) this.obstacle = 'this machine has one core';
    else if (spawnSync('taskset', ['-V']).status !== 0) this.obstacle = 'taskset (util-linux) is not here';
    else this.obstacle = null;
  }

  /** The core of the program under test. */
  underTest(pid: number): void {
    this.pin(pid, '0');
  }

  /** The cores of everything else: load, broker, database. */
  aside(...pids: number[]): void {
    for (const pid of pids) this.pin(pid, this.cores === 2 ? '1' : `1-${this.cores - 1}`);
  }

  /** Every core again. */
  free(...pids: number[]): void {
    for (const pid of pids) this.pin(pid, `0-${this.cores - 1}`);
  }

  private pin(pid: number, list: string): void {
    if (this.obstacle !== null) return;
    // -a: threads that run already as well
    const { status, stderr } = spawnSync('taskset', ['-a', '-c', '-p', list, String(pid)], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`taskset could not move process ${pid}: ${stderr.trim()}`);
  }
}
