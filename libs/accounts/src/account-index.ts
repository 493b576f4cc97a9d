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
const hashOf = (secret: string): string => createHmac('sha256', LOOKUP_KEY).update(secret).digest('base64');

function push<T>(lists: Map<string, T[]>, key: string, ...items: readonly T[]): void {
  const list = lists.get(key);
  if (list) list.push(...items);
  else lists.set(key, [...items]);
}

/** Everything in memory, made for look-ups; never changed, only replaced. */
export class AccountIndex {
  readonly loaded: boolean = true;
  private readonly byKey = new Map<string, Map<string, Account>>();
  private readonly bySecret = new Map<string, Account>();
  private readonly byChannel = new Map<string, Account[]>();
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
      const vendor = `${account.channel} ${account.vendor}`;
      const ofVendor = this.byKey.get(vendor) ?? new Map<string, Account>();
      this.byKey.set(vendor, ofVendor.set(account.id, account));
      push(this.byChannel, vendor, account);
      const { secret } = account.settings;
      if (typeof secret === 'string') this.bySecret.set(`${vendor} ${hashOf(secret)}`, account);
    }
  }

  find(channel: string, vendor: string, id: string): Account | undefined {
    return this.byKey.get(`${channel} ${vendor}`)?.get(id);
  }

  findByPathSecret(channel: string, vendor: string, secret: string): Account | undefined {
    return this.bySecret.get(`${channel} ${vendor} ${hashOf(secret)}`);
  }

  ofVendor(channel: string, vendor: string): readonly Account[] {
    return this.byChannel.get(`${channel} ${vendor}`) ?? NONE;
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
}
