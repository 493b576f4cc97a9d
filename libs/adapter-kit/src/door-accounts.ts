import type { LoggerService } from '@nestjs/common';
import type { Account, AccountDirectory } from '@lienmach/accounts';
import { channelTopic, eventIdsOf, joinKey, rawTopic, type EventOrigin } from '@lienmach/contracts';
import { isProblems, readSettings } from './account-definitions.js';
import type { ChannelAccount, VendorDefinition } from './channel.js';
import type { ClaimRules } from './claims.js';

/** What a door asks of the accounts; an AccountDirectory is one. */
export type AccountSource = Pick<
  AccountDirectory,
  'loaded' | 'find' | 'findByPathSecret' | 'ofVendor' | 'ownNumbers' | 'tenant'
>;

/** Where events of an account come from and go to. */
export interface EventAddress {
  readonly origin: EventOrigin;
  /** `source` of its events. */
  readonly source: string;
  readonly rawTopic: string;
  readonly channelTopic: string;
  /** Key of its raw records, and what the keys of its threads begin with. */
  readonly rawKey: string;
  /** Id of the event that has this id of the vendor's. */
  readonly eventId: (vendorEventId: string) => string;
}

/** An account with everything that a request needs of it, made once. */
export interface DoorAccount<S> extends EventAddress {
  readonly account: ChannelAccount<S>;
}

export function addressOf(origin: EventOrigin): EventAddress {
  const { tenant, channel, account } = origin;
  return {
    origin,
    source: encodeURI(`/${channel}/${account}`),
    rawTopic: rawTopic(channel),
    channelTopic: channelTopic(channel),
    rawKey: joinKey(tenant, channel, account),
    eventId: eventIdsOf(origin),
  };
}

/** The accounts of one vendor, their settings validated and typed. */
export class DoorAccounts<S extends object> {
  private readonly made = new WeakMap<Account, DoorAccount<S> | { account?: undefined }>();
  private listed: { of: readonly Account[]; accounts: readonly DoorAccount<S>[]; plain: readonly ChannelAccount<S>[] } =
    {
      of: [],
      accounts: [],
      plain: [],
    };

  constructor(
    readonly channel: string,
    readonly vendor: VendorDefinition<S>,
    private readonly source: AccountSource,
    private readonly logger: LoggerService,
  ) {}

  get loaded(): boolean {
    return this.source.loaded;
  }

  byId(id: string): DoorAccount<S> | undefined {
    return this.prepare(this.source.find(this.channel, this.vendor.name, id));
  }

  byPathSecret(secret: string): DoorAccount<S> | undefined {
    return this.prepare(this.source.findByPathSecret(this.channel, this.vendor.name, secret));
  }

  all(): readonly DoorAccount<S>[] {
    return this.list().accounts;
  }

  /** The same as the channel knows them. */
  plain(): readonly ChannelAccount<S>[] {
    return this.list().plain;
  }

  /** What decides over claims in the texts of a tenant's customers. */
  claimRules(tenant: string): ClaimRules {
    return {
      ownNumbers: this.source.ownNumbers(tenant),
      orderCodePattern: this.source.tenant(tenant)?.orderCodePattern ?? null,
    };
  }

  private list(): typeof this.listed {
    const of = this.source.ofVendor(this.channel, this.vendor.name);
    if (this.listed.of !== of) {
      const accounts = of.flatMap((account) => this.prepare(account) ?? []);
      this.listed = { of, accounts, plain: accounts.map(({ account }) => account) };
    }
    return this.listed;
  }

  private prepare(account: Account | undefined): DoorAccount<S> | undefined {
    if (!account) return undefined;
    let made = this.made.get(account);
    if (!made) this.made.set(account, (made = this.make(account)));
    return made.account ? made : undefined;
  }

  private make(account: Account): DoorAccount<S> | { account?: undefined } {
    const { tenant, channel, vendor, id, ownNumbers } = account;
    const settings = readSettings(this.vendor, account.settings);
    if (isProblems(settings)) {
      this.logger.error('an account has unusable settings, its door is shut', {
        channel,
        vendor,
        id,
        problems: settings,
      });
      return {};
    }
    const address = addressOf({ tenant, channel, vendor, account: id });
    return { ...address, account: { tenant, channel, vendor, id, settings, ownNumbers } };
  }
}
