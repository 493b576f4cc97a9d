import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
-- A tenant's working time. Append-only: the latest version counts; one without a calendar means around the clock.
CREATE TABLE core.calendar (
  tenant text NOT NULL,
  version integer NOT NULL,
  calendar jsonb,
  at timestamptz(3) NOT NULL,
  actor text NOT NULL,
  -- whether the timers that ran when it came have been set by it
  applied boolean NOT NULL DEFAULT false,
  PRIMARY KEY (tenant, version)
);
CREATE INDEX calendar_new ON core.calendar (tenant) WHERE NOT applied;
ALTER TABLE core.calendar ENABLE ROW LEVEL SECURITY;
ALTER TABLE core.calendar FORCE ROW LEVEL SECURITY;
CREATE POLICY ingest ON core.calendar TO lienmach_ingest USING (true) WITH CHECK (true);
CREATE POLICY tenant ON core.calendar TO lienmach_api
  USING (tenant = current_setting('app.tenant', true)) WITH CHECK (tenant = current_setting('app.tenant', true));
GRANT SELECT, UPDATE ON core.calendar TO lienmach_ingest;
GRANT SELECT, INSERT ON core.calendar TO lienmach_api;
`;

/** Rule T8: half an hour and an hour count in the tenant's working time. */
export class Calendar1764310000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE core.calendar');
  }
}
