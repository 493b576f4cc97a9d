import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Rule T6: the orders that an item names, and the conversations that a segment may belong to as well; lists, null where there are none. */
export class SeveralOrders1764710000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE core.item ADD COLUMN order_codes jsonb');
    await runner.query('ALTER TABLE core.segment ADD COLUMN candidates jsonb');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE core.item DROP COLUMN order_codes');
    await runner.query('ALTER TABLE core.segment DROP COLUMN candidates');
  }
}
