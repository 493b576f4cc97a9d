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
