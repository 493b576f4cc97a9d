import { createHash, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AccountDirectory } from '@lienmach/accounts';
import { Problem } from '../api/problem.js';
import { isUuid } from '../api/uuid.js';
import { CoreSettings } from '../core.config.js';
import { TenantDatabase } from '../database/tenant-database.js';
import type { Access, Role } from './access.js';
import type { MadeTokenDto, TokenDto } from './token.dto.js';
import { TokenRepository, type TokenRow } from './token.repository.js';

/** Marks our tokens, so that one that leaks into a repository or a log is recognised. */
const PREFIX = 'lm_';
const LONGEST = 512;

/** A token has 256 random bits: a plain hash of it can't be undone by trying. */
export const hashToken = (token: string): Buffer => createHash('sha256').update(token).digest();

@Injectable()
export class AccessService {
  private readonly adminTokenHash: Buffer | undefined;

  constructor(
    private readonly database: TenantDatabase,
    private readonly tokens: TokenRepository,
    private readonly accounts: AccountDirectory,
    { adminToken }: CoreSettings,
  ) {
    this.adminTokenHash = adminToken === undefined ? undefined : hashToken(adminToken);
  }

  /**
   * @param authorization header as it came
   * @param wanted tenant that the request names in `X-Tenant`
   */
  async authenticate(authorization: string | undefined, wanted: string | undefined): Promise<Access> {
    const token = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
    if (!token || token.length > LONGEST) throw Problem.unauthenticated('Send "Authorization: Bearer <token>"');
    const hash = hashToken(token);
    if (this.adminTokenHash && timingSafeEqual(hash, this.adminTokenHash)) return this.operator(wanted);
    const row = await this.tokens.findByHash(hash);
    if (!row) throw Problem.unauthenticated('The token is unknown or revoked');
    if (wanted !== undefined && wanted !== row.tenant) {
      throw Problem.forbidden('X-Tenant names another tenant than the one of this token');
    }
    return { tenant: row.tenant, role: row.role, actor: row.name, operator: false };
  }

  async create(access: Access, wanted: { tenant?: string; role: Role; name: string }): Promise<MadeTokenDto> {
    const tenant = wanted.tenant ?? access.tenant;
    if (tenant !== access.tenant && !access.operator)
      throw Problem.forbidden('This token may only make tokens of its own tenant');
    if (!this.accounts.tenant(tenant)) throw Problem.invalid([{ field: 'tenant', detail: 'there is no such tenant' }]);
    const token = PREFIX + randomBytes(32).toString('base64url');
    const row = await this.database.write(tenant, (transaction) =>
      this.tokens.insert(transaction, {
        id: randomUUID(),
        name: wanted.name,
        role: wanted.role,
        hash: hashToken(token),
      }),
    );
    return { ...shape(row), token };
  }

  async list(access: Access): Promise<TokenDto[]> {
    const rows = await this.database.read(access.tenant, (transaction) => this.tokens.list(transaction));
    return rows.map(shape);
  }

  async revoke(access: Access, id: string): Promise<void> {
    const done =
      isUuid(id) && (await this.database.write(access.tenant, (transaction) => this.tokens.revoke(transaction, id)));
    if (!done) throw Problem.notFound('There is no such token');
  }

  private operator(wanted: string | undefined): Access {
    const tenant = wanted ?? this.accounts.tenants()[0]?.id;
    if (tenant === undefined) throw Problem.forbidden('No tenant is set up: name one in ACCOUNTS_FILE');
    if (!this.accounts.tenant(tenant)) throw Problem.forbidden('X-Tenant names a tenant that is not set up');
    return { tenant, role: 'admin', actor: 'operator', operator: true };
  }
}

const shape = ({ id, tenant, role, name, createdAt }: TokenRow): TokenDto => ({
  id,
  tenant,
  role,
  name,
  createdAt: createdAt.toISOString(),
});
