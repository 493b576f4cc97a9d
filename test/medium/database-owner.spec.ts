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

  it('is searched by functions of that owner, whom row-level security binds, for the named tenant alone', async () => {
    const as = async (role: string, statements: (client: pg.Client) => Promise<unknown>): Promise<unknown> => {
      const client = new pg.Client({ connectionString: ownedBy('lienmach'), options: `-c role=${role}` });
      await client.connect();
      return statements(client).finally(() => client.end());
    };
    await as('lienmach_ingest', (client) =>
      client.query(
        `INSERT INTO core.item_words SELECT t, gen_random_uuid(), now(), 'word' FROM unnest('{demo,other}'::text[]) AS t;
         INSERT INTO core.identifier (tenant, id, type, value, class, person_seed)
         SELECT t, gen_random_uuid(), 'phone', '+84900000123', 'personal', gen_random_uuid() FROM unnest('{demo,other}'::text[]) AS t`,
      ),
    );
    const found = await as('lienmach_api', async (client) => {
      await client.query(`SELECT set_config('app.tenant', 'demo', false)`);
      const counts = await client.query<{ items: number; identifiers: number }>(
        `SELECT (SELECT count(*)::int FROM core.search_items('word', 'infinity', gen_random_uuid(), 9)) AS items,
                (SELECT count(*)::int FROM core.search_identifiers((left(md5('demo'), 5) || '0123')::tsquery, 9)) AS identifiers`,
      );
      return counts.rows;
    });

    expect(found).toEqual([{ items: 1, identifiers: 1 }]);
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
