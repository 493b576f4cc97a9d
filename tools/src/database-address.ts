import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SetupError } from './embedded/setup-error.js';
import type { Running } from './start/running-file.js';

export interface DatabaseSettings {
  readonly databaseUrl: string;
  /** 32 bytes. */
  readonly secretsKey: Buffer;
}

function readJson<T>(file: string): T | undefined {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as T) : undefined;
}

/**
 * The database that a command works on, and the key to what is encrypted in it: DATABASE_URL and SECRETS_KEY, else those of the stack that runs in DATA_DIR.
 * @throws SetupError with what to do
 */
export function databaseSettings(env: NodeJS.ProcessEnv): DatabaseSettings {
  const folder = env['DATA_DIR'] || '.data';
  const databaseUrl = env['DATABASE_URL'] || readJson<Running>(join(folder, 'running.json'))?.postgres.url;
  if (!databaseUrl) {
    throw new SetupError('No database is known: run "npm start" first, or set DATABASE_URL and SECRETS_KEY.');
  }
  const kept = env['DATABASE_URL'] ? undefined : readJson<Record<string, string>>(join(folder, 'secrets.json'));
  const key = Buffer.from(env['SECRETS_KEY'] || kept?.['SECRETS_KEY'] || '', 'base64');
  if (key.length !== 32) {
    throw new SetupError('SECRETS_KEY is not known: set it to the 32 bytes in base64 that core runs with.');
  }
  return { databaseUrl, secretsKey: key };
}
