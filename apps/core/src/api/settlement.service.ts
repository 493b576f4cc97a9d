import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { DirtyRepository } from '../database/dirty.repository.js';
import { TenantDatabase } from '../database/tenant-database.js';

const PATIENCE_MS = 2_000;
const PAUSE_MS = 15;

/** People and conversations follow an agent's word a moment later; whoever gave it should see them as they are then. */
@Injectable()
export class SettlementService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly dirty: DirtyRepository,
  ) {}

  /**
   * Waits until the marks are worked off, but not for ever: the word is stored in any case.
   * @param marks as `DirtyRepository.mark` gave them
   */
  async settled(tenant: string, marks: readonly string[]): Promise<void> {
    const deadline = performance.now() + PATIENCE_MS;
    while (performance.now() < deadline) {
      if (!(await this.database.read(tenant, (transaction) => this.dirty.stands(transaction, marks)))) return;
      await sleep(PAUSE_MS);
    }
  }
}
