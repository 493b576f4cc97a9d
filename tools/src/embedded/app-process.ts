import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { end, launch, signal, type Exit, type Launched } from './processes.js';
import { projectRoot } from './project-root.js';
import { SetupError } from './setup-error.js';

export interface AppOptions {
  /** Folder of the app below apps/: core, adapter-facebook, … */
  name: string;
  host?: string;
  port: number;
  /** Whole environment of the process; HOST and the port setting are added. */
  env: NodeJS.ProcessEnv;
  logFile: string;
  /** Milliseconds until it must answer /health/ready with 200; by default a minute. */
  readyWithin?: number;
  /** Compiled entry file; by default the app's main below dist. */
  entry?: string;
}

/** CORE_PORT of core, FACEBOOK_PORT of adapter-facebook. */
export const portSetting = (name: string) =>
  `${name
    .replace(/^adapter-/, '')
    .replaceAll('-', '_')
    .toUpperCase()}_PORT`;

/** The compiled entry of an app. */
export const entryOf = (name: string) => join(projectRoot, 'dist', 'apps', name, 'src', 'main.js');

async function answers200(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2000) });
    await response.arrayBuffer();
    return response.status === 200;
  } catch {
    return false; // not listening yet, or not fast enough: asked again until the time is over
  }
}

/** What a process wrote for people, the last lines that are no JSON records: a wrong setting is told there. */
function lastWords(log: string): string {
  const lines = log.split('\n').filter((line) => line.trim() && !line.startsWith('{'));
  return lines
    .slice(-5)
    .map((line) => `${line.slice(0, 300)}\n`)
    .join('');
}

/** One process of an app, ready when it was given out. */
export class AppProcess {
  private child: Launched | null = null;

  constructor(private readonly options: AppOptions) {}

  get name(): string {
    return this.options.name;
  }

  get port(): number {
    return this.options.port;
  }

  get url(): string {
    const host = this.options.host ?? '127.0.0.1';
    return `http://${host === '0.0.0.0' ? '127.0.0.1' : host}:${this.options.port}`;
  }

  get logFile(): string {
    return this.options.logFile;
  }

  get pid(): number {
    if (!this.child) throw new Error(`${this.name} has not been started`);
    return this.child.pid;
  }

  /** Resolves when the process that runs now ends, for whatever reason. */
  get exited(): Promise<Exit> {
    if (!this.child) throw new Error(`${this.name} has not been started`);
    return this.child.exited;
  }

  isRunning(): boolean {
    return this.child?.isRunning() ?? false;
  }

  async start(): Promise<void> {
    const { name, port, env, logFile } = this.options;
    const host = this.options.host ?? '127.0.0.1';
    mkdirSync(dirname(logFile), { recursive: true });
    const settings = { ...env, HOST: host, [portSetting(name)]: String(port) };
    const before = existsSync(logFile) ? statSync(logFile).size : 0;
    const child = await launch(process.execPath, ['--enable-source-maps', this.options.entry ?? entryOf(name)], {
      logFile,
      env: settings,
      cwd: projectRoot,
    });
    this.child = child;
    // for the next start, should this one be killed
    writeFileSync(join(dirname(logFile), `${basename(logFile, '.log')}.pid`), String(child.pid));
    const deadline = Date.now() + (this.options.readyWithin ?? 60_000);
    while (!(await answers200(`${this.url}/health/ready`))) {
      if (!child.isRunning()) {
        const { code, signal: by } = await child.exited;
        const why = lastWords(readFileSync(logFile).subarray(before).toString('utf8'));
        throw new SetupError(`${why}${name} ended (${by ?? `code ${code}`}) before it was ready: see ${logFile}.`);
      }
      if (Date.now() > deadline) {
        await this.stop();
        throw new SetupError(`${name} was not ready in time at ${this.url}/health/ready: see ${logFile}.`);
      }
      await pause(50);
    }
  }

  /** Asks it to end (SIGTERM) and waits; kills it when it has not ended after `milliseconds`. */
  async stop(milliseconds = 20_000): Promise<void> {
    if (!this.child?.isRunning()) return;
    await end(this.child.pid, 'SIGTERM', milliseconds);
    await this.child.exited;
  }

  /** Sends a signal that ends it (SIGKILL by default) and waits for its end. */
  async kill(name: NodeJS.Signals = 'SIGKILL'): Promise<Exit> {
    signal(this.pid, name);
    signal(this.pid, 'SIGCONT');
    return this.exited;
  }

  freeze(): void {
    signal(this.pid, 'SIGSTOP');
  }

  thaw(): void {
    signal(this.pid, 'SIGCONT');
  }

  /** Starts it again with the same settings on the same port, stopping it first if it runs. */
  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }
}

/** Starts an app and resolves when it is ready. */
export async function startApp(options: AppOptions): Promise<AppProcess> {
  const app = new AppProcess(options);
  await app.start();
  return app;
}
