import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
-- What rule I7 makes of a number or an address that several hold: 'shared' or 'contested'. Computed, like people; the class is what it was given.
ALTER TABLE core.identifier ADD COLUMN standing text;
`;

export class Standings1764500000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE core.identifier DROP COLUMN standing');
  }
}
