import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Rule T8: the last stage that was told of a conversation's wait, and when the next may be reached. What has waited before is not told now. */
export class TargetTimers1764100001000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `ALTER TABLE core.conversation ADD COLUMN stage text NOT NULL DEFAULT 'stopped', ADD COLUMN due_at timestamptz(3)`,
    );
    await runner.query(`
      UPDATE core.conversation SET
        stage = CASE WHEN waiting_since <= now() - interval '7 days' THEN 'danger' WHEN waiting_since <= now() - interval '1 hour' THEN 'breached'
                     WHEN waiting_since <= now() - interval '30 minutes' THEN 'warned' ELSE 'running' END,
        due_at = CASE WHEN waiting_since <= now() - interval '7 days' THEN NULL WHEN waiting_since <= now() - interval '1 hour' THEN waiting_since + interval '7 days'
                      WHEN waiting_since <= now() - interval '30 minutes' THEN waiting_since + interval '1 hour' ELSE waiting_since + interval '30 minutes' END
      WHERE waiting_since IS NOT NULL`);
    await runner.query('CREATE INDEX conversation_due ON core.conversation (due_at) WHERE due_at IS NOT NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE core.conversation DROP COLUMN stage, DROP COLUMN due_at');
  }
}
