import type { MigrationInterface, QueryRunner } from 'typeorm';
import { AccountEditing1764250000000 } from './account-editing.migration.js';
import { AccountTests1764300002000 } from './account-test.migration.js';
import { Outbound1764090000000 } from './outbound.migration.js';
import { OutboundMessages1764600000001 } from './outbound-messages.migration.js';
import { Tokens1764300001000 } from './token.migration.js';

/** Tables of the accounts, for grants; core's migrations make the roles. */
export const ACCOUNT_SCHEMA = 'channel';
export const ACCOUNT_TABLES = ['channel.tenant', 'channel.account', 'channel.definition'] as const;

/** Channel on which PostgreSQL says that an account or a tenant has changed. */
export const ACCOUNT_NOTIFICATIONS = 'channel_account';

class Accounts1763950000000 implements MigrationInterface {
  readonly name = 'Accounts1763950000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE SCHEMA IF NOT EXISTS channel;

      CREATE SEQUENCE channel.account_version;

      CREATE TABLE channel.tenant (
        id text PRIMARY KEY,
        name text NOT NULL,
        brand text NOT NULL,
        secret bytea NOT NULL,
        order_code_pattern text,
        seed_hash bytea,
        created_at timestamptz NOT NULL DEFAULT now()
      );
      COMMENT ON COLUMN channel.tenant.secret IS 'sealed with SECRETS_KEY; ids of people and identifiers are HMACs over it: never replaced';
      COMMENT ON COLUMN channel.tenant.seed_hash IS 'of the entry in ACCOUNTS_FILE that was applied last';

      CREATE TABLE channel.account (
        tenant text NOT NULL REFERENCES channel.tenant,
        channel text NOT NULL,
        vendor text NOT NULL,
        id text NOT NULL,
        brand text,
        settings jsonb NOT NULL DEFAULT '{}',
        secrets bytea,
        own_numbers text[] NOT NULL DEFAULT '{}',
        enabled boolean NOT NULL DEFAULT true,
        seed_hash bytea,
        version bigint NOT NULL DEFAULT nextval('channel.account_version'),
        updated_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (channel, vendor, id)
      );
      COMMENT ON TABLE channel.account IS 'a page or hotline belongs to one tenant: the key is global';
      COMMENT ON COLUMN channel.account.secrets IS 'JSON of the secret settings, sealed with SECRETS_KEY for this very key';
      CREATE INDEX account_tenant ON channel.account (tenant);

      CREATE TABLE channel.definition (
        channel text NOT NULL,
        vendor text NOT NULL,
        settings_schema jsonb NOT NULL,
        secrets text[] NOT NULL,
        doors text[] NOT NULL,
        updated_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (channel, vendor)
      );

      CREATE FUNCTION channel.account_touch() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        NEW.version := nextval('channel.account_version');
        NEW.updated_at := now();
        RETURN NEW;
      END $$;
      CREATE TRIGGER account_touch BEFORE UPDATE ON channel.account FOR EACH ROW EXECUTE FUNCTION channel.account_touch();

      CREATE FUNCTION channel.account_notify() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        PERFORM pg_notify('${ACCOUNT_NOTIFICATIONS}', '');
        RETURN NULL;
      END $$;
      CREATE TRIGGER account_notify AFTER INSERT OR UPDATE OR DELETE ON channel.account
        FOR EACH STATEMENT EXECUTE FUNCTION channel.account_notify();
      CREATE TRIGGER tenant_notify AFTER INSERT OR UPDATE OR DELETE ON channel.tenant
        FOR EACH STATEMENT EXECUTE FUNCTION channel.account_notify();
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE channel.definition, channel.account, channel.tenant;
      DROP FUNCTION channel.account_touch, channel.account_notify;
      DROP SEQUENCE channel.account_version;
      DROP SCHEMA channel;
    `);
  }
}

/** Migrations of the schema `channel`, oldest first; core's runner sorts them among its own. */
export const ACCOUNT_MIGRATIONS: readonly (new () => MigrationInterface)[] = [
  Accounts1763950000000,
  Outbound1764090000000,
  AccountEditing1764250000000,
  Tokens1764300001000,
  AccountTests1764300002000,
  OutboundMessages1764600000001,
];
