import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
-- A tenant's thresholds. Append-only: the latest version counts; who has none goes by version 1, which is in the code.
CREATE TABLE core.rule_set (
  tenant text NOT NULL,
  version integer NOT NULL CHECK (version > 1),
  rules jsonb NOT NULL,
  at timestamptz(3) NOT NULL,
  actor text NOT NULL,
  reason text,
  PRIMARY KEY (tenant, version)
);
ALTER TABLE core.rule_set ENABLE ROW LEVEL SECURITY;
ALTER TABLE core.rule_set FORCE ROW LEVEL SECURITY;
CREATE POLICY ingest ON core.rule_set TO lienmach_ingest USING (true) WITH CHECK (true);
CREATE POLICY tenant ON core.rule_set TO lienmach_api
  USING (tenant = current_setting('app.tenant', true)) WITH CHECK (tenant = current_setting('app.tenant', true));
GRANT SELECT ON core.rule_set TO lienmach_ingest;
GRANT SELECT, INSERT ON core.rule_set TO lienmach_api;

-- whether the mark was left by a change of the rules
ALTER TABLE core.dirty ADD COLUMN by_rules boolean NOT NULL DEFAULT false;
CREATE INDEX dirty_by_rules ON core.dirty (tenant) WHERE by_rules;

-- what a step of a job leaves for the next
ALTER TABLE core.job ADD COLUMN cursor text;
`;

export class RuleSets1764500001000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'DROP TABLE core.rule_set; ALTER TABLE core.dirty DROP COLUMN by_rules; ALTER TABLE core.job DROP COLUMN cursor',
    );
  }
}
