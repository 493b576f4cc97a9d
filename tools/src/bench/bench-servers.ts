import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { TOPIC_DEFINITIONS } from '@lienmach/contracts';
import { ensureTopics, kafkaConnectionFromEnv, type KafkaConnection } from '@lienmach/kafka';
import pg from 'pg';
import {
  EmbeddedKafka,
  EmbeddedPostgres,
  entryOf,
  freePorts,
  launch,
  startApp,
  type AppProcess,
} from '../embedded/index.js';
import { PAGE, SECRET } from './facebook-requests.js';
import { Program } from './program.js';

const ADMIN_TOKEN = 'bench-admin-token-of-this-run';
const TEMPLATE = 'lienmach';
export const TENANT = 'bench';

const ACCOUNTS = {
  tenants: [
    {
      id: TENANT,
      name: 'Bench',
      brand: TENANT,
      accounts: [{ channel: 'facebook', id: PAGE, appSecret: SECRET, verifyToken: 'bench-verify-token' }],
    },
  ],
};

/** A broker and a database server of this run alone, in a temporary folder; and what runs on them. */
export class BenchServers {
  readonly folder = mkdtempSync(join(tmpdir(), 'lienmach-bench-'));
  readonly kafka: EmbeddedKafka;
  readonly postgres: EmbeddedPostgres;
  readonly adminToken = ADMIN_TOKEN;
  private readonly secretsKey = randomBytes(32).toString('base64');

  constructor(say: (line: string) => void) {
    chmodSync(this.folder, 0o755); // PostgreSQL runs as another user
    mkdirSync(join(this.folder, 'logs'));
    writeFileSync(join(this.folder, 'accounts.json'), JSON.stringify(ACCOUNTS));
    this.kafka = new EmbeddedKafka({ dir: join(this.folder, 'kafka'), load: true, say });
    this.postgres = new EmbeddedPostgres({
      dir: join(this.folder, 'postgres'),
      say,
      // a checkpoint in the middle of one round and not of the other would be noise
      settings: { max_wal_size: '8GB', checkpoint_timeout: '30min', shared_buffers: '512MB' },
    });
  }

  async start(): Promise<void> {
    await Promise.all([this.kafka.start(), this.postgres.start()]);
    const migrate = join(dirname(entryOf('core')), 'migrate.js');
    const logFile = this.logFile('migrate');
    const child = await launch(process.execPath, [migrate], {
      logFile,
      env: { ...process.env, DATABASE_URL: this.postgres.urlOf(TEMPLATE) },
    });
    if ((await child.exited).code !== 0) throw new Error(`the database could not be migrated: see ${logFile}`);
  }

  /** Ends both, and removes the folder unless somebody wants to look at its logs. */
  async stop(remove: boolean): Promise<void> {
    await Promise.all([this.kafka.stop(), this.postgres.stop()]);
    if (remove) rmSync(this.folder, { recursive: true, force: true });
  }

  async databaseVersion(): Promise<string> {
    const client = new pg.Client({ connectionString: this.postgres.url });
    await client.connect();
    try {
      const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
      return rows[0]!.server_version;
    } finally {
      await client.end();
    }
  }

  get pids(): number[] {
    return [this.kafka.pid, this.postgres.pid];
  }

  logFile(name: string): string {
    return join(this.folder, 'logs', `${name}.log`);
  }

  /**
   * Topics of the contract under a prefix, and a database: what one stack works on.
   * @param template the database that it is a copy of, to which nobody may be connected; by default a migrated one without rows
   */
  async newStack(name: string, template = TEMPLATE): Promise<Stack> {
    const stack = new Stack(this, name, await this.postgres.createDatabase(name, template), {
      DATA_DIR: this.folder,
      KAFKA_BROKERS: this.kafka.brokers,
      TOPIC_PREFIX: `${name}.`,
      ACCOUNTS_FILE: join(this.folder, 'accounts.json'),
      SECRETS_KEY: this.secretsKey,
      ADMIN_TOKEN,
      LIENMACH_EMBEDDED: 'true',
      LOG_LEVEL: 'warn',
    });
    await ensureTopics(stack.connection, TOPIC_DEFINITIONS, { create: true });
    return stack;
  }

  dropDatabase(name: string): Promise<void> {
    return this.postgres.dropDatabase(name);
  }
}

/** One installation on the servers of the bench: its own topics and database. */
export class Stack {
  readonly connection: KafkaConnection;
  readonly database: pg.Pool;
  private readonly settings: Record<string, string>;

  constructor(
    private readonly servers: BenchServers,
    readonly name: string,
    readonly databaseUrl: string,
    settings: Record<string, string>,
  ) {
    this.settings = { ...settings, DATABASE_URL: databaseUrl };
    this.connection = kafkaConnectionFromEnv(this.settings, 'bench');
    this.database = new pg.Pool({ connectionString: databaseUrl, max: 4 });
    this.database.on('error', () => undefined); // told by the next query as well
  }

  /** A real process of dist, ready. */
  async app(name: string, extra: Record<string, string> = {}): Promise<AppProcess> {
    const [port] = (await freePorts(1)) as [number];
    const env = { ...process.env, ...this.settings, ...extra };
    return startApp({ name, port, env, logFile: this.servers.logFile(`${this.name}-${name}`) });
  }

  /** A comparator of bench/programs, ready. */
  program(name: string, extra: Record<string, string> = {}): Promise<Program> {
    return Program.start(name, { ...this.settings, ...extra }, this.servers.logFile(`${this.name}-${name}`));
  }

  /** Of this run, gone with it. */
  get folder(): string {
    return this.servers.folder;
  }

  async one<T extends pg.QueryResultRow>(sql: string, values: unknown[] = []): Promise<T> {
    const { rows } = await this.database.query<T>(sql, values);
    return rows[0]!;
  }

  /** Leaves the database to be copied. */
  release(): Promise<void> {
    return this.database.end();
  }

  /** Removes the database; topics go with the broker. */
  async discard(): Promise<void> {
    await this.database.end();
    await this.servers.dropDatabase(this.name);
  }
}
