import { randomBytes } from 'node:crypto';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePorts, projectRoot, startApp as start, type AppProcess } from '@lienmach/tools';
import { createDatabase, kafkaBrokers, temporaryFolder, uniquePrefix } from './servers.js';

/** Settings that every process of one test stack shares; pass them on to each startApp() and runTool(). */
export type Settings = Record<string, string>;

/** ADMIN_TOKEN of every test stack. */
export const adminToken = 'test-admin-token-of-the-stack';

/** A fresh migrated database, a topic prefix and keys; topics are not made yet (createTopics). */
export async function newSettings(extra: Settings = {}): Promise<Settings> {
  const folder = temporaryFolder('stack');
  return {
    KAFKA_BROKERS: kafkaBrokers(),
    DATABASE_URL: extra['DATABASE_URL'] ?? (await createDatabase()).url,
    TOPIC_PREFIX: uniquePrefix(),
    SECRETS_KEY: randomBytes(32).toString('base64'),
    ADMIN_TOKEN: adminToken,
    DATA_DIR: folder,
    LIENMACH_EMBEDDED: 'true',
    EMAIL_SMTP_PORT: '0',
    ...extra,
  };
}

/** Starts an app of dist (`core`, `adapter-facebook`, …) on a free port and waits until it is ready. */
export async function startApp(name: string, settings: Settings): Promise<AppProcess> {
  const [port] = (await freePorts(1)) as [number];
  const logFile = join(settings['DATA_DIR'] ?? temporaryFolder('app'), 'logs', `${name}-${port}.log`);
  return start({ name, port, env: { ...process.env, ...settings }, logFile });
}

/** Runs a command of tools/ (dist/tools/src/<name>.js) to its end and returns its standard output; a failure throws. */
export async function runTool(name: string, args: string[], settings: Settings): Promise<string> {
  const file = join(projectRoot, 'dist', 'tools', 'src', `${name}.js`);
  const options = { env: { ...process.env, ...settings }, cwd: projectRoot };
  const { stdout } = await promisify(execFile)(process.execPath, ['--enable-source-maps', file, ...args], options);
  return stdout;
}

/** Makes the contract's topics under the settings' TOPIC_PREFIX. */
export const createTopics = (settings: Settings) => runTool('topics', ['--create'], settings);

export interface Stack {
  settings: Settings;
  apps: Record<string, AppProcess>;
  /** Stops all apps; adapters first. */
  stop(): Promise<void>;
}

/** A whole stack of its own on the shared servers: database, topics, then the named apps, all ready. */
export async function startStack(names: string[], extra: Settings = {}): Promise<Stack> {
  const settings = await newSettings(extra);
  await createTopics(settings);
  const started = await Promise.allSettled(names.map((name) => startApp(name, settings)));
  const apps = started.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const stop = async () => {
    const isCore = (app: AppProcess) => app.name === 'core';
    await Promise.all(apps.filter((app) => !isCore(app)).map((app) => app.stop()));
    await Promise.all(apps.filter(isCore).map((app) => app.stop()));
  };
  const failed = started.find((result) => result.status === 'rejected');
  if (failed) {
    await stop();
    throw failed.reason;
  }
  return { settings, apps: Object.fromEntries(apps.map((app) => [app.name, app])), stop };
}
