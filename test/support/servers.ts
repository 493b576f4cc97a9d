import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';

function given(name: string): string {
  const value = process.env[name];
  if (!value)
    throw new Error(
      `${name} is unset: this helper works in test/medium and test/e2e, whose servers Jest's globalSetup starts`,
    );
  return value;
}

/** Addresses of the broker that all files of the run share, as KAFKA_BROKERS wants them. */
export const kafkaBrokers = () => given('TEST_KAFKA_BROKERS');

/** A new folder that goes away with the run; any user may enter it, as an embedded PostgreSQL must. */
export function temporaryFolder(name = 'folder'): string {
  const folder = mkdtempSync(join(given('TEST_FOLDER'), `${name}-`));
  chmodSync(folder, 0o755);
  return folder;
}

const word = () => randomBytes(5).toString('hex');

/** A TOPIC_PREFIX that no other test has. */
export const uniquePrefix = () => `t${word()}.`;

async function asSuperuser(text: string): Promise<void> {
  const client = new pg.Client({ connectionString: given('TEST_DATABASE_URL') });
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}

export interface TestDatabase {
  name: string;
  /** Address as the server's superuser. */
  url: string;
  /** Removes it, ending the connections to it. */
  drop(): Promise<void>;
}

async function create(template: string): Promise<TestDatabase> {
  const name = `test_${word()}`;
  await asSuperuser(`CREATE DATABASE ${name} TEMPLATE ${template}`);
  const url = new URL(given('TEST_DATABASE_URL'));
  url.pathname = `/${name}`;
  return { name, url: url.href, drop: () => asSuperuser(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

/** A database of this test alone, migrated: a copy of the run's template. */
export const createDatabase = () => create('template');

/** A database of this test alone, with nothing in it. */
export const createEmptyDatabase = () => create('template0');
