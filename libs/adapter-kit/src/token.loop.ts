import type { LoggerService } from '@nestjs/common';
import { CredentialsExpired } from '@lienmach/contracts';
import { Doorbell } from '@lienmach/platform';
import type { AccountTokens } from './account-tokens.js';
import type { ChannelAccount, VendorDefinition } from './channel.js';
import type { DoorAccounts } from './door-accounts.js';

export interface TokenLoopOptions {
  readonly vendors: readonly {
    readonly vendor: VendorDefinition;
    readonly accounts: Pick<DoorAccounts<object>, 'plain'>;
  }[];
  readonly tokens: Pick<AccountTokens, 'accessToken'>;
  readonly logger: LoggerService;
}

const PAUSE_MS = 60_000;
const PATIENCE_MS = 20_000;

/** Keeps the tokens of accounts fresh that nobody writes by: a refresh token that is never used ends too. */
export class TokenLoop {
  private readonly bell = new Doorbell();
  private readonly vendors: TokenLoopOptions['vendors'];
  private running = false;
  private loop: Promise<void> = Promise.resolve();

  constructor(private readonly options: TokenLoopOptions) {
    this.vendors = options.vendors.filter(({ vendor }) => vendor.tokens !== undefined);
  }

  start(): void {
    if (this.vendors.length === 0) return;
    this.running = true;
    this.loop = this.run();
  }

  async stop(): Promise<void> {
    this.running = false;
    this.bell.ring();
    await this.loop;
  }

  /** The accounts have changed: look now. */
  wake(): void {
    this.bell.ring();
  }

  private async run(): Promise<void> {
    while (this.running) {
      this.bell.listen();
      for (const { vendor, accounts } of this.vendors) {
        for (const account of accounts.plain()) if (this.running) await this.keep(vendor, account);
      }
      if (this.running) await this.bell.rest(PAUSE_MS);
    }
  }

  private async keep(vendor: VendorDefinition, account: ChannelAccount<object>): Promise<void> {
    const { accessToken, refreshToken } = vendor.tokens!.given(account.settings);
    if (accessToken === null && refreshToken === null) return;
    try {
      await this.options.tokens.accessToken(vendor, account, { signal: AbortSignal.timeout(PATIENCE_MS) });
    } catch (error) {
      const { tenant, id } = account;
      const message = error instanceof CredentialsExpired ? 'an account must be connected anew' : 'a token is missing';
      this.options.logger.warn(message, { tenant, vendor: vendor.name, account: id, reason: (error as Error).message });
    }
  }
}
