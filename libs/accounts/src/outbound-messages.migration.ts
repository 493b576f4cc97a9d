import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A reply may become several messages at the vendor: how many of them he has. */
export class OutboundMessages1764600000001 implements MigrationInterface {
  readonly name = 'OutboundMessages1764600000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE channel.outbound
        ADD COLUMN messages_sent integer NOT NULL DEFAULT 0,
        ADD COLUMN sent_as text[] NOT NULL DEFAULT '{}';
      COMMENT ON COLUMN channel.outbound.messages_sent IS 'of those that the reply becomes: an attempt goes on behind them';
      COMMENT ON COLUMN channel.outbound.sent_as IS 'ids that the vendor gave these';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE channel.outbound DROP COLUMN messages_sent, DROP COLUMN sent_as');
  }
}
