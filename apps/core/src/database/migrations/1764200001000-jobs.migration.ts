import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
-- Long work, a row a job. Whoever works a step of it holds the row; what the step did and how far that is stand in one transaction.
CREATE TABLE core.job (
  tenant text NOT NULL,
  id uuid NOT NULL,
  kind text NOT NULL,
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'running', 'done', 'failed')),
  done integer NOT NULL DEFAULT 0,
  total integer NOT NULL,
  -- how many of those done were refused; the first of them are in job_error
  refused integer NOT NULL DEFAULT 0,
  reason text,
  actor text NOT NULL,
  at timestamptz(3) NOT NULL,
  -- steps that broke one after another
  broken integer NOT NULL DEFAULT 0,
  next_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  finished_at timestamptz(3),
  PRIMARY KEY (id, tenant)
);
CREATE INDEX job_next ON core.job (next_at, id) WHERE finished_at IS NULL;

CREATE TABLE core.job_error (
  tenant text NOT NULL,
  job_id uuid NOT NULL,
  line integer NOT NULL,
  reason text NOT NULL,
  PRIMARY KEY (job_id, line, tenant)
);

-- Lines of an import that wait; bytes, because they may be no text. A part goes with the step that takes it in.
CREATE TABLE core.import_part (
  tenant text NOT NULL,
  job_id uuid NOT NULL,
  first_line integer NOT NULL,
  bytes bytea NOT NULL,
  PRIMARY KEY (job_id, first_line, tenant)
);

-- A CRM may say since when and until when somebody has a number.
ALTER TABLE core.evidence ADD COLUMN valid_from timestamptz(3), ADD COLUMN valid_to timestamptz(3);
`;

const TABLES = ['job', 'job_error', 'import_part'];

export class Jobs1764200001000 implements MigrationInterface {
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
      `);
    }
    await runner.query(`
      GRANT SELECT, INSERT ON core.job TO lienmach_api;
      GRANT SELECT ON core.job_error TO lienmach_api;
      GRANT INSERT ON core.import_part TO lienmach_api;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE core.evidence DROP COLUMN valid_from, DROP COLUMN valid_to');
    await runner.query(`DROP TABLE ${TABLES.map((table) => `core.${table}`).join(', ')}`);
  }
}
