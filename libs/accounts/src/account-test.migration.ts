import type { MigrationInterface, QueryRunner } from 'typeorm';

/** "Does it work?", asked by the API and answered by the channel's adapter, which alone knows the vendor. */
export class AccountTests1764300002000 implements MigrationInterface {
  readonly name = 'AccountTests1764300002000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE channel.account_test (
        tenant text NOT NULL,
        id uuid NOT NULL,
        channel text NOT NULL,
        vendor text NOT NULL,
        account text NOT NULL,
        asked_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
        begun_at timestamptz(3),
        answered_at timestamptz(3),
        ok boolean,
        detail text,
        PRIMARY KEY (id, tenant)
      );
      CREATE INDEX account_test_asked ON channel.account_test (channel, asked_at) WHERE begun_at IS NULL;

      -- Not forced: adapters answer for all tenants as the owner.
      ALTER TABLE channel.account_test ENABLE ROW LEVEL SECURITY;
      CREATE POLICY tenant ON channel.account_test TO lienmach_api
        USING (tenant = current_setting('app.tenant', true)) WITH CHECK (tenant = current_setting('app.tenant', true));
      GRANT SELECT, INSERT, DELETE ON channel.account_test TO lienmach_api;

      -- why replies of an account wait, for its administrators
      ALTER TABLE channel.outbound_pause ENABLE ROW LEVEL SECURITY;
      CREATE POLICY tenant ON channel.outbound_pause TO lienmach_api USING (tenant = current_setting('app.tenant', true));
      GRANT SELECT (tenant, channel, vendor, account, until, reason) ON channel.outbound_pause TO lienmach_api;

      -- adapters hear of it as they hear of a changed account, whose settings they read first
      CREATE TRIGGER account_test_notify AFTER INSERT ON channel.account_test
        FOR EACH STATEMENT EXECUTE FUNCTION channel.account_notify();
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE channel.account_test;
      REVOKE ALL ON channel.outbound_pause FROM lienmach_api;
      DROP POLICY tenant ON channel.outbound_pause;
      ALTER TABLE channel.outbound_pause DISABLE ROW LEVEL SECURITY;
    `);
  }
}
