import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
-- What agents say of a customer (rule I15), on the identifier that gave the person its id. Append-only: an undo is a record too.
CREATE TABLE core.profile_edit (
  tenant text NOT NULL,
  id uuid NOT NULL,
  identifier_id uuid NOT NULL,
  -- a moment in the epoch of the identifier that is meant (rule I13), where that is not the one of "at"
  meant_at timestamptz(3),
  field text NOT NULL,
  value text NOT NULL,
  at timestamptz(3) NOT NULL,
  actor text NOT NULL,
  reason text NOT NULL,
  PRIMARY KEY (id, tenant)
);
CREATE INDEX profile_edit_identifier ON core.profile_edit (identifier_id, tenant);

CREATE TABLE core.profile_edit_undo (
  tenant text NOT NULL,
  edit_id uuid NOT NULL,
  at timestamptz(3) NOT NULL,
  actor text NOT NULL,
  reason text NOT NULL,
  PRIMARY KEY (edit_id, tenant)
);
`;

const TABLES = ['profile_edit', 'profile_edit_undo'];

/** All that was said and stands: of channels and records, and of agents. held_at lies in the epoch of the identifier that is meant. */
const VIEW = `
CREATE VIEW core.profile WITH (security_invoker = true) AS
SELECT tenant, identifier_id, field, source, value, hash, at, at AS held_at, NULL::text AS actor, NULL::uuid AS edit_id FROM core.profile_value
UNION ALL
SELECT e.tenant, e.identifier_id, e.field, 'agent', e.value, md5(e.value)::uuid, e.at, coalesce(e.meant_at, e.at), e.actor, e.id
FROM core.profile_edit e
WHERE NOT EXISTS (SELECT FROM core.profile_edit_undo u WHERE u.tenant = e.tenant AND u.edit_id = e.id)
`;

export class ProfileEdits1764720001000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
    for (const table of TABLES) {
      await runner.query(`
        ALTER TABLE core.${table} ENABLE ROW LEVEL SECURITY;
        ALTER TABLE core.${table} FORCE ROW LEVEL SECURITY;
        CREATE POLICY ingest ON core.${table} TO lienmach_ingest USING (true) WITH CHECK (true);
        CREATE POLICY tenant ON core.${table} TO lienmach_api
          USING (tenant = current_setting('app.tenant', true)) WITH CHECK (tenant = current_setting('app.tenant', true));
        GRANT SELECT, INSERT, UPDATE, DELETE ON core.${table} TO lienmach_ingest;
        GRANT SELECT, INSERT ON core.${table} TO lienmach_api;
      `);
    }
    await runner.query(VIEW);
    await runner.query('GRANT SELECT ON core.profile TO lienmach_ingest, lienmach_api');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP VIEW core.profile');
    await runner.query(`DROP TABLE ${TABLES.map((table) => `core.${table}`).join(', ')}`);
  }
}
