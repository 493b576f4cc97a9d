import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { Access } from '../access/access.js';
import { Problem } from '../api/problem.js';
import { TenantDatabase } from '../database/tenant-database.js';
import type { AccountTestDto } from './account.dto.js';
import type { AccountKey } from './account-input.rules.js';
import { AccountRepository } from './account.repository.js';

/** More than an adapter gives its vendor. */
const PATIENCE_MS = 12_000;
const LOOK_EVERY_MS = 200;

/** Asks an account's adapter whether it works: core knows no vendor. */
@Injectable()
export class AccountTestService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly accounts: AccountRepository,
  ) {}

  async test({ tenant }: Access, key: AccountKey): Promise<AccountTestDto> {
    const id = randomUUID();
    await this.database.write(tenant, async (transaction) => {
      if (!(await this.accounts.find(transaction, key))) throw Problem.notFound('There is no such account');
      await this.accounts.askTest(transaction, id, key);
    });
    try {
      return await this.answer(tenant, id);
    } finally {
      await this.database.write(tenant, (transaction) => this.accounts.forgetTest(transaction, id));
    }
  }

  private async answer(tenant: string, id: string): Promise<AccountTestDto> {
    const deadline = Date.now() + PATIENCE_MS;
    while (Date.now() < deadline) {
      const found = await this.database.read(tenant, (transaction) => this.accounts.testAnswer(transaction, id));
      if (found) return found;
      await sleep(LOOK_EVERY_MS);
    }
    throw Problem.unavailable('The adapter of the channel did not answer: does it run?', undefined);
  }
}
