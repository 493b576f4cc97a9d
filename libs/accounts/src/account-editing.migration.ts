import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the API needs to show and change accounts. After core's first migrations: they make the roles. */
export class AccountEditing1764250000000 implements MigrationInterface {
  readonly name = 'AccountEditing1764250000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE channel.definition ADD COLUMN public_url text;
      COMMENT ON COLUMN channel.definition.public_url IS 'where the vendors reach the doors, without a path';

      ALTER TABLE channel.account ADD COLUMN problems text[] NOT NULL DEFAULT '{}';
      COMMENT ON COLUMN channel.account.problems IS 'why the adapter cannot use the settings; written by it';

      CREATE TABLE channel.account_change (
        seq bigint GENERATED ALWAYS AS IDENTITY,
        tenant text NOT NULL,
        channel text NOT NULL,
        vendor text NOT NULL,
        account text NOT NULL,
        at timestamptz(3) NOT NULL DEFAULT now(),
        actor text NOT NULL,
        kind text NOT NULL CHECK (kind IN ('created', 'changed')),
        fields text[] NOT NULL,
        PRIMARY KEY (seq, tenant)
      );
      COMMENT ON TABLE channel.account_change IS 'who set which fields, never to what';
      CREATE INDEX account_change_account ON channel.account_change (account, vendor, channel, tenant, seq);

      -- Not forced: adapters read all accounts as the owner, by the database's own user.
      ALTER TABLE channel.account ENABLE ROW LEVEL SECURITY;
      ALTER TABLE channel.account_change ENABLE ROW LEVEL SECURITY;
      CREATE POLICY tenant ON channel.account TO lienmach_api
        USING (tenant = current_setting('app.tenant', true)) WITH CHECK (tenant = current_setting('app.tenant', true));
      CREATE POLICY tenant ON channel.account_change TO lienmach_api
        USING (tenant = current_setting('app.tenant', true)) WITH CHECK (tenant = current_setting('app.tenant', true));

      -- Tenants' secrets are nothing to the roles: the directory reads them as the owner.
      REVOKE ALL ON channel.tenant, channel.account FROM lienmach_ingest, lienmach_api;
      GRANT SELECT, INSERT, UPDATE ON channel.account TO lienmach_api;
      GRANT SELECT, INSERT ON channel.account_change TO lienmach_api;
      GRANT USAGE ON SEQUENCE channel.account_version TO lienmach_api;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE channel.account_change;
      DROP POLICY tenant ON channel.account;
      ALTER TABLE channel.account DISABLE ROW LEVEL SECURITY;
      ALTER TABLE channel.account DROP COLUMN problems;
      ALTER TABLE channel.definition DROP COLUMN public_url;
      REVOKE ALL ON SEQUENCE channel.account_version FROM lienmach_api;
      REVOKE ALL ON channel.account FROM lienmach_api;
      GRANT SELECT ON channel.tenant, channel.account TO lienmach_ingest, lienmach_api;
    `);
  }
}
