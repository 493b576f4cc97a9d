import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { projectRoot, startPostgres, type EmbeddedPostgres } from '@lienmach/tools';
import { temporaryFolder } from '../support/servers.js';

const migrate = join(projectRoot, 'dist', 'apps', 'core', 'src', 'migrate.js');
const password = `a word in quotes: 'one'`;

/** The statements of the container's init script. */
function statements(): string[] {
  const script = readFileSync(join(projectRoot, 'docker', 'postgres-owner.sh'), 'utf8');
  const sql = /<<'SQL'\n([\s\S]+?)\nSQL/.exec(script)?.[1] ?? '';
  return sql
    .replace(":'password'", pg.escapeLiteral(password))
    .split(/;\n?/)
    .filter((statement) => statement.trim());
}

describe('the database of docker compose', () => {
  let server: EmbeddedPostgres;
  let superuser: pg.Client;

  beforeAll(async () => {
    server = await startPostgres({ dir: temporaryFolder('owner'), database: 'postgres', settings: { fsync: 'off' } });
    superuser = new pg.Client({ connectionString: server.url });
    await superuser.connect();
    for (const statement of statements()) await superuser.query(statement);
  }, 60_000);

  afterAll(async () => {
    await superuser.end();
    await server.stop();
  }, 30_000);

  const ownedBy = (name: string): string => {
    const url = new URL(server.urlOf(name));
    url.username = name;
    url.password = encodeURIComponent(password);
    return url.href;
  };
  const run = (url: string) =>
    promisify(execFile)(process.execPath, [migrate], { env: { ...process.env, DATABASE_URL: url } });

  it('is migrated on a new cluster by an owner who is no superuser and who may take on both roles', async () => {
    const { stdout } = await run(ownedBy('lienmach'));
    expect(stdout).toMatch(/^[1-9]\d* migrations run$/m);
    const { rows } = await superuser.query(`SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = 'lienmach'`);
    expect(rows).toEqual([{ rolsuper: false, rolbypassrls: false }]);

    for (const role of ['lienmach_ingest', 'lienmach_api']) {
      const client = new pg.Client({ connectionString: ownedBy('lienmach'), options: `-c role=${role}` });
      await client.connect();
      expect((await client.query('SELECT current_user AS name')).rows).toEqual([{ name: role }]);
      await client.end();
    }
  }, 30_000);

  it('is migrated by another owner too, once an administrator has granted the roles that the first one made', async () => {
    await superuser.query(`CREATE ROLE second LOGIN CREATEROLE PASSWORD ${pg.escapeLiteral(password)}`);
    await superuser.query('CREATE DATABASE second OWNER second');
    await expect(run(ownedBy('second'))).rejects.toThrow(/permission denied to grant role/);
    await superuser.query('GRANT lienmach_ingest, lienmach_api TO second');
    const { stdout } = await run(ownedBy('second'));
    expect(stdout).toMatch(/^[1-9]\d* migrations run$/m);
  }, 60_000);
});
