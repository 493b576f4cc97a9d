import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
ALTER TABLE core.act
  DROP CONSTRAINT act_kind_check,
  ADD CONSTRAINT act_kind_check CHECK (kind IN ('resolve', 'reopen', 'join', 'split', 'move')),
  -- of a join, split or move: items that belong into one conversation with item_ids, and items that belong into another
  ADD COLUMN with_ids uuid[] NOT NULL DEFAULT '{}',
  ADD COLUMN apart_ids uuid[] NOT NULL DEFAULT '{}';
`;

const DOWN = `
DELETE FROM core.act_undo u USING core.act a WHERE a.tenant = u.tenant AND a.id = u.act_id AND a.kind IN ('join', 'split', 'move');
DELETE FROM core.act WHERE kind IN ('join', 'split', 'move');
ALTER TABLE core.act
  DROP COLUMN with_ids, DROP COLUMN apart_ids,
  DROP CONSTRAINT act_kind_check,
  ADD CONSTRAINT act_kind_check CHECK (kind IN ('resolve', 'reopen'));
`;

/** Agents join, split and move conversations. */
export class ActsArrange1764110000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(DOWN);
  }
}
