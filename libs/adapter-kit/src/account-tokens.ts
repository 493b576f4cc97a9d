import type { TokenLeases } from '@lienmach/accounts';
import type { ChannelAccount, SendContext, VendorDefinition } from './channel.js';

export interface AccountTokensOptions {
  readonly leases: Pick<TokenLeases, 'accessToken'>;
  /** The version of an account's present settings. */
  readonly versionOf: (account: { readonly vendor: string; readonly account: string }) => string | undefined;
  readonly env: SendContext['env'];
  readonly now?: () => number;
}

/** What a vendor gets for an exchange: less than its lease, and than a process that ends may take. */
const EXCHANGE_MS = 8_000;

/** The access tokens of a channel's accounts, by the rules of their vendors. */
export class AccountTokens {
  constructor(private readonly options: AccountTokensOptions) {}

  /** @throws CredentialsExpired, TemporarilyUnavailable */
  async accessToken(
    { name, tokens }: VendorDefinition,
    account: ChannelAccount<object>,
    wanted: { readonly signal: AbortSignal; readonly refused?: string },
  ): Promise<string> {
    const { leases, versionOf, env, now = Date.now } = this.options;
    if (!tokens) throw new Error(`${name} has no tokens that end`);
    const { tenant, channel, vendor, id, settings } = account;
    const version = versionOf({ vendor, account: id }) ?? '0';
    const given = tokens.given(settings);
    const connectUrl = tokens.connectUrl(account, env);
    return leases.accessToken(
      { tenant, channel, vendor, id, version, given, connectUrl },
      {
        aheadMs: tokens.aheadSeconds * 1_000,
        exchange: (refreshToken) =>
          tokens.renew(refreshToken, account, { env, signal: AbortSignal.timeout(EXCHANGE_MS), now: now() }),
      },
      wanted,
    );
  }
}
