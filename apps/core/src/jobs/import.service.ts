import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import type { Access } from '../access/access.js';
import { Problem } from '../api/problem.js';
import { TenantDatabase } from '../database/tenant-database.js';
import { partsOf } from './import-line.rules.js';
import { ImportRepository } from './import.repository.js';
import { IMPORT } from './import-work.service.js';
import type { JobStartedDto } from './job.dto.js';
import { JobRepository } from './job.repository.js';

/** Some hundred thousand customers; a larger file goes in several requests. */
export const LARGEST_BODY = 32 * 1024 * 1024;
/** Lines of one step: set-based, and their locks are held briefly. */
const LINES_A_STEP = 500;

/** Takes files of customers in, to be worked line by line. */
@Injectable()
export class ImportService {
  private readonly parts = new ImportRepository();

  constructor(
    private readonly database: TenantDatabase,
    private readonly jobs: JobRepository,
  ) {}

  /**
   * Stores the whole body with its job, or nothing.
   * @param body the request's, not yet read
   * @throws Problem 413, 415, 422
   */
  async accept({ tenant, actor }: Access, body: unknown): Promise<JobStartedDto> {
    if (!(body instanceof Readable)) throw Problem.ofStatus(415, 'Send lines of JSON, as application/x-ndjson');
    const { parts, total } = partsOf(await bytesOf(body), LINES_A_STEP);
    if (total === 0) throw Problem.invalid([{ field: 'body', detail: 'has no line' }]);
    const id = randomUUID();
    await this.database.write(tenant, async (transaction) => {
      await this.jobs.add(transaction, { id, kind: IMPORT, total, actor, at: Date.now() });
      await this.parts.store(transaction, id, parts);
    });
    return { jobId: id };
  }
}

async function bytesOf(body: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > LARGEST_BODY) throw Problem.ofStatus(413, `The body is larger than ${LARGEST_BODY} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
