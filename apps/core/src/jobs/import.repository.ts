import type { EntityManager } from 'typeorm';
import type { Transaction } from '../database/tenant-database.js';
import type { Part } from './import-line.rules.js';
import type { Job } from './job.js';

/** SQL over the lines of imports that wait. */
export class ImportRepository {
  async store({ query, tenant }: Transaction, jobId: string, parts: readonly Part[]): Promise<void> {
    for (const { firstLine, bytes } of parts) {
      await query('INSERT INTO core.import_part (tenant, job_id, first_line, bytes) VALUES ($1, $2, $3, $4)', [
        tenant,
        jobId,
        firstLine,
        bytes,
      ]);
    }
  }

  /** The first part that waits; it is gone if this transaction commits. */
  async take(manager: EntityManager, { tenant, id }: Job): Promise<Part | undefined> {
    const rows: Part[] = await manager.query(
      `WITH first AS (
         SELECT first_line FROM core.import_part WHERE tenant = $1 AND job_id = $2 ORDER BY first_line LIMIT 1
       ), taken AS (
         DELETE FROM core.import_part WHERE tenant = $1 AND job_id = $2 AND first_line = (SELECT first_line FROM first)
         RETURNING first_line, bytes
       ) SELECT first_line AS "firstLine", bytes FROM taken`,
      [tenant, id],
    );
    return rows[0];
  }
}
