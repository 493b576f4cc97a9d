import { Injectable } from '@nestjs/common';
import { TenantDatabase, type Transaction } from '../database/tenant-database.js';
import type { Role } from './access.js';

export interface TokenRow {
  readonly tenant: string;
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly createdAt: Date;
}

const COLUMNS = 'tenant, id, name, role, created_at AS "createdAt"';

@Injectable()
export class TokenRepository {
  constructor(private readonly database: TenantDatabase) {}

  async findByHash(hash: Buffer): Promise<TokenRow | undefined> {
    const rows = await this.database.readByTokenHash(hash, (query) =>
      query<TokenRow>(`SELECT ${COLUMNS} FROM core.api_token WHERE hash = $1 AND revoked_at IS NULL`, [hash]),
    );
    return rows[0];
  }

  async insert(
    transaction: Transaction,
    row: { id: string; name: string; role: Role; hash: Buffer },
  ): Promise<TokenRow> {
    const [inserted] = await transaction.query<TokenRow>(
      `INSERT INTO core.api_token (tenant, id, name, role, hash) VALUES ($1, $2, $3, $4, $5) RETURNING ${COLUMNS}`,
      [transaction.tenant, row.id, row.name, row.role, row.hash],
    );
    return inserted!;
  }

  /** At most 1000, oldest first. */
  list(transaction: Transaction): Promise<TokenRow[]> {
    return transaction.query<TokenRow>(
      `SELECT ${COLUMNS} FROM core.api_token WHERE tenant = $1 AND revoked_at IS NULL ORDER BY created_at, id LIMIT 1000`,
      [transaction.tenant],
    );
  }

  /** @returns whether there was one to revoke */
  async revoke(transaction: Transaction, id: string): Promise<boolean> {
    const rows = await transaction.query(
      `WITH revoked AS (
         UPDATE core.api_token SET revoked_at = now() WHERE tenant = $1 AND id = $2 AND revoked_at IS NULL RETURNING id
       ) SELECT id FROM revoked`,
      [transaction.tenant, id],
    );
    return rows.length > 0;
  }
}
