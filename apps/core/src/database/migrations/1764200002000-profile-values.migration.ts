import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
-- Every value that anybody gave of a customer, on the identifier of which it was told. The one to show of an identifier stands there too.
CREATE TABLE core.profile_value (
  tenant text NOT NULL,
  identifier_id uuid NOT NULL,
  field text NOT NULL,
  source text NOT NULL CHECK (source IN ('claim', 'agent', 'crm', 'verified')),
  value text NOT NULL,
  hash uuid GENERATED ALWAYS AS (md5(value)::uuid) STORED,
  -- of claims when it was heard first, of others when it was said last: so the order in which they come leaves no trace
  at timestamptz(3) NOT NULL,
  PRIMARY KEY (identifier_id, field, source, hash, tenant)
);
ALTER TABLE core.profile_value ENABLE ROW LEVEL SECURITY;
ALTER TABLE core.profile_value FORCE ROW LEVEL SECURITY;
CREATE POLICY ingest ON core.profile_value TO lienmach_ingest USING (true) WITH CHECK (true);
CREATE POLICY tenant ON core.profile_value TO lienmach_api
  USING (tenant = current_setting('app.tenant', true)) WITH CHECK (tenant = current_setting('app.tenant', true));
GRANT SELECT, INSERT, UPDATE, DELETE ON core.profile_value TO lienmach_ingest;
GRANT SELECT, INSERT, UPDATE ON core.profile_value TO lienmach_api;

ALTER TABLE core.identifier ADD COLUMN name_source text;
`;

/** Rule I15. Names that were known before were heard from channels, or stood in records. */
const KNOWN = `
INSERT INTO core.profile_value (tenant, identifier_id, field, source, value, at)
SELECT tenant, id, 'name', CASE WHEN type IN ('crm_id', 'loyalty_id') THEN 'crm' ELSE 'claim' END, name, name_at
FROM core.identifier WHERE name IS NOT NULL AND name_at IS NOT NULL
`;

export class ProfileValues1764200002000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
    // the owner need not see the rows, this role sees all of them
    await runner.query('SET LOCAL ROLE lienmach_ingest');
    await runner.query(KNOWN);
    await runner.query('RESET ROLE');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE core.identifier DROP COLUMN name_source');
    await runner.query('DROP TABLE core.profile_value');
  }
}
