import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Roles are the cluster's, not the database's: several databases of one server share them, so they are made only when missing.
 * Neither can log in; the user of DATABASE_URL is made a member and takes the role on when it connects.
 */
export class Roles1764000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const role of ['lienmach_ingest', 'lienmach_api']) {
      // Two databases may be migrated at the same moment: whoever comes second finds the role made.
      await runner.query(`
        DO $$ BEGIN
          CREATE ROLE ${role} NOLOGIN NOSUPERUSER NOBYPASSRLS;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
        END $$`);
      await runner.query(`
        DO $$ BEGIN
          -- An administrator may have granted it, where another user made the role: then we may not grant it ourselves.
          IF NOT pg_has_role(current_user, '${role}', 'SET') THEN
            EXECUTE format('GRANT ${role} TO %I', current_user);
          END IF;
        EXCEPTION WHEN unique_violation OR SQLSTATE 'XX000' THEN NULL; -- granted by another database's migration at the same moment
        END $$`);
    }
  }

  async down(): Promise<void> {
    // Other databases of the cluster may use the roles: they stay.
  }
}
