import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Rule T1: what an item names of earlier ones, a list of item ids as they were named. What came before stays as it was threaded. */
export class ItemRefers1764400000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE core.item ADD COLUMN refers jsonb');
    await runner.query('CREATE INDEX item_refers ON core.item USING gin (refers) WHERE refers IS NOT NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE core.item DROP COLUMN refers');
  }
}
