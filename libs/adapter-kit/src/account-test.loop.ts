import type { LoggerService } from '@nestjs/common';
import { LienmachError } from '@lienmach/contracts';
import { Doorbell } from '@lienmach/platform';
import type { AccountTestRepository, AskedTest } from './account-test.repository.js';
import type { AccountTokens } from './account-tokens.js';
import type { SendContext, TestAnswer, VendorDefinition } from './channel.js';
import type { DoorAccounts } from './door-accounts.js';

export interface AccountTestLoopOptions {
  readonly repository: Pick<AccountTestRepository, 'take' | 'answer'>;
  /** By the name of the vendor: those of the channel. */
  readonly vendors: ReadonlyMap<
    string,
    { readonly vendor: VendorDefinition; readonly accounts: Pick<DoorAccounts<object>, 'byId'> }
  >;
  readonly tokens: Pick<AccountTokens, 'accessToken'>;
  readonly logger: LoggerService;
  readonly env: SendContext['env'];
}

/** Where no notification came. */
const PAUSE_MS = 5_000;
const CALL_MS = 8_000;

/** Answers whether accounts work, by asking their vendors. */
export class AccountTestLoop {
  private readonly bell = new Doorbell();
  private running = false;
  private loop: Promise<void> = Promise.resolve();

  constructor(private readonly options: AccountTestLoopOptions) {}

  start(): void {
    this.running = true;
    this.loop = this.run();
  }

  async stop(): Promise<void> {
    this.running = false;
    this.bell.ring();
    await this.loop;
  }

  /** Something may have been asked: look now. */
  wake(): void {
    this.bell.ring();
  }

  private async run(): Promise<void> {
    const { repository, logger } = this.options;
    while (this.running) {
      this.bell.listen();
      try {
        const asked = await repository.take();
        await Promise.all(asked.map(async (test) => repository.answer(test, await this.tried(test))));
      } catch (error) {
        logger.warn('accounts could not be tested, trying again', error);
      }
      if (this.running) await this.bell.rest(PAUSE_MS);
    }
  }

  private async tried({ tenant, vendor: name, account: id }: AskedTest): Promise<TestAnswer> {
    const { vendors, tokens, env, logger } = this.options;
    const { vendor, accounts } = vendors.get(name) ?? {};
    const owner = accounts?.byId(id);
    if (!vendor || owner?.origin.tenant !== tenant) {
      return { ok: false, detail: 'the account is switched off, or its settings cannot be used' };
    }
    if (!vendor.test) return { ok: false, detail: `there is nothing to ask ${name}` };
    const signal = AbortSignal.timeout(CALL_MS);
    const accessToken = (refused?: string): Promise<string> =>
      tokens.accessToken(vendor, owner.account, { signal, refused });
    try {
      return await vendor.test(owner.account, { env, signal, now: Date.now(), accessToken });
    } catch (error) {
      if (error instanceof LienmachError) return { ok: false, detail: error.message };
      logger.error('a test of an account broke', error, { vendor: name });
      return { ok: false, detail: `the test broke off (${(error as Error).name})` };
    }
  }
}
