import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { projectRoot } from '@lienmach/tools';
import type { Settings } from './apps.js';
import { temporaryFolder } from './servers.js';

/** Lets time pass for the processes that are started with its settings. */
export class ShiftedClock {
  private readonly file = join(temporaryFolder('clock'), 'ahead');

  readonly settings: Settings = {
    CLOCK_FILE: this.file,
    NODE_OPTIONS: `--import ${pathToFileURL(join(projectRoot, 'test', 'support', 'shifted-clock.mjs')).href}`,
  };

  /** From now on they are so far ahead of the machine's clock. A broker refuses records from more than an hour ahead. */
  setAhead(milliseconds: number): void {
    writeFileSync(this.file, String(milliseconds));
  }
}
