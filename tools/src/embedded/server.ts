import { existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { makeFolder } from './folders.js';
import { lockFolder } from './folder-lock.js';
import { freePorts, isFree } from './ports.js';
import { commandLine, end, signal, type Exit, type Launched } from './processes.js';
import { explainFileError, SetupError } from './setup-error.js';

export interface ServerOptions {
  /** Folder of the server's files; made if missing, used by one process at a time. */
  dir: string;
  /** Fixed port; without it the port of the last run if it is free, else any free one. */
  port?: number;
  /** Hears one line when something takes long or is done otherwise than asked. */
  say?: (line: string) => void;
}

const readyWithin = 60_000;
const largestLog = 10 * 1024 * 1024;

/** What an embedded server of any kind does: one process on one folder, with a log, a lock and a port that is kept. */
export abstract class EmbeddedServer {
  readonly dir: string;
  readonly logFile: string;
  private child: Launched | null = null;
  private currentPort: number;
  private unlock: (() => void) | null = null;

  protected constructor(
    readonly name: string,
    protected readonly options: ServerOptions,
  ) {
    this.dir = resolve(options.dir);
    this.logFile = join(this.dir, 'server.log');
    this.currentPort = options.port ?? 0;
  }

  /** What must be done before the first launch: jars, data folder, settings. */
  protected abstract prepare(): Promise<void>;
  /** Starts the process on the port; `extra` are further free ports. */
  protected abstract launchOn(port: number, extra: number[]): Promise<Launched>;
  /** Whether the server behind the port answers and is this one. */
  protected abstract answers(port: number): Promise<boolean>;
  /** Words in the log that mean: the port was taken. */
  protected abstract readonly portTaken: RegExp;
  /** Words in the log that mean: start it again in a moment. */
  protected readonly passing: RegExp | null = null;
  protected abstract readonly stopSignal: NodeJS.Signals;
  /** A word of the command line that only this folder's process has. */
  protected abstract marker(): string;

  get port(): number {
    return this.currentPort;
  }

  /** Process id of the server that runs now, or of the last one. */
  get pid(): number {
    if (!this.child) throw new Error(`${this.name} has not been started`);
    return this.child.pid;
  }

  isRunning(): boolean {
    return this.child?.isRunning() ?? false;
  }

  /** Resolves when the process that runs now ends, for whatever reason. */
  get exited(): Promise<Exit> {
    if (!this.child) throw new Error(`${this.name} has not been started`);
    return this.child.exited;
  }

  /** Starts the server and resolves when it answers. */
  async start(): Promise<void> {
    makeFolder(this.dir);
    this.unlock ??= lockFolder(this.dir, this.name);
    try {
      if (existsSync(this.logFile) && statSync(this.logFile).size > largestLog)
        renameSync(this.logFile, `${this.logFile}.1`);
      await this.prepare();
      await this.endOrphan();
      await this.launchUntilReady();
    } catch (error) {
      await this.stop();
      throw explainFileError(error, this.dir);
    }
  }

  /** Stops the server in order and gives its folder back. */
  async stop(): Promise<void> {
    if (this.child?.isRunning()) {
      await end(this.child.pid, this.stopSignal, 20_000);
      await this.child.exited;
    }
    rmSync(join(this.dir, 'server.pid'), { force: true });
    this.unlock?.();
    this.unlock = null;
  }

  /** Sends a signal that ends the server (SIGKILL by default) and waits for its end; the folder stays ours, for restart(). */
  async kill(name: NodeJS.Signals = 'SIGKILL'): Promise<Exit> {
    signal(this.pid, name);
    signal(this.pid, 'SIGCONT');
    return this.exited;
  }

  /** Starts the server again on the same port, stopping it first if it runs. */
  async restart(): Promise<void> {
    if (this.isRunning()) await this.stop();
    this.options.port = this.currentPort;
    await this.start();
  }

  private pidFile(): string {
    return join(this.dir, 'server.pid');
  }

  /** Ends the server of a starter that was killed; a stranger with the same process id is left alone. */
  private async endOrphan(): Promise<void> {
    if (!existsSync(this.pidFile())) return;
    const pid = Number(readFileSync(this.pidFile(), 'utf8'));
    if (commandLine(pid).includes(this.marker())) await end(pid, this.stopSignal, 20_000);
    rmSync(this.pidFile(), { force: true });
  }

  private async choosePort(): Promise<number> {
    const wanted = this.options.port;
    if (wanted !== undefined) {
      if (await isFree(wanted)) return wanted;
      throw new SetupError(
        `Port ${wanted} of ${this.name} is taken by another program: end that one, or choose another port.`,
      );
    }
    const kept = join(this.dir, 'port');
    const last = existsSync(kept) ? Number(readFileSync(kept, 'utf8')) : 0;
    if (last > 0 && (await isFree(last))) return last;
    return (await freePorts(1))[0] as number;
  }

  private async launchUntilReady(): Promise<void> {
    const deadline = Date.now() + readyWithin;
    for (let tries = 0; ; tries += 1) {
      const port = await this.choosePort();
      const before = existsSync(this.logFile) ? statSync(this.logFile).size : 0;
      const child = await this.launchOn(port, await freePorts(2));
      this.child = child;
      writeFileSync(this.pidFile(), String(child.pid));
      if (await this.readyOrGone(child, port, deadline)) {
        this.currentPort = port;
        writeFileSync(join(this.dir, 'port'), String(port));
        return;
      }
      const said = readFileSync(this.logFile).subarray(before).toString('utf8');
      if (this.passing?.test(said) && Date.now() < deadline) await pause(200);
      else if (!this.portTaken.test(said) || tries >= 5) throw this.failure(said);
    }
  }

  /** True when it answers, false when it ended; an answer of somebody else on the port is no answer. */
  private async readyOrGone(child: Launched, port: number, deadline: number): Promise<boolean> {
    while (child.isRunning()) {
      if (await this.answers(port)) return child.isRunning();
      if (Date.now() > deadline)
        throw new SetupError(`${this.name} does not answer after a minute: see ${this.logFile}.`);
      await pause(25);
    }
    return false;
  }

  private failure(said: string): SetupError {
    const worst = said
      .split('\n')
      .filter((line) => /\b(FATAL|ERROR|Error|error)\b/.test(line))
      .at(-1);
    return new SetupError(`${this.name} did not start${worst ? ` (${worst.trim()})` : ''}: see ${this.logFile}.`);
  }
}
