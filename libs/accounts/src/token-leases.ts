import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LoggerService } from '@nestjs/common';
import { CredentialsExpired, TemporarilyUnavailable } from '@lienmach/contracts';
import { accountKey } from './account.js';
import type { ExchangeOutcome, NewTokens, Renewal, TokenAccount } from './token.js';
import type { StoredToken, TokenRepository } from './token.repository.js';

/** Milliseconds. */
export interface TokenTiming {
  /** After so long an exchange is given up for lost; longer than the vendor is waited for. */
  readonly leaseMs: number;
  /** How often is looked whether another process has finished. */
  readonly pollMs: number;
  /** How long a new pair that the database does not take is kept trying to be stored. */
  readonly storeMs: number;
}

const TIMING: TokenTiming = { leaseMs: 30_000, pollMs: 250, storeMs: 10 * 60_000 };
const LONGEST_STORE_PAUSE_MS = 5_000;
/** An access token that ends so soon might end on the way. */
const ON_THE_WAY_MS = 60_000;

export interface TokenLeasesOptions {
  readonly repository: TokenRepository;
  readonly logger: LoggerService;
  readonly now?: () => number;
  readonly timing?: Partial<TokenTiming>;
}

/**
 * Access tokens that are renewed in time, by one process at once. A refresh token that counts once is never lost by us: that it is exchanged is committed before
 * the vendor is asked, the new pair before anybody uses it. Where a process died in between, only the vendor knows: the old refresh token is tried again, and if
 * he refuses it, an administrator has to connect the account anew.
 */
export class TokenLeases {
  private readonly timing: TokenTiming;
  private readonly now: () => number;
  /** By account: callers of this process share one exchange. */
  private readonly renewals = new Map<string, Promise<void>>();

  constructor(private readonly options: TokenLeasesOptions) {
    this.timing = { ...TIMING, ...options.timing };
    this.now = options.now ?? Date.now;
  }

  /**
   * An access token to call the vendor with.
   * @param refused the one that the vendor has just refused: it is exchanged, unless somebody has done so already
   * @throws CredentialsExpired when an administrator has to act, TemporarilyUnavailable when none could be had in time
   */
  async accessToken(
    account: TokenAccount,
    renewal: Renewal,
    { signal, refused }: { readonly signal: AbortSignal; readonly refused?: string },
  ): Promise<string> {
    for (;;) {
      const stored = await this.read(account);
      const { pair } = stored;
      const usable = this.isUsable(stored, refused) ? pair.accessToken : null;
      if (usable !== null && !this.isDue(stored, renewal)) return usable;
      const obstacle = stored.refused ?? (pair.refreshToken === null ? 'it has no refresh token' : null);
      if (obstacle !== null) {
        if (usable !== null) return usable;
        throw new CredentialsExpired(`connect the account anew: ${obstacle}`);
      }
      const renewed = this.renewed(account, renewal, stored);
      // whoever has a token that still counts need not wait for the next
      if (usable !== null) return usable;
      await inTime(renewed, signal);
    }
  }

  /** Waits for the exchanges under way: what the vendor gave must be stored. */
  async close(): Promise<void> {
    await Promise.allSettled(this.renewals.values());
  }

  private async read(account: TokenAccount): Promise<StoredToken> {
    const { repository } = this.options;
    const known = await repository.read(account);
    if (known) return known;
    await repository.begin(account);
    const stored = await repository.read(account);
    if (!stored) throw new TemporarilyUnavailable('the tokens of the account have just changed');
    return stored;
  }

  private isUsable({ pair, expiresAt }: StoredToken, refused: string | undefined): boolean {
    if (pair.accessToken === null || pair.accessToken === refused) return false;
    return expiresAt === null || expiresAt - this.now() > ON_THE_WAY_MS;
  }

  /** One of unknown age may end at any moment. */
  private isDue({ pair, expiresAt }: StoredToken, { aheadMs }: Renewal): boolean {
    return pair.refreshToken !== null && (expiresAt === null || expiresAt - this.now() <= aheadMs);
  }

  /** Settles when the pair may be another one, by whomever. */
  private renewed(account: TokenAccount, renewal: Renewal, stored: StoredToken): Promise<void> {
    const key = accountKey(account);
    const running = this.renewals.get(key);
    if (running) return running;
    const begun = this.renew(account, renewal, stored).finally(() => this.renewals.delete(key));
    // whoever waits for it gets its error too; nobody may
    begun.catch((error: unknown) => this.warn('a token could not be renewed', account, { reason: String(error) }));
    this.renewals.set(key, begun);
    return begun;
  }

  private async renew(account: TokenAccount, renewal: Renewal, { generation, pair }: StoredToken): Promise<void> {
    const { repository } = this.options;
    const attempt = randomUUID();
    if (!(await repository.claim(account, generation, attempt, this.timing.leaseMs))) {
      await sleep(this.timing.pollMs);
      return;
    }
    const outcome = await exchanged(renewal, pair.refreshToken!);
    if (outcome.kind === 'renewed') return this.store(account, generation, outcome.tokens);
    const { kind, reason } = outcome;
    this.warn('a token was not renewed', account, { kind, reason });
    if (kind === 'refused') return repository.refuse(account, attempt, reason);
    // of an exchange whose end nobody knows the attempt stays, and keeps others from trying for as long as its lease
    if (kind === 'not-taken') await repository.release(account, attempt);
    throw new TemporarilyUnavailable(`the access token cannot be renewed just now: ${reason}`, 30);
  }

  /** The old pair counts no more: this one has to be kept, however long the database is away. */
  private async store(account: TokenAccount, generation: string, tokens: NewTokens): Promise<void> {
    const { repository, logger } = this.options;
    const deadline = this.now() + this.timing.storeMs;
    for (let pause = this.timing.pollMs; ; pause = Math.min(pause * 2, LONGEST_STORE_PAUSE_MS)) {
      try {
        return await repository.renew(account, generation, tokens);
      } catch (error) {
        if (this.now() > deadline) throw error;
        logger.error('a new token could not be stored, trying again', error, labels(account));
        await sleep(pause);
      }
    }
  }

  private warn(message: string, account: TokenAccount, more: Record<string, unknown>): void {
    this.options.logger.warn(message, { ...labels(account), ...more });
  }
}

const labels = ({ tenant, channel, vendor, id }: TokenAccount): Record<string, string> => ({
  tenant,
  channel,
  vendor,
  account: id,
});

async function exchanged(renewal: Renewal, refreshToken: string): Promise<ExchangeOutcome> {
  try {
    return await renewal.exchange(refreshToken);
  } catch (error) {
    // its text may hold what was sent
    return { kind: 'unknown', reason: `the exchange broke off (${(error as Error).name})` };
  }
}

/** The work goes on where somebody cannot wait for it. */
async function inTime(work: Promise<void>, signal: AbortSignal): Promise<void> {
  const late = new Promise<never>((_, reject) => {
    const end = (): void => reject(new TemporarilyUnavailable('the access token is being renewed'));
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });
  await Promise.race([work, late]);
}
