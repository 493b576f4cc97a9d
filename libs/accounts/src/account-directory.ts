import { setTimeout as sleep } from 'node:timers/promises';
import type { LoggerService } from '@nestjs/common';
import { InvalidConfiguration } from '@lienmach/platform';
import pg from 'pg';
import type { Account, AccountDefinition, Tenant } from './account.js';
import { AccountIndex } from './account-index.js';
import { AccountRepository } from './account.repository.js';
import type { Seed } from './accounts-file.js';
import { ACCOUNT_NOTIFICATIONS } from './accounts.migration.js';

export interface AccountDirectoryOptions {
  readonly databaseUrl: string;
  readonly secretsKey: Buffer;
  readonly logger: LoggerService;
  /** The channel that this process serves: its accounts come with their secrets. Null: all accounts, no secrets. */
  readonly channel: string | null;
  readonly definitions?: readonly AccountDefinition[];
  /** Where the vendors reach the doors of these definitions, without a slash at the end. */
  readonly publicUrl?: string;
  /** What ACCOUNTS_FILE says; brought into the tables at the first connection. */
  readonly seed?: Seed;
  /** Between two full readings without a notification, in milliseconds. */
  readonly rereadMs?: number;
}

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 15_000;
const QUERY_TIMEOUT_MS = 10_000;

/**
 * Tenants and accounts of this installation, in memory. Changes are seen at once by LISTEN, and by re-reading where a notification was lost. While
 * PostgreSQL is away the last reading serves; before the first reading nothing can be verified and `loaded` is false.
 */
export class AccountDirectory {
  private index: AccountIndex | undefined;
  private client: pg.Client | undefined;
  private seeded = false;
  private stale = false;
  private readonly stopping = new AbortController();
  private wake: () => void = () => undefined;
  private running: Promise<void> | undefined;
  private problem: string | undefined = 'not yet read';
  private readonly listeners: (() => void)[] = [];

  constructor(private readonly options: AccountDirectoryOptions) {}

  /**
   * Begins to read, and goes on in the background until `stop`.
   * @param patienceMs how long to wait for the first reading; past it the process goes on without
   * @throws InvalidConfiguration for what no waiting will mend: another SECRETS_KEY, an account of two tenants. Found later, it ends the process.
   */
  async start(patienceMs = 5_000): Promise<void> {
    let starting = true;
    const first = new Promise<void>((resolve) => this.listeners.push(resolve));
    this.running = this.run();
    this.running.catch((error: unknown) => {
      if (!starting) throw error;
    });
    const patience = new AbortController();
    try {
      await Promise.race([first, this.running, pauseFor(patienceMs, patience.signal)]);
    } finally {
      starting = false;
      patience.abort();
    }
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    this.wake();
    // an error that ended the work has been told by start or has ended the process
    await this.running?.catch(() => undefined);
  }

  /** Whether the accounts have been read at least once. */
  get loaded(): boolean {
    return this.index !== undefined;
  }

  /** For a readiness check: throws until the first reading; afterwards tells how many accounts there are and what is wrong just now. */
  check(): { accounts: number; problem?: string } {
    if (!this.index) throw new Error(`no accounts: ${this.problem}`);
    const { channel } = this.options;
    const accounts = this.index.accounts.filter((account) => channel === null || account.channel === channel).length;
    return this.problem === undefined ? { accounts } : { accounts, problem: this.problem };
  }

  /** Calls back after every reading that brought something. */
  onChange(listener: () => void): void {
    this.listeners.push(listener);
  }

  /** An enabled account by its id. */
  find(channel: string, vendor: string, id: string): Account | undefined {
    return this.index?.find(channel, vendor, id);
  }

  /** An enabled account by its setting `secret`, in a time that tells nothing about the secret. */
  findByPathSecret(channel: string, vendor: string, secret: string): Account | undefined {
    return this.index?.findByPathSecret(channel, vendor, secret);
  }

  /** The enabled accounts of a vendor. */
  ofVendor(channel: string, vendor: string): readonly Account[] {
    return this.index?.ofVendor(channel, vendor) ?? [];
  }

  /** All accounts, disabled ones too. */
  accounts(): readonly Account[] {
    return this.index?.accounts ?? [];
  }

  /** All tenants, oldest first. */
  tenants(): readonly Tenant[] {
    return this.index?.tenants ?? [];
  }

  tenant(id: string): Tenant | undefined {
    return this.index?.tenant(id);
  }

  /** The 32 bytes over which ids of the tenant's people and identifiers are made; undefined for an unknown tenant. */
  tenantSecret(id: string): Buffer | undefined {
    return this.index?.tenant(id)?.secret;
  }

  /** Numbers and addresses of the tenant itself, over all its channels. */
  ownNumbers(tenant: string): readonly string[] {
    return this.index?.ownNumbers(tenant) ?? [];
  }

  /** Brand under which an account's conversations join (rule T5); undefined for an unknown account. */
  brandOf(account: { channel: string; vendor: string; id: string }): string | undefined {
    return this.index?.brandOf(account);
  }

  /** Reads again now. */
  refresh(): void {
    this.stale = true;
    this.wake();
  }

  private async run(): Promise<void> {
    let pause = FIRST_PAUSE_MS;
    while (!this.stopping.signal.aborted) {
      const client = this.connect();
      try {
        await client.connect();
        await client.query(`LISTEN ${ACCOUNT_NOTIFICATIONS}`);
        const repository = new AccountRepository(client, this.options.secretsKey);
        await this.prepare(repository);
        await this.follow(client, repository, () => (pause = FIRST_PAUSE_MS));
      } catch (error) {
        if (error instanceof InvalidConfiguration) throw error;
        this.problem = (error as Error).message;
        this.options.logger.warn('accounts cannot be read, trying again', error, {
          pauseMs: pause,
          loaded: this.loaded,
        });
      } finally {
        this.client = undefined;
        // ending a connection that is already lost fails, and there is nothing left to do about it
        await client.end().catch(() => undefined);
      }
      await this.rest(pause);
      pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
    }
  }

  private connect(): pg.Client {
    const client = new pg.Client({
      connectionString: this.options.databaseUrl,
      application_name: `lienmach accounts ${this.options.channel ?? ''}`.trim(),
      connectionTimeoutMillis: QUERY_TIMEOUT_MS / 2,
      query_timeout: QUERY_TIMEOUT_MS,
      keepAlive: true,
    });
    this.client = client;
    const lost = () => {
      if (this.client === client) this.client = undefined;
      this.wake();
    };
    client.on('error', lost);
    client.on('end', lost);
    client.on('notification', () => this.refresh());
    return client;
  }

  private async prepare(repository: AccountRepository): Promise<void> {
    if (this.seeded) return;
    const { definitions = [], publicUrl, seed } = this.options;
    await repository.define(definitions, publicUrl);
    if (seed) await repository.seed(seed, definitions);
    this.seeded = true;
  }

  private async follow(client: pg.Client, repository: AccountRepository, well: () => void): Promise<void> {
    while (!this.stopping.signal.aborted) {
      if (this.client !== client) throw new Error('the connection to PostgreSQL was lost');
      this.stale = false;
      const index = await repository.load(this.options.channel, this.index);
      for (const account of index.accounts) await this.mend(repository, account);
      this.index = index;
      this.problem = undefined;
      well();
      for (const listener of this.listeners) listener();
      if (!this.stale) await this.rest(this.options.rereadMs ?? 60_000);
    }
  }

  /** The API changes settings without knowing all that they mean; the channel's own process follows with what it makes of them. */
  private async mend(repository: AccountRepository, account: Account): Promise<void> {
    const definition = this.options.definitions?.find(
      ({ channel, vendor }) => channel === account.channel && vendor === account.vendor,
    );
    if (!definition) return;
    const problems = definition.validate(account.settings);
    // numbers of settings that cannot be read stay what they were: the business's own
    const ownNumbers = problems.length > 0 ? account.ownNumbers : definition.ownNumbers(account.settings, account.id);
    if (!same(ownNumbers, account.ownNumbers) || !same(problems, account.problems)) {
      await repository.mend(account, { ownNumbers, problems });
    }
  }

  /** Sleeps until the time is over or somebody wakes it. */
  private async rest(ms: number): Promise<void> {
    if (this.stopping.signal.aborted) return;
    const woken = new AbortController();
    this.wake = () => woken.abort();
    await pauseFor(ms, woken.signal);
    this.wake = () => undefined;
  }
}

const same = (one: readonly string[], other: readonly string[]): boolean => one.join('\n') === other.join('\n');

/** Ends early, and well, when the signal comes. */
async function pauseFor(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
