import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tokens that adapters renew themselves. The API sees how they stand, never what they are. */
export class Tokens1764300001000 implements MigrationInterface {
  readonly name = 'Tokens1764300001000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE channel.token (
        tenant text NOT NULL,
        channel text NOT NULL,
        vendor text NOT NULL,
        account text NOT NULL,
        given_hash bytea NOT NULL,
        given_version bigint NOT NULL,
        generation bigint NOT NULL DEFAULT 1,
        pair bytea NOT NULL,
        expires_at timestamptz(3),
        renewed_at timestamptz(3),
        attempt uuid,
        attempt_at timestamptz(3),
        refused text,
        refused_version bigint,
        connect_url text,
        PRIMARY KEY (account, vendor, channel, tenant)
      );
      COMMENT ON COLUMN channel.token.given_hash IS 'keyed, of the tokens in the settings that the first pair was: others begin anew';
      COMMENT ON COLUMN channel.token.generation IS 'of the pair: a new one counts only for the one that it was exchanged for';
      COMMENT ON COLUMN channel.token.pair IS 'JSON, sealed with SECRETS_KEY for this very account';
      COMMENT ON COLUMN channel.token.attempt IS 'committed before the vendor is asked; one that nobody came back from may have used the refresh token up';
      COMMENT ON COLUMN channel.token.refused IS 'why the vendor gives no new pair: an administrator has to connect the account anew';
      COMMENT ON COLUMN channel.token.refused_version IS 'of the account: other settings are tried once more';

      -- Not forced: adapters renew the tokens of all tenants as the owner.
      ALTER TABLE channel.token ENABLE ROW LEVEL SECURITY;
      CREATE POLICY tenant ON channel.token TO lienmach_api USING (tenant = current_setting('app.tenant', true));
      GRANT SELECT (tenant, channel, vendor, account, expires_at, renewed_at, refused, connect_url) ON channel.token TO lienmach_api;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE channel.token');
  }
}
