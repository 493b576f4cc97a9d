import { createHmac, randomBytes } from 'node:crypto';
import { InvalidConfiguration } from '@lienmach/platform';
import type { ClientBase } from 'pg';
import { accountKey, type Account, type AccountDefinition } from './account.js';
import { AccountIndex, type TenantWithSecret } from './account-index.js';
import { AccountSecrets, openStored } from './account-secrets.js';
import type { Seed, SeedAccount } from './accounts-file.js';
import { seal } from './secret-box.js';

interface TenantRow {
  id: string;
  name: string;
  brand: string;
  secret: Buffer;
  order_code_pattern: string | null;
}

interface AccountRow {
  tenant: string;
  channel: string;
  vendor: string;
  id: string;
  brand: string | null;
  settings: Record<string, unknown>;
  secrets: Buffer | null;
  own_numbers: string[];
  problems: string[];
  enabled: boolean;
  version: string;
}

const tenantPurpose = (id: string): string => `tenant|${encodeURIComponent(id)}`;

/** Who is named beside a change that came from the file. */
const FILE = 'ACCOUNTS_FILE';

/** SQL of the schema `channel`; every call is one transaction or one statement on the given client. */
export class AccountRepository {
  private readonly secrets: AccountSecrets;

  constructor(
    private readonly client: ClientBase,
    private readonly secretsKey: Buffer,
  ) {
    this.secrets = new AccountSecrets(secretsKey);
  }

  /**
   * Reads everything.
   * @param channel whose accounts come with their secrets in clear; null: none
   * @param known the last reading: accounts that have not changed stay the same objects
   */
  async load(channel: string | null, known?: AccountIndex): Promise<AccountIndex> {
    const tenants = await this.client.query<TenantRow>(
      'SELECT id, name, brand, secret, order_code_pattern FROM channel.tenant ORDER BY created_at, id',
    );
    const accounts = await this.client.query<AccountRow>(
      `SELECT tenant, channel, vendor, id, brand, settings, CASE WHEN channel = $1 THEN secrets END AS secrets, own_numbers,
              problems, enabled, version
         FROM channel.account ORDER BY channel, vendor, id`,
      [channel],
    );
    const before = new Map((known?.accounts ?? []).map((account) => [accountKey(account), account]));
    return new AccountIndex(
      tenants.rows.map((row) => this.tenant(row)),
      accounts.rows.map((row) => {
        const same = before.get(accountKey(row));
        return same?.version === row.version ? same : this.account(row);
      }),
    );
  }

  /**
   * Brings the file's entries into the tables, once per content: what was changed here since the same entry was applied stays.
   * Entries that the file no longer has stay too; to switch an account off is to say `enabled: false`.
   */
  async seed(seed: Seed, definitions: readonly AccountDefinition[]): Promise<void> {
    await this.transaction(async () => {
      // several processes start at once with the same file
      await this.client.query(`SELECT pg_advisory_xact_lock(hashtext('channel.account seed'))`);
      for (const tenant of seed.tenants) {
        await this.client.query(
          `INSERT INTO channel.tenant AS t (id, name, brand, secret, order_code_pattern, seed_hash) VALUES ($1, $2, $3, $4, $5, $6)
           ON CONFLICT (id) DO UPDATE SET name = $2, brand = $3, order_code_pattern = $5, seed_hash = $6 WHERE t.seed_hash IS DISTINCT FROM $6`,
          [
            tenant.id,
            tenant.name,
            tenant.brand,
            seal(this.secretsKey, tenantPurpose(tenant.id), randomBytes(32)),
            tenant.orderCodePattern,
            this.hash(tenant),
          ],
        );
      }
      const problems: string[] = [];
      for (const account of seed.accounts) {
        const definition = definitions.find(
          ({ channel, vendor }) => channel === account.channel && vendor === account.vendor,
        );
        if (!definition) throw new Error(`no definition of ${account.channel} ${account.vendor}`);
        const owner = await this.seedAccount(account, definition);
        if (owner !== account.tenant) {
          problems.push(
            `ACCOUNTS_FILE gives ${account.channel} ${account.vendor} ${account.id} to tenant "${account.tenant}", but it belongs to tenant "${owner}".`,
          );
        }
      }
      if (problems.length > 0) throw new InvalidConfiguration(problems);
    });
  }

  /**
   * Says what a channel's accounts look like and where its doors are.
   * @param publicUrl where the vendors reach the doors; undefined: not known here
   */
  async define(definitions: readonly AccountDefinition[], publicUrl: string | undefined): Promise<void> {
    for (const { channel, vendor, settingsSchema, secrets, doors } of definitions) {
      await this.client.query(
        `INSERT INTO channel.definition AS d (channel, vendor, settings_schema, secrets, doors, public_url) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (channel, vendor) DO UPDATE SET settings_schema = $3, secrets = $4, doors = $5, public_url = $6, updated_at = now()
         WHERE (d.settings_schema, d.secrets, d.doors, d.public_url) IS DISTINCT FROM ($3::jsonb, $4::text[], $5::text[], $6::text)`,
        [channel, vendor, JSON.stringify(settingsSchema), secrets, doors, publicUrl ?? null],
      );
    }
  }

  /** Writes what follows from the settings of an account, unless these have changed meanwhile. */
  async mend(account: Account, { ownNumbers, problems }: Pick<Account, 'ownNumbers' | 'problems'>): Promise<void> {
    await this.client.query(
      `UPDATE channel.account SET own_numbers = $5, problems = $6 WHERE channel = $1 AND vendor = $2 AND id = $3 AND version = $4`,
      [account.channel, account.vendor, account.id, account.version, ownNumbers, problems],
    );
  }

  /** @returns the tenant that holds the account */
  private async seedAccount(account: SeedAccount, definition: AccountDefinition): Promise<string> {
    const secret = new Set(definition.secrets);
    const entries = Object.entries(account.settings);
    const secrets = Object.fromEntries(entries.filter(([field]) => secret.has(field)));
    await this.client.query(
      `WITH written AS (
         INSERT INTO channel.account AS a (tenant, channel, vendor, id, brand, enabled, settings, secrets, own_numbers, seed_hash)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         ON CONFLICT (channel, vendor, id) DO UPDATE
           SET brand = $5, enabled = $6, settings = $7, secrets = $8, own_numbers = $9, problems = '{}', seed_hash = $10
         WHERE a.tenant = $1 AND a.seed_hash IS DISTINCT FROM $10
         RETURNING CASE WHEN xmax = 0 THEN 'created' ELSE 'changed' END AS kind
       )
       INSERT INTO channel.account_change (tenant, channel, vendor, account, actor, kind, fields)
       SELECT $1, $2, $3, $4, $11, kind, $12::text[] FROM written`,
      [
        account.tenant,
        account.channel,
        account.vendor,
        account.id,
        account.brand,
        account.enabled,
        JSON.stringify(Object.fromEntries(entries.filter(([field]) => !secret.has(field)))),
        this.secrets.seal(account, secrets),
        definition.ownNumbers(account.settings, account.id),
        this.hash(account),
        FILE,
        ['brand', 'enabled', ...Object.keys(account.settings)],
      ],
    );
    const held = await this.client.query<{ tenant: string }>(
      'SELECT tenant FROM channel.account WHERE channel = $1 AND vendor = $2 AND id = $3',
      [account.channel, account.vendor, account.id],
    );
    return held.rows[0]?.tenant ?? account.tenant;
  }

  private async transaction(work: () => Promise<void>): Promise<void> {
    await this.client.query('BEGIN');
    try {
      await work();
      await this.client.query('COMMIT');
    } catch (error) {
      // a lost connection has rolled back by itself, and its own error says more
      await this.client.query('ROLLBACK').catch(() => undefined);
      throw error;
    }
  }

  /** Keyed: a plain hash of an entry would let its short secrets be found by trying. */
  private hash(entry: object): Buffer {
    return createHmac('sha256', this.secretsKey).update(JSON.stringify(entry)).digest();
  }

  private tenant(row: TenantRow): TenantWithSecret {
    return {
      id: row.id,
      name: row.name,
      brand: row.brand,
      orderCodePattern: row.order_code_pattern,
      secret: openStored(this.secretsKey, tenantPurpose(row.id), row.secret),
    };
  }

  private account(row: AccountRow): Account {
    return {
      tenant: row.tenant,
      channel: row.channel,
      vendor: row.vendor,
      id: row.id,
      brand: row.brand,
      settings: { ...row.settings, ...this.secrets.open(row, row.secrets) },
      ownNumbers: row.own_numbers,
      problems: row.problems,
      enabled: row.enabled,
      version: row.version,
    };
  }
}
