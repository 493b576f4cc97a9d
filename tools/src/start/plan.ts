import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { entryOf, portSetting } from '../embedded/app-process.js';
import { projectRoot } from '../embedded/project-root.js';
import { SetupError } from '../embedded/setup-error.js';

export interface PlannedApp {
  name: string;
  port: number;
  /** Compiled entry file. */
  entry: string;
}

/** What `npm start` will start, and with which settings. */
export interface Plan {
  dataDir: string;
  host: string;
  /** The user's own servers; null: embedded ones. */
  databaseUrl: string | null;
  kafkaBrokers: string | null;
  accountsFile: string | null;
  /** Core first. */
  apps: PlannedApp[];
  /** Programs that prepare the servers and end. */
  migrate: string;
  topics: string;
}

/** Accounts of the embedded mode when ACCOUNTS_FILE is unset. */
export const demoAccounts = join(projectRoot, 'tools', 'demo', 'accounts.yaml');

/** Apps of dist that have an entry: core and every adapter. */
export function builtApps(folder = join(projectRoot, 'dist', 'apps')): string[] {
  const names = readdirSync(folder).filter((name) => name === 'core' || name.startsWith('adapter-'));
  return names
    .filter((name) => existsSync(join(folder, name, 'src', 'main.js')))
    .sort((a, b) => Number(b === 'core') - Number(a === 'core') || a.localeCompare(b));
}

/** The port of each app as docker-compose.yml has it, so that the two ways to start agree. */
export function defaultPorts(
  compose = readFileSync(join(projectRoot, 'docker-compose.yml'), 'utf8'),
): Map<string, number> {
  const { services } = parse(compose, { merge: true }) as {
    services: Record<string, { environment?: Record<string, unknown> }>;
  };
  const ports = new Map<string, number>();
  for (const [name, { environment }] of Object.entries(services)) {
    const port = Number(environment?.[portSetting(name)]);
    if (port > 0) ports.set(name, port);
  }
  return ports;
}

function portOf(name: string, env: NodeJS.ProcessEnv, defaults: Map<string, number>): number {
  const setting = portSetting(name);
  const text = env[setting] || String(defaults.get(name) ?? '');
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new SetupError(`${setting} is ${text ? `"${text}"` : 'unset'}: set it to a port between 1 and 65535.`);
  }
  return port;
}

/** Reads the settings; what is missing for the user's own servers is asked for at once. */
export function planStart(env: NodeJS.ProcessEnv, names = builtApps(), defaults = defaultPorts()): Plan {
  const databaseUrl = env['DATABASE_URL'] || null;
  if (databaseUrl !== null) {
    const missing = ['SECRETS_KEY', 'ADMIN_TOKEN'].filter((name) => !env[name]);
    if (missing.length > 0) {
      throw new SetupError(
        `${missing.join(' and ')} must be set, because DATABASE_URL is: they are made only for the embedded PostgreSQL.`,
      );
    }
  }
  const apps = names.map((name) => ({ name, port: portOf(name, env, defaults), entry: entryOf(name) }));
  for (const app of apps) {
    const twin = apps.find((other) => other !== app && other.port === app.port);
    if (twin)
      throw new SetupError(
        `${portSetting(app.name)} and ${portSetting(twin.name)} are both ${app.port}: give each its own port.`,
      );
  }
  return {
    dataDir: resolve(projectRoot, env['DATA_DIR'] || '.data'),
    host: env['HOST'] || '127.0.0.1',
    databaseUrl,
    kafkaBrokers: env['KAFKA_BROKERS'] || null,
    accountsFile: env['ACCOUNTS_FILE'] ? resolve(env['ACCOUNTS_FILE']) : databaseUrl === null ? demoAccounts : null,
    apps,
    migrate: join(projectRoot, 'dist', 'apps', 'core', 'src', 'migrate.js'),
    topics: join(projectRoot, 'dist', 'tools', 'src', 'topics.js'),
  };
}
