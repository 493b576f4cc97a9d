import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { kafkaConnectionFromEnv, readToEnd, type KafkaConnection, type KafkaRecord } from '@lienmach/kafka';
import { projectRoot, startPostgres, type AppProcess, type EmbeddedPostgres } from '@lienmach/tools';
import pg from 'pg';
import { writeAccountsFile } from './accounts.js';
import { Api } from './api.js';
import { startStack, type Settings, type Stack } from './apps.js';
import { temporaryFolder } from './servers.js';
import { post, type Answer, type Webhook } from './webhooks.js';

/** An event of a history topic, as far as tests look at it. */
export interface TopicEvent {
  id: string;
  type: string;
  subject: string;
  tenant: string;
  causation?: string;
  personasof?: string;
  conversation?: string;
  late?: boolean;
  clock?: boolean;
  data: { kind: string; vendorEventId: string; thread: string; [field: string]: unknown };
}

/** A whole stack (both adapters and core) with what tests look at it by. */
export class Pipeline {
  readonly api: Api;
  readonly connection: KafkaConnection;

  constructor(readonly stack: Stack) {
    this.api = new Api(this.app('core').url);
    this.connection = kafkaConnectionFromEnv(stack.settings, 'test');
  }

  app(name: string): AppProcess {
    const app = this.stack.apps[name];
    if (!app) throw new Error(`${name} is not among the apps of this stack`);
    return app;
  }

  send(webhook: Webhook): Promise<Answer> {
    return post(this.app(webhook.app).url, webhook);
  }

  /** Reads a topic to its end. */
  async records(topic: string): Promise<KafkaRecord[]> {
    const records: KafkaRecord[] = [];
    await readToEnd(this.connection, topic, (record) => records.push(record));
    return records;
  }

  /** The events of a history topic with their keys; what is not JSON is left out. */
  async events(topic: string): Promise<(TopicEvent & { key: string })[]> {
    return (await this.records(topic)).flatMap(({ key, value }) => {
      try {
        return [{ ...(JSON.parse(String(value)) as TopicEvent), key: String(key) }];
      } catch {
        return []; // a poison record that a test put there
      }
    });
  }

  /** Asks the stack's database, past all roles and policies. */
  async sql<Row extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<Row[]> {
    const client = new pg.Client({ connectionString: this.stack.settings['DATABASE_URL'] });
    client.on('error', () => undefined); // query() tells it as well
    await client.connect();
    try {
      return (await client.query<Row>(text, values)).rows;
    } finally {
      await client.end();
    }
  }

  /** Whether everything that was taken in is threaded and published. */
  async isIdle(): Promise<boolean> {
    const [row] = await this.sql<{ open: string }>(
      `SELECT (SELECT count(*) FROM core.dirty) + (SELECT count(*) FROM core.outbox WHERE published_at IS NULL) AS open`,
    );
    return row?.open === '0';
  }

  /** For the message of a failure: where the processes' logs lie, and what they warned of last. */
  logs(): string {
    const folder = join(this.stack.settings['DATA_DIR'] as string, 'logs');
    if (!existsSync(folder)) return '';
    return readdirSync(folder)
      .filter((name) => name.endsWith('.log'))
      .map((name) => {
        const lines = readFileSync(join(folder, name), 'utf8').split('\n');
        const warnings = lines.filter((line) => line !== '' && !/"level":"?(info|debug|30|20)/.test(line));
        return [join(folder, name), ...warnings.slice(-8).map((line) => `  ${line.slice(0, 400)}`)].join('\n');
      })
      .join('\n');
  }

  stop(): Promise<void> {
    return this.stack.stop();
  }
}

/** Starts both adapters and core; on the shared servers unless `extra` names others. */
export async function startPipeline(extra: Settings = {}): Promise<Pipeline> {
  const names = ['core', 'adapter-facebook', 'adapter-call'];
  return new Pipeline(await startStack(names, { ACCOUNTS_FILE: writeAccountsFile(), ...extra }));
}

/** A PostgreSQL of the test's own, migrated, to stop and to start. */
export async function startMigratedPostgres(): Promise<EmbeddedPostgres> {
  const postgres = await startPostgres({ dir: temporaryFolder('postgres') });
  const migrate = join(projectRoot, 'dist', 'apps', 'core', 'src', 'migrate.js');
  try {
    const env = { ...process.env, DATABASE_URL: postgres.url };
    await promisify(execFile)(process.execPath, ['--enable-source-maps', migrate], { env, cwd: projectRoot });
    return postgres;
  } catch (error) {
    await postgres.stop();
    throw error;
  }
}
