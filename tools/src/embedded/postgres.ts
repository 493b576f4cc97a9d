import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import {
  findBinaries,
  postgresUser,
  reachableBinaries,
  reachableFolder,
  reaches,
  shortHash,
  type Binaries,
  type PostgresUser,
} from './postgres-binaries.js';
import { commandLine, launch, type Launched } from './processes.js';
import { EmbeddedServer, type ServerOptions } from './server.js';
import { SetupError } from './setup-error.js';

export interface PostgresOptions extends ServerOptions {
  /** Server settings over the defaults, e.g. `{ fsync: 'off' }`. */
  settings?: Record<string, string>;
  /** The database that `url` names; made if missing. */
  database?: string;
}

const superuser = 'postgres';
const defaults = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  log_line_prefix: '%m [%p] ',
};

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;

/** One PostgreSQL server with its own folder. */
export class EmbeddedPostgres extends EmbeddedServer {
  /** SIGINT is PostgreSQL's fast stop: open transactions are rolled back, connections closed. */
  protected readonly stopSignal = 'SIGINT';
  protected readonly portTaken = /could not bind|could not create any TCP/;
  // the backends of a server that was killed hold its memory and its lock file for a moment
  protected override readonly passing = /pre-existing shared memory block|lock file "postmaster.pid" already exists/;
  private binaries: Binaries | null = null;
  private user: PostgresUser = null;
  private home = '';
  private password = '';

  constructor(private readonly postgresOptions: PostgresOptions) {
    super('PostgreSQL', postgresOptions);
  }

  /** Address of the database of the options (by default `lienmach`), as the server's superuser. */
  get url(): string {
    return this.urlOf(this.postgresOptions.database ?? 'lienmach');
  }

  urlOf(database: string): string {
    return `postgres://${superuser}:${this.password}@127.0.0.1:${this.port}/${encodeURIComponent(database)}`;
  }

  /** Makes a database, a copy of `template` if one is named (to which nobody may be connected), and returns its address. */
  async createDatabase(name: string, template?: string): Promise<string> {
    await this.query(`CREATE DATABASE ${quoted(name)}${template ? ` TEMPLATE ${quoted(template)}` : ''}`);
    return this.urlOf(name);
  }

  /** Removes a database, ending the connections to it. */
  async dropDatabase(name: string): Promise<void> {
    await this.query(`DROP DATABASE IF EXISTS ${quoted(name)} WITH (FORCE)`);
  }

  /** Ends all connections but the caller's, as an operator or a fail-over would. */
  async terminateConnections(): Promise<void> {
    await this.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()`,
    );
  }

  override async start(): Promise<void> {
    await super.start();
    const database = this.postgresOptions.database ?? 'lienmach';
    const { rowCount } = await this.query('SELECT FROM pg_database WHERE datname = $1', [database]);
    if (rowCount === 0) await this.createDatabase(database);
  }

  protected marker(): string {
    return this.dataDir();
  }

  protected async prepare(): Promise<void> {
    const say = this.options.say ?? (() => undefined);
    this.user = postgresUser();
    this.home = this.findHome(say);
    this.binaries ??= reachableBinaries(this.user, await findBinaries(), this.home, say);
    this.password = this.readPassword();
    if (!existsSync(join(this.dataDir(), 'PG_VERSION'))) this.initialise();
    this.forgetStranger();
  }

  protected launchOn(port: number): Promise<Launched> {
    const settings = { ...defaults, ...this.postgresOptions.settings, port: String(port) };
    const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    return launch((this.binaries as Binaries).postgres, ['-D', this.dataDir(), ...flags], {
      logFile: this.logFile,
      cwd: '/',
      ...this.user,
    });
  }

  protected async answers(port: number): Promise<boolean> {
    const client = new pg.Client({ ...this.connection(), port, connectionTimeoutMillis: 1000 });
    client.on('error', () => undefined); // the connection's end is told by connect() and query() as well
    try {
      await client.connect();
      const { rows } = await client.query<{ data_directory: string }>('SHOW data_directory');
      return rows[0]?.data_directory === this.dataDir();
    } catch {
      return false; // not yet, or somebody else's server: the start goes on until its time is over
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  private connection() {
    return { host: '127.0.0.1', user: superuser, password: this.password, database: 'postgres' };
  }

  private async query(text: string, values: unknown[] = []): Promise<pg.QueryResult> {
    const client = new pg.Client({ ...this.connection(), port: this.port });
    await client.connect();
    try {
      return await client.query(text, values);
    } finally {
      await client.end();
    }
  }

  private dataDir(): string {
    return join(this.home || this.dir, 'data');
  }

  /** Where the data can lie: our folder, or one that the user postgres reaches. */
  private findHome(say: (line: string) => void): string {
    if (reaches(this.user, this.dir)) return this.dir;
    const home = join(reachableFolder(this.user, 'lienmach-postgres'), `data-${shortHash(this.dir)}`);
    if (!existsSync(home)) {
      mkdirSync(home, { mode: 0o755 });
      say(
        `the user postgres cannot reach ${this.dir}: the database lies in ${home}; to keep it for good, set DATA_DIR to a folder that every user may enter`,
      );
    }
    return home;
  }

  private readPassword(): string {
    const file = join(this.dir, 'password');
    if (!existsSync(file)) writeFileSync(file, randomBytes(24).toString('base64url'), { mode: 0o600 });
    return readFileSync(file, 'utf8');
  }

  /** Makes the cluster beside its place and moves it there when whole: initdb writes PG_VERSION long before its end. */
  private initialise(): void {
    const whole = `${this.dataDir()}.new`;
    const secret = join(this.home, 'initdb-password');
    rmSync(whole, { recursive: true, force: true });
    mkdirSync(whole, { mode: 0o700 });
    rmSync(secret, { force: true });
    writeFileSync(secret, this.password, { mode: 0o600 });
    if (this.user) for (const path of [whole, secret]) chownSync(path, this.user.uid, this.user.gid);
    try {
      const { initdb } = this.executable();
      const { status, error, stdout, stderr } = spawnSync(
        initdb,
        [
          `--pgdata=${whole}`,
          `--username=${superuser}`,
          `--pwfile=${secret}`,
          '--auth=scram-sha-256',
          '--encoding=UTF8',
          '--locale=C.UTF-8',
          '--no-sync',
        ],
        { encoding: 'utf8', cwd: '/', ...this.user },
      );
      if (status !== 0) {
        writeFileSync(this.logFile, `${stdout}${stderr}`, { flag: 'a' });
        throw new SetupError(
          `PostgreSQL could not lay out ${this.dataDir()} (${(stderr || error?.message || '').trim()}): see ${this.logFile}.`,
        );
      }
      renameSync(whole, this.dataDir());
    } finally {
      rmSync(secret, { force: true });
    }
  }

  /** npm may unpack the programs without their right to be run. */
  private executable(): Binaries {
    const binaries = this.binaries as Binaries;
    for (const file of [binaries.initdb, binaries.postgres]) {
      if ((statSync(file).mode & 0o111) === 0) chmodSync(file, 0o755);
    }
    return binaries;
  }

  /** A stale postmaster.pid whose number some other program has by now would keep the server from starting. */
  private forgetStranger(): void {
    const file = join(this.dataDir(), 'postmaster.pid');
    if (!existsSync(file)) return;
    const pid = Number(readFileSync(file, 'utf8').split('\n')[0]);
    if (!commandLine(pid).includes('postgres')) rmSync(file, { force: true });
  }
}

/** Starts a PostgreSQL server and resolves when it answers. */
export async function startPostgres(options: PostgresOptions): Promise<EmbeddedPostgres> {
  const postgres = new EmbeddedPostgres(options);
  await postgres.start();
  return postgres;
}
