import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { isRunning, projectRoot, startPostgres, type EmbeddedPostgres } from '@lienmach/tools';
import { createDatabase, temporaryFolder } from '../support/servers.js';

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

describe('embedded PostgreSQL', () => {
  let dir: string;
  let postgres: EmbeddedPostgres;

  beforeAll(async () => {
    dir = temporaryFolder('postgres');
    postgres = await startPostgres({ dir });
    await query(postgres.url, 'CREATE TABLE kept AS SELECT 1 AS n');
  }, 60_000);

  afterAll(() => postgres.stop(), 30_000);

  it('is a UTF-8 cluster that knows Vietnamese letters', async () => {
    expect(await query(postgres.url, `SELECT getdatabaseencoding() AS encoding, lower('ĐẶNG') AS name`)).toEqual([
      { encoding: 'UTF8', name: 'đặng' },
    ]);
  });

  it('keeps committed rows and its address over kill -9', async () => {
    const { url, pid } = postgres;
    await postgres.kill();
    await postgres.restart();
    expect(postgres.url).toBe(url);
    expect(postgres.pid).not.toBe(pid);
    expect(await query(url, 'SELECT n FROM kept')).toEqual([{ n: 1 }]);
  }, 30_000);

  it('copies a template', async () => {
    const url = await postgres.createDatabase('copy', 'lienmach');
    expect(await query(url, 'SELECT n FROM kept')).toEqual([{ n: 1 }]);
    await postgres.dropDatabase('copy');
    await expect(query(url, 'SELECT 1')).rejects.toThrow(/does not exist/);
  });

  it('ends connections when told to', async () => {
    const client = new pg.Client({ connectionString: postgres.url });
    const ended = new Promise((resolve) => client.on('error', resolve));
    await client.connect();
    await postgres.terminateConnections();
    await expect(ended).resolves.toBeInstanceOf(Error);
  });

  it('refuses a second server on the folder', async () => {
    await expect(startPostgres({ dir })).rejects.toThrow(
      `PostgreSQL in ${dir} is already run by process ${process.pid}`,
    );
    expect(await query(postgres.url, 'SELECT n FROM kept')).toEqual([{ n: 1 }]);
  });

  it('says that a port is taken', async () => {
    const { port } = postgres;
    await expect(startPostgres({ dir: temporaryFolder('postgres'), port })).rejects.toThrow(
      `Port ${port} of PostgreSQL is taken`,
    );
  });

  it('ends the server of a starter that was killed, and starts on its rows', async () => {
    await postgres.stop();
    const program = `import { startPostgres } from ${JSON.stringify(join(projectRoot, 'dist/tools/src/index.js'))};
      console.log((await startPostgres({ dir: ${JSON.stringify(dir)} })).pid);`;
    const starter = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const orphan = await new Promise<number>((resolve) =>
      starter.stdout.once('data', (chunk) => resolve(Number(chunk))),
    );
    starter.kill('SIGKILL');
    await new Promise((resolve) => starter.once('exit', resolve));
    expect(isRunning(orphan)).toBe(true);

    await postgres.start();
    expect(isRunning(orphan)).toBe(false);
    expect(await query(postgres.url, 'SELECT n FROM kept')).toEqual([{ n: 1 }]);
  }, 30_000);

  it('starts although its process id now belongs to another program', async () => {
    const file = join(dir, 'data', 'postmaster.pid');
    const stale = readFileSync(file, 'utf8').replace(/^\d+/, String(process.ppid));
    await postgres.stop();
    writeFileSync(file, stale);
    await postgres.start();
    expect(await query(postgres.url, 'SELECT n FROM kept')).toEqual([{ n: 1 }]);
  }, 30_000);
});

describe("the run's database", () => {
  it('gives each test a migrated copy of its own', async () => {
    const [one, other] = await Promise.all([createDatabase(), createDatabase()]);
    await query(one.url, 'CREATE TABLE mine AS SELECT 1');
    await expect(query(other.url, 'SELECT FROM mine')).rejects.toThrow(/does not exist/);
    expect(await query(other.url, 'SELECT count(*) > 0 AS migrated FROM schema_migration')).toEqual([
      { migrated: true },
    ]);
    await Promise.all([one.drop(), other.drop()]);
  });
});
