import { MalformedPayload } from '@lienmach/contracts';
import type { EntityManager } from 'typeorm';
import { DIRTY_CHANNEL } from '../database/dirty.repository.js';
import { storeRecords, type PlacedRecord } from '../ingest/record.service.js';
import type { TenantDirectory } from '../ingest/tenant-facts.js';
import { linesOf, readLine } from './import-line.rules.js';
import { ImportRepository } from './import.repository.js';
import { JobRefused, type Job, type JobKind, type LineError, type Step } from './job.js';

export const IMPORT = 'import';

/** Customers' records of one request, a part of its lines a step. A line that is no record is told and left out. */
export class ImportWork implements JobKind {
  readonly kind = IMPORT;

  constructor(
    private readonly tenants: TenantDirectory,
    private readonly repository = new ImportRepository(),
  ) {}

  async step(manager: EntityManager, job: Job): Promise<Step> {
    const { tenant, actor, at } = job;
    const facts = this.tenants.factsOf(tenant);
    if (!facts) throw new JobRefused('the tenant is no longer set up');
    const part = await this.repository.take(manager, job);
    if (!part) return { done: 0, errors: [], finished: true };

    const lines = [...linesOf(part)];
    const errors: LineError[] = [];
    const records = lines.flatMap((one): PlacedRecord[] => {
      try {
        return [{ record: readLine(one), tenant, actor, at, facts }];
      } catch (error) {
        if (!(error instanceof MalformedPayload)) throw error;
        errors.push({ line: one.line, reason: error.message });
        return [];
      }
    });
    const marks = records.length > 0 ? await storeRecords(manager, records) : 0;
    if (marks > 0) await manager.query('SELECT pg_notify($1, $2)', [DIRTY_CHANNEL, '']);
    return { done: lines.length, errors, finished: job.done + lines.length >= job.total };
  }
}
