import { fork, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { end, projectRoot } from '../embedded/index.js';

const readyWithin = 30_000;

/** A comparator: a program of bench/programs in a process of its own, spoken to over its channel. */
export class Program {
  private constructor(
    readonly name: string,
    private readonly child: ChildProcess,
    private readonly logFile: string,
  ) {}

  /** Starts it and waits until it says that it is ready. */
  static async start(name: string, settings: Record<string, string>, logFile: string): Promise<Program> {
    const entry = join(projectRoot, 'dist', 'tools', 'src', 'bench', 'programs', `${name}.js`);
    const log = openSync(logFile, 'a');
    const child = fork(entry, [], {
      env: { ...process.env, ...settings },
      cwd: projectRoot,
      execArgv: [],
      stdio: ['ignore', log, log, 'ipc'],
    });
    closeSync(log);
    const program = new Program(name, child, logFile);
    await program.answer(readyWithin);
    return program;
  }

  get pid(): number {
    return this.child.pid as number;
  }

  /** Sends a word and waits for the answer. */
  async ask<T>(word: string, milliseconds: number): Promise<T> {
    const answer = this.answer(milliseconds);
    this.child.send(word);
    return (await answer) as T;
  }

  async stop(): Promise<void> {
    await end(this.pid, 'SIGTERM', 5_000);
  }

  private answer(milliseconds: number): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const finish = (work: () => void): void => {
        clearTimeout(timer);
        this.child.off('message', onMessage);
        this.child.off('exit', onExit);
        work();
      };
      const failure = (what: string): Error => new Error(`${this.name} ${what}: see ${this.logFile}`);
      const onMessage = (message: unknown): void => finish(() => resolve(message));
      const onExit = (): void => finish(() => reject(failure('ended')));
      const timer = setTimeout(() => finish(() => reject(failure('does not answer'))), milliseconds);
      this.child.once('message', onMessage);
      this.child.once('exit', onExit);
      if (this.child.exitCode !== null || this.child.signalCode !== null) onExit();
    });
  }
}
