/** A business with its own customers, accounts and rows. */
export interface Tenant {
  readonly id: string;
  readonly name: string;
  /** Conversations of one brand may join (rule T5); accounts may have one of their own. */
  readonly brand: string;
  /** Regular expression of the tenant's order codes in customers' text; null: none are looked for. */
  readonly orderCodePattern: string | null;
}

/** One account of a tenant on a channel: a page, a hotline, a mailbox. */
export interface Account {
  readonly tenant: string;
  readonly channel: string;
  /** The channel's own name where the channel has one vendor. */
  readonly vendor: string;
  /** Page id, hotline, address: unique over all tenants within (channel, vendor). */
  readonly id: string;
  /** Null: the tenant's. */
  readonly brand: string | null;
  /** Settings with the secrets among them in clear for the process that serves the channel; without them for any other. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Numbers and addresses of the business itself. */
  readonly ownNumbers: readonly string[];
  /** Why its adapter cannot use the settings, as it said itself; empty: it can. */
  readonly problems: readonly string[];
  readonly enabled: boolean;
  /** Grows with every change, over all accounts. */
  readonly version: string;
}

/** The one global key: an account belongs to one tenant. */
export function accountKey(account: { channel: string; vendor: string; id: string }): string {
  return [account.channel, account.vendor, account.id].map(encodeURIComponent).join('|');
}

/** What a channel's adapter tells of one vendor, so that accounts can be checked, stored and, later, edited. */
export interface AccountDefinition {
  readonly channel: string;
  readonly vendor: string;
  /** Settings that are stored encrypted. */
  readonly secrets: readonly string[];
  /** JSON Schema (draft 7) of the settings; `errorMessage` of a setting says what is expected of it. */
  readonly settingsSchema: object;
  /** Paths of the webhooks, with `:account` or `:secret` where the account stands in them. */
  readonly doors: readonly string[];
  /** Sentences `field: what is wrong`; empty when the settings are good. */
  validate(settings: Readonly<Record<string, unknown>>): readonly string[];
  ownNumbers(settings: Readonly<Record<string, unknown>>, id: string): readonly string[];
}
