import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
ALTER TABLE core.node
  -- when the identifier means this node; null: since, or until, ever
  ADD COLUMN since timestamptz(3),
  ADD COLUMN until timestamptz(3),
  -- of an epoch after the first: why it began, by which evidence, and the id of a person whom it gives his id
  ADD COLUMN begun jsonb;

-- moments in the epochs that an agent's word means, where these are not the present ones
ALTER TABLE core.evidence ADD COLUMN a_at timestamptz(3), ADD COLUMN b_at timestamptz(3);

-- Ids of people that were made of an epoch after the first: they lead to whoever has the number at its beginning, though the epoch be no more.
CREATE TABLE core.person_name (
  tenant text NOT NULL,
  id uuid NOT NULL,
  identifier_id uuid NOT NULL,
  at timestamptz(3) NOT NULL,
  PRIMARY KEY (id, tenant)
);
ALTER TABLE core.person_name ENABLE ROW LEVEL SECURITY;
ALTER TABLE core.person_name FORCE ROW LEVEL SECURITY;
CREATE POLICY ingest ON core.person_name TO lienmach_ingest USING (true) WITH CHECK (true);
CREATE POLICY tenant ON core.person_name TO lienmach_api
  USING (tenant = current_setting('app.tenant', true)) WITH CHECK (tenant = current_setting('app.tenant', true));
GRANT SELECT, INSERT, UPDATE, DELETE ON core.person_name TO lienmach_ingest;
GRANT SELECT ON core.person_name TO lienmach_api;
`;

/** A stored set is complete: one from before gets what held for everybody then. The owner may not see the rows of tenants while they are guarded from him too. */
const RULES = `
ALTER TABLE core.rule_set NO FORCE ROW LEVEL SECURITY;
UPDATE core.rule_set SET rules = jsonb_set(rules, '{identity}', '{"silentDays": 365, "newOwnerDays": 30}' || (rules->'identity'));
ALTER TABLE core.rule_set FORCE ROW LEVEL SECURITY;
`;

/** Rule I13. What was known before is of first epochs alone. */
export class Epochs1764630000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
    await runner.query(RULES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `DELETE FROM core.node WHERE epoch > 1;
       ALTER TABLE core.node DROP COLUMN since, DROP COLUMN until, DROP COLUMN begun;
       ALTER TABLE core.evidence DROP COLUMN a_at, DROP COLUMN b_at;
       DROP TABLE core.person_name`,
    );
  }
}
