import { Injectable } from '@nestjs/common';
import type { Access } from '../access/access.js';
import { Problem } from '../api/problem.js';
import { isUuid } from '../api/uuid.js';
import { TenantDatabase } from '../database/tenant-database.js';
import type { JobDto } from './job.dto.js';
import { JobRepository } from './job.repository.js';

@Injectable()
export class JobService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly jobs: JobRepository,
  ) {}

  /** @throws Problem 404 */
  get({ tenant }: Access, id: string): Promise<JobDto> {
    return this.database.read(tenant, async (transaction) => {
      const job = isUuid(id) ? await this.jobs.find(transaction, id) : undefined;
      if (!job) throw Problem.notFound('There is no such job');
      const { at, finishedAt, ...told } = job;
      return {
        ...told,
        errors: await this.jobs.errors(transaction, id),
        startedAt: new Date(at).toISOString(),
        finishedAt: finishedAt === null ? null : new Date(finishedAt).toISOString(),
      };
    });
  }
}
