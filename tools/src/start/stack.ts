import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { AppProcess, portSetting } from '../embedded/app-process.js';
import { makeFolder } from '../embedded/folders.js';
import { lockFolder } from '../embedded/folder-lock.js';
import { findJava } from '../embedded/java.js';
import { EmbeddedKafka } from '../embedded/kafka.js';
import { endLeftovers } from '../embedded/leftovers.js';
import { isFree } from '../embedded/ports.js';
import { EmbeddedPostgres } from '../embedded/postgres.js';
import { end, launch, type Launched } from '../embedded/processes.js';
import type { EmbeddedServer } from '../embedded/server.js';
import { SetupError } from '../embedded/setup-error.js';
import type { Plan, PlannedApp } from './plan.js';
import { isRunningFile, removeRunning, writeRunning } from './running-file.js';
import { keepSecrets, referencesIn } from './secrets.js';
import { keepAlive, type Part } from './supervisor.js';

/** How long a start waits for the previous one to stop; and for one that seems well, in case it has yet to notice its end. */
const patience = { stopping: 20_000, running: 1500 };

/** Waits for all even if one fails, so that nothing is still being started when everything is stopped. */
async function together(works: Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(works);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}

const pidOf = (server: EmbeddedServer | null) => (server?.isRunning() ? server.pid : null);

/** Everything that `npm start` runs: servers, core, adapters; started, watched and stopped in order, once. */
export class Stack {
  private readonly abort = new AbortController();
  private readonly watches: Promise<void>[] = [];
  private readonly apps: AppProcess[] = [];
  private readonly passing = new Set<Launched>();
  private kafka: EmbeddedKafka | null = null;
  private postgres: EmbeddedPostgres | null = null;
  private unlock: (() => void) | null = null;
  private starting: Promise<unknown> = Promise.resolve();
  private settings: NodeJS.ProcessEnv = {};

  constructor(
    private readonly plan: Plan,
    private readonly env: NodeJS.ProcessEnv,
    private readonly say: (line: string) => void,
  ) {}

  /** Starts everything; resolves when all is ready. */
  start(): Promise<void> {
    const starting = this.startAll();
    this.starting = starting.catch(() => undefined); // whoever called start() hears of it
    return starting;
  }

  /** The lines that tell the user where everything is. */
  summary(): string {
    const places = this.apps.map((app) => `${app.name} ${app.url}`);
    const token = this.env['ADMIN_TOKEN'] ? 'token as set in ADMIN_TOKEN' : `token ${this.settings['ADMIN_TOKEN']}`;
    return ['ready', ...places, `Kafka ${this.settings['KAFKA_BROKERS']}`, token].join('  ');
  }

  /** Stops adapters, then core, then the servers: what the one still has to hand on finds the next one alive. */
  async stop(): Promise<void> {
    this.abort.abort();
    if (this.unlock) removeRunning(this.plan.dataDir);
    await this.stopParts();
    await this.starting;
    await Promise.all(this.watches);
    await this.stopParts(); // what was just being started
    this.unlock?.();
    this.unlock = null;
  }

  private async startAll(): Promise<void> {
    await this.takeDataFolder();
    const ended = await endLeftovers(join(this.plan.dataDir, 'logs'));
    if (ended > 0) this.say(`${ended} processes of a start that was killed have been ended`);
    await this.requireFreePorts();
    if (this.plan.kafkaBrokers === null) findJava(); // before anything else is started in vain
    this.settings = this.secretSettings();
    this.settings['SPOOL_DIR'] ||= join(this.plan.dataDir, 'spool');
    await together([this.prepareKafka(), this.preparePostgres()]);
    this.writeRunning();
    await together(this.plan.apps.map((app) => this.startApp(app)));
    this.apps.sort((a, b) => a.port - b.port);
    this.writeRunning();
  }

  private async prepareKafka(): Promise<void> {
    await this.startKafka();
    await this.runOnce('making the topics', this.plan.topics, ['--create']);
  }

  private async preparePostgres(): Promise<void> {
    await this.startPostgres();
    await this.runOnce('migrating the database', this.plan.migrate, []);
  }

  private async takeDataFolder(): Promise<void> {
    const { dataDir } = this.plan;
    makeFolder(join(dataDir, 'logs'));
    for (const began = Date.now(); ; await pause(100)) {
      try {
        this.unlock = lockFolder(dataDir, 'Lienmach');
        removeRunning(dataDir); // of a start that was killed
        return;
      } catch (error) {
        const bound = isRunningFile(dataDir) ? patience.running : patience.stopping;
        const inVain = Date.now() - began > bound || this.abort.signal.aborted;
        if (!(error instanceof SetupError) || inVain) throw error;
      }
    }
  }

  private async requireFreePorts(): Promise<void> {
    for (const { name, port } of this.plan.apps) {
      if (await isFree(port, this.plan.host)) continue;
      const setting = portSetting(name);
      throw new SetupError(
        `Port ${port} of ${name} is taken by another program: end that one, or set ${setting} to a free port.`,
      );
    }
  }

  /** Keys, token and the accounts' secrets: the environment's, or made once in embedded mode. */
  private secretSettings(): NodeJS.ProcessEnv {
    const { dataDir, accountsFile, databaseUrl } = this.plan;
    const accounts = accountsFile ? { ACCOUNTS_FILE: accountsFile } : {};
    if (databaseUrl !== null) return { ...this.env, ...accounts };
    // references of the user's own file are the user's to set
    const references =
      accountsFile && !this.env['ACCOUNTS_FILE'] ? referencesIn(readFileSync(accountsFile, 'utf8')) : [];
    const made = keepSecrets(dataDir, ['SECRETS_KEY', 'ADMIN_TOKEN', ...references], this.env);
    return { ...this.env, ...accounts, ...made, LIENMACH_EMBEDDED: 'true' };
  }

  private async startKafka(): Promise<void> {
    if (this.plan.kafkaBrokers !== null) {
      this.settings['KAFKA_BROKERS'] = this.plan.kafkaBrokers;
      return;
    }
    const kafka = new EmbeddedKafka({ dir: join(this.plan.dataDir, 'kafka'), say: this.say });
    this.kafka = kafka;
    await this.step('starting Kafka', () => kafka.start());
    this.settings['KAFKA_BROKERS'] = kafka.brokers;
    this.say(`Kafka ready at ${kafka.brokers} (process ${kafka.pid})`);
    this.watch(kafka);
  }

  private async startPostgres(): Promise<void> {
    if (this.plan.databaseUrl !== null) {
      this.settings['DATABASE_URL'] = this.plan.databaseUrl;
      return;
    }
    const postgres = new EmbeddedPostgres({ dir: join(this.plan.dataDir, 'postgres'), say: this.say });
    this.postgres = postgres;
    await this.step('starting PostgreSQL', () => postgres.start());
    this.settings['DATABASE_URL'] = postgres.url;
    this.say(`PostgreSQL ready at 127.0.0.1:${postgres.port} (process ${postgres.pid})`);
    this.watch(postgres);
  }

  /** Runs a program that prepares something and ends. */
  private async runOnce(title: string, file: string, args: string[]): Promise<void> {
    const logFile = join(this.plan.dataDir, 'logs', `${basename(file, '.js')}.log`);
    await this.step(title, async () => {
      const child = await launch(process.execPath, ['--enable-source-maps', file, ...args], {
        logFile,
        env: this.settings,
      });
      this.passing.add(child);
      const { code } = await child.exited;
      this.passing.delete(child);
      if (code !== 0) throw new SetupError(`${title} failed: see the end of ${logFile}.`);
    });
  }

  private async startApp({ name, port, entry }: PlannedApp): Promise<void> {
    const { ADMIN_TOKEN: _core, ...others } = this.settings;
    const app = new AppProcess({
      name,
      entry,
      port,
      host: this.plan.host,
      env: name === 'core' ? this.settings : others,
      logFile: join(this.plan.dataDir, 'logs', `${name}.log`),
    });
    this.apps.push(app);
    await this.step(`starting ${name}`, () => app.start());
    this.say(`${name} ready at ${app.url} (process ${app.pid})`);
    this.watch(app);
  }

  /** A step that takes longer than a second is announced; none begins once everything is to end. */
  private async step(title: string, work: () => Promise<void>): Promise<void> {
    if (this.abort.signal.aborted) throw new SetupError('The start was broken off.');
    const timer = setTimeout(() => this.say(`${title} …`), 1000);
    try {
      await work();
    } finally {
      clearTimeout(timer);
    }
  }

  private watch(part: Part): void {
    this.watches.push(keepAlive(part, this.say, () => this.writeRunning(), this.abort.signal));
  }

  private writeRunning(): void {
    if (this.abort.signal.aborted) return;
    const { KAFKA_BROKERS: brokers = '', DATABASE_URL: url = '' } = this.settings;
    writeRunning(this.plan.dataDir, {
      kafka: { brokers, pid: pidOf(this.kafka) },
      postgres: { url, pid: pidOf(this.postgres) },
      processes: this.apps.filter((app) => app.isRunning()).map(({ name, pid, port }) => ({ name, pid, port })),
    });
  }

  private async stopParts(): Promise<void> {
    await Promise.all([...this.passing].map((child) => end(child.pid, 'SIGTERM', 5000)));
    const isCore = (app: AppProcess) => app.name === 'core';
    await Promise.all(this.apps.filter((app) => !isCore(app)).map((app) => app.stop()));
    await Promise.all(this.apps.filter(isCore).map((app) => app.stop()));
    await Promise.all([this.kafka?.stop(), this.postgres?.stop()]);
  }
}
