import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLES = `
-- What was asked for, so that the same request asked again gets the same answer and sends nothing.
CREATE TABLE core.reply (
  tenant text NOT NULL,
  id uuid NOT NULL,
  actor text NOT NULL,
  idempotency_key text NOT NULL,
  request_hash bytea NOT NULL,
  answer jsonb NOT NULL,
  at timestamptz(3) NOT NULL,
  PRIMARY KEY (id, tenant),
  UNIQUE (idempotency_key, actor, tenant)
);

-- Other ids of an item: a reply has one of ours before the vendor gives it his, and both are named afterwards.
CREATE TABLE core.item_alias (
  tenant text NOT NULL,
  id uuid NOT NULL,
  item_id uuid NOT NULL,
  PRIMARY KEY (id, tenant)
);
CREATE INDEX item_alias_item ON core.item_alias (item_id, tenant);
`;

/** A reply is stored as an event at once, by the API itself, and its command leaves with the same transaction. */
const API_STORES = ['event', 'event_target', 'thread', 'item', 'item_alias', 'reply', 'outbox'];

export class Replies1764300000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
    for (const table of ['reply', 'item_alias']) {
      await runner.query(`ALTER TABLE core.${table} ENABLE ROW LEVEL SECURITY`);
      await runner.query(`ALTER TABLE core.${table} FORCE ROW LEVEL SECURITY`);
      await runner.query(`CREATE POLICY ingest ON core.${table} TO lienmach_ingest USING (true) WITH CHECK (true)`);
      await runner.query(
        `CREATE POLICY tenant ON core.${table} TO lienmach_api
           USING (tenant = current_setting('app.tenant', true)) WITH CHECK (tenant = current_setting('app.tenant', true))`,
      );
      await runner.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON core.${table} TO lienmach_ingest`);
      await runner.query(`GRANT SELECT ON core.${table} TO lienmach_api`);
    }
    for (const table of API_STORES) await runner.query(`GRANT INSERT, UPDATE ON core.${table} TO lienmach_api`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE core.reply, core.item_alias');
    for (const table of API_STORES.filter((name) => name !== 'reply' && name !== 'item_alias'))
      await runner.query(`REVOKE INSERT, UPDATE ON core.${table} FROM lienmach_api`);
  }
}
