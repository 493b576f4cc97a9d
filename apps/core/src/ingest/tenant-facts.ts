import type { AccountDirectory } from '@lienmach/accounts';

/** What core knows of a tenant beyond its rows: asked of libs/accounts, held in memory. */
export interface TenantFacts {
  /** Key of the HMAC that makes ids of identifiers and people. */
  readonly secret: Buffer;
  /** Hotlines and addresses of the business itself: blocked from the start (rule I6). */
  readonly ownNumbers: readonly string[];
  /** Brand of an account, by default the tenant's (rule T5). */
  brandOf(channel: string, vendor: string, account: string): string;
}

export interface TenantDirectory {
  /** undefined: nobody set this tenant up. */
  factsOf(tenant: string): TenantFacts | undefined;
}

/** The directory of libs/accounts as core's steps ask it. Facts of a tenant are made once per reading of the accounts. */
export class DirectoryOfTenants implements TenantDirectory {
  private readonly known = new Map<string, TenantFacts>();

  constructor(private readonly accounts: AccountDirectory) {
    accounts.onChange(() => this.known.clear());
  }

  factsOf(tenant: string): TenantFacts | undefined {
    const known = this.known.get(tenant);
    if (known) return known;
    const found = this.accounts.tenant(tenant);
    const secret = this.accounts.tenantSecret(tenant);
    if (!found || !secret) return undefined;
    const facts: TenantFacts = {
      secret,
      ownNumbers: this.accounts.ownNumbers(tenant),
      brandOf: (channel, vendor, id) => this.accounts.brandOf({ channel, vendor, id }) ?? found.brand,
    };
    this.known.set(tenant, facts);
    return facts;
  }
}
