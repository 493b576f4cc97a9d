import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
-- A one-time code that was sent to a claimed number or address (rule I3), and in whose words it has to come back.
CREATE TABLE core.confirmation (
  tenant text NOT NULL,
  id uuid NOT NULL,
  claimant_id uuid NOT NULL,
  identifier_id uuid NOT NULL,
  channel text NOT NULL,
  account text NOT NULL,
  -- keyed by the tenant's secret: without it a million codes are soon tried
  code_hash bytea NOT NULL,
  guesses integer NOT NULL,
  at timestamptz(3) NOT NULL,
  expires_at timestamptz(3) NOT NULL,
  actor text NOT NULL,
  idempotency_key text NOT NULL,
  request_hash bytea NOT NULL,
  PRIMARY KEY (id, tenant),
  UNIQUE (idempotency_key, actor, tenant)
);
CREATE INDEX confirmation_claimant ON core.confirmation (claimant_id, tenant, at);
CREATE INDEX confirmation_identifier ON core.confirmation (identifier_id, tenant, at);

-- What customers typed while a code of theirs was open.
CREATE TABLE core.confirmation_attempt (
  tenant text NOT NULL,
  confirmation_id uuid NOT NULL,
  event_id uuid NOT NULL,
  at timestamptz(3) NOT NULL,
  -- codes that stand in the message, and which of them is the right one, from 1
  codes integer NOT NULL,
  correct integer,
  PRIMARY KEY (confirmation_id, event_id, tenant)
);
`;

const TABLES = ['confirmation', 'confirmation_attempt'];

export class Confirmations1764720000000 implements MigrationInterface {
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
        GRANT SELECT ON core.${table} TO lienmach_api;
      `);
    }
    await runner.query('GRANT INSERT ON core.confirmation TO lienmach_api');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE ${TABLES.map((table) => `core.${table}`).join(', ')}`);
  }
}
