import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What adapters have to send, and which accounts must wait. Only they see it: no role of core is granted anything. */
export class Outbound1764090000000 implements MigrationInterface {
  readonly name = 'Outbound1764090000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE channel.outbound (
        seq bigint GENERATED ALWAYS AS IDENTITY,
        tenant text NOT NULL,
        id uuid NOT NULL,
        channel text NOT NULL,
        vendor text NOT NULL,
        account text NOT NULL,
        thread text NOT NULL,
        command jsonb,
        requested_at timestamptz(3) NOT NULL,
        state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'trying', 'settled', 'done')),
        attempts integer NOT NULL DEFAULT 0,
        next_attempt_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
        tried_at timestamptz(3),
        outcome jsonb,
        settled_at timestamptz(3),
        PRIMARY KEY (id, tenant)
      );
      COMMENT ON COLUMN channel.outbound.id IS 'of the command: however often it is delivered, it is one row';
      COMMENT ON COLUMN channel.outbound.state IS 'trying: the vendor may have it, and it is never tried again without his answer; settled: not yet told';
      COMMENT ON COLUMN channel.outbound.command IS 'taken away once it is told what became of it';
      CREATE INDEX outbound_due ON channel.outbound (channel, next_attempt_at) WHERE state = 'waiting';
      CREATE INDEX outbound_thread ON channel.outbound (thread, account, vendor, channel, tenant, seq) WHERE state IN ('waiting', 'trying');
      CREATE INDEX outbound_open ON channel.outbound (channel, state, requested_at) WHERE state <> 'done';
      CREATE INDEX outbound_done ON channel.outbound (settled_at) WHERE state = 'done';

      CREATE TABLE channel.outbound_pause (
        tenant text NOT NULL,
        channel text NOT NULL,
        vendor text NOT NULL,
        account text NOT NULL,
        until timestamptz(3) NOT NULL,
        reason text NOT NULL,
        account_version bigint NOT NULL,
        PRIMARY KEY (account, vendor, channel, tenant)
      );
      COMMENT ON COLUMN channel.outbound_pause.account_version IS 'of the settings that did not serve: others end the pause';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE channel.outbound, channel.outbound_pause');
  }
}
