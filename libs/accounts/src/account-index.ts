import { createHmac, randomBytes } from 'node:crypto';
import { accountKey, type Account, type Tenant } from './account.js';

/** A tenant with its secret in clear. */
export interface TenantWithSecret extends Tenant {
  /** 32 bytes. */
  readonly secret: Buffer;
}

const NONE: readonly never[] = [];

/** Of this process and this moment: a look-up by its hash tells a clock nothing about the secret. */
const LOOKUP_KEY = randomBytes(32);
const secretKey = (channel: string, vendor: string, secret: string): string =>
  `${channel} ${vendor} ${createHmac('sha256', LOOKUP_KEY).update(secret).digest('base64')}`;

function push<T>(lists: Map<string, T[]>, key: string, ...items: readonly T[]): void {
  const list = lists.get(key);
  if (list) list.push(...items);
  else lists.set(key, [...items]);
}

/** The enabled accounts of one vendor. */
interface VendorAccounts {
  readonly byId: Map<string, Account>;
  readonly list: Account[];
}

/** Everything in memory, made for look-ups; never changed, only replaced. */
export class AccountIndex {
  readonly loaded: boolean = true;
  /** By channel and vendor. */
  private readonly vendors = new Map<string, Map<string, VendorAccounts>>();
  private readonly bySecret = new Map<string, Account>();
  private readonly byTenant = new Map<string, TenantWithSecret>();
  private readonly numbers = new Map<string, string[]>();
  private readonly every = new Map<string, Account>();

  constructor(
    readonly tenants: readonly TenantWithSecret[],
    readonly accounts: readonly Account[],
  ) {
    for (const tenant of tenants) this.byTenant.set(tenant.id, tenant);
    for (const account of accounts) {
      this.every.set(accountKey(account), account);
      push(this.numbers, account.tenant, ...account.ownNumbers);
      if (!account.enabled) continue;
      const { byId, list } = this.placeOf(account);
      byId.set(account.id, account);
      list.push(account);
      const { secret } = account.settings;
      if (typeof secret === 'string') this.bySecret.set(secretKey(account.channel, account.vendor, secret), account);
    }
  }

  find(channel: string, vendor: string, id: string): Account | undefined {
    return this.vendors.get(channel)?.get(vendor)?.byId.get(id);
  }

  findByPathSecret(channel: string, vendor: string, secret: string): Account | undefined {
    return this.bySecret.get(secretKey(channel, vendor, secret));
  }

  ofVendor(channel: string, vendor: string): readonly Account[] {
    return this.vendors.get(channel)?.get(vendor)?.list ?? NONE;
  }

  tenant(id: string): TenantWithSecret | undefined {
    return this.byTenant.get(id);
  }

  ownNumbers(tenant: string): readonly string[] {
    return this.numbers.get(tenant) ?? NONE;
  }

  brandOf(account: { channel: string; vendor: string; id: string }): string | undefined {
    const found = this.every.get(accountKey(account));
    return found && (found.brand ?? this.byTenant.get(found.tenant)?.brand ?? found.tenant);
  }

  private placeOf({ channel, vendor }: Account): VendorAccounts {
    const ofChannel = this.vendors.get(channel) ?? new Map<string, VendorAccounts>();
    this.vendors.set(channel, ofChannel);
    const place = ofChannel.get(vendor) ?? { byId: new Map<string, Account>(), list: [] };
    ofChannel.set(vendor, place);
    return place;
  }
}
