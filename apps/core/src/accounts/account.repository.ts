import { Injectable } from '@nestjs/common';
import type { Transaction } from '../database/tenant-database.js';
import type { AccountKey } from './account-input.rules.js';
import type { FieldSchema, Settings } from './account-settings.rules.js';

/** An account with what its adapter said of its kind; that is null where no adapter has. */
export interface AccountRow extends AccountKey {
  readonly tenant: string;
  readonly brand: string | null;
  readonly enabled: boolean;
  readonly settings: Settings;
  /** Sealed. */
  readonly secrets: Buffer | null;
  readonly ownNumbers: string[];
  readonly problems: string[];
  readonly secretNames: string[] | null;
  readonly doors: string[] | null;
  readonly publicUrl: string | null;
  /** How the tokens stand that its adapter renews; null: it renews none. */
  readonly token: TokenRow | null;
  /** Why its replies wait; null: they do not. */
  readonly pause: { readonly reason: string; readonly until: string } | null;
}

export interface TokenRow {
  readonly expiresAt: string | null;
  readonly renewedAt: string | null;
  /** Why the vendor renews them no more. */
  readonly refused: string | null;
  readonly connectUrl: string | null;
}

export interface DefinitionRow {
  readonly vendor: string;
  readonly settingsSchema: FieldSchema;
  readonly secretNames: string[];
  readonly doors: string[];
}

export interface TestRow {
  readonly ok: boolean;
  readonly detail: string;
}

export interface ChangeRow {
  readonly at: Date;
  readonly actor: string;
  readonly kind: 'created' | 'changed';
  readonly fields: string[];
}

/** What a row is written from. */
export type AccountWrite = AccountKey & Pick<AccountRow, 'brand' | 'enabled' | 'settings' | 'secrets'>;

const SELECT = `
  SELECT a.tenant, a.channel, a.vendor, a.id, a.brand, a.enabled, a.settings, a.secrets, a.own_numbers AS "ownNumbers", a.problems,
         d.secrets AS "secretNames", d.doors, d.public_url AS "publicUrl",
         (SELECT json_build_object('expiresAt', t.expires_at, 'renewedAt', t.renewed_at, 'refused', t.refused, 'connectUrl', t.connect_url)
            FROM channel.token t WHERE t.tenant = a.tenant AND t.channel = a.channel AND t.vendor = a.vendor AND t.account = a.id) AS token,
         (SELECT json_build_object('reason', p.reason, 'until', p.until)
            FROM channel.outbound_pause p
           WHERE p.tenant = a.tenant AND p.channel = a.channel AND p.vendor = a.vendor AND p.account = a.id AND p.until > now()) AS pause
    FROM channel.account a LEFT JOIN channel.definition d USING (channel, vendor)`;

@Injectable()
export class AccountRepository {
  list(transaction: Transaction, after: AccountKey | undefined, limit: number): Promise<AccountRow[]> {
    const { channel = null, vendor = null, id = null } = after ?? {};
    return transaction.query<AccountRow>(
      `${SELECT} WHERE a.tenant = $1 AND ($2::text IS NULL OR (a.channel, a.vendor, a.id) > ($2, $3::text, $4::text))
        ORDER BY a.channel, a.vendor, a.id LIMIT $5`,
      [transaction.tenant, channel, vendor, id, limit],
    );
  }

  async find(transaction: Transaction, key: AccountKey): Promise<AccountRow | undefined> {
    return (await this.select(transaction, key, ''))[0];
  }

  /** Nobody else changes it until the transaction ends. */
  async findToChange(transaction: Transaction, key: AccountKey): Promise<AccountRow | undefined> {
    return (await this.select(transaction, key, 'FOR UPDATE OF a'))[0];
  }

  /** What the channel's adapter has told of its vendors. */
  definitions(transaction: Transaction, channel: string): Promise<DefinitionRow[]> {
    return transaction.query<DefinitionRow>(
      `SELECT vendor, settings_schema AS "settingsSchema", secrets AS "secretNames", doors
         FROM channel.definition WHERE channel = $1 ORDER BY vendor`,
      [channel],
    );
  }

  async channels(transaction: Transaction): Promise<string[]> {
    const rows = await transaction.query<{ channel: string }>(
      'SELECT DISTINCT channel FROM channel.definition ORDER BY channel',
    );
    return rows.map(({ channel }) => channel);
  }

  /** @returns false where the key is taken, by whomever */
  async insert(transaction: Transaction, account: AccountWrite): Promise<boolean> {
    const rows = await transaction.query(
      `INSERT INTO channel.account (tenant, channel, vendor, id, brand, enabled, settings, secrets)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (channel, vendor, id) DO NOTHING RETURNING id`,
      valuesOf(transaction, account),
    );
    return rows.length > 0;
  }

  /** What the adapter found wrong is forgotten: it looks again at once. */
  async update(transaction: Transaction, account: AccountWrite): Promise<void> {
    await transaction.query(
      `UPDATE channel.account SET brand = $5, enabled = $6, settings = $7, secrets = $8, problems = '{}'
        WHERE tenant = $1 AND channel = $2 AND vendor = $3 AND id = $4`,
      valuesOf(transaction, account),
    );
  }

  async record(
    transaction: Transaction,
    { channel, vendor, id }: AccountKey,
    { actor, kind, fields }: Omit<ChangeRow, 'at'>,
  ): Promise<void> {
    await transaction.query(
      `INSERT INTO channel.account_change (tenant, channel, vendor, account, actor, kind, fields) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
      [transaction.tenant, channel, vendor, id, actor, kind, fields],
    );
  }

  /** Newest first. */
  changes(transaction: Transaction, { channel, vendor, id }: AccountKey, limit: number): Promise<ChangeRow[]> {
    return transaction.query<ChangeRow>(
      `SELECT at, actor, kind, fields FROM channel.account_change
        WHERE tenant = $1 AND channel = $2 AND vendor = $3 AND account = $4 ORDER BY seq DESC LIMIT $5`,
      [transaction.tenant, channel, vendor, id, limit],
    );
  }

  /** Asks the channel's adapter to test it, which hears of it once the transaction stands. */
  async askTest(
    { query, tenant }: Transaction,
    id: string,
    { channel, vendor, id: account }: AccountKey,
  ): Promise<void> {
    await query('INSERT INTO channel.account_test (tenant, id, channel, vendor, account) VALUES ($1, $2, $3, $4, $5)', [
      tenant,
      id,
      channel,
      vendor,
      account,
    ]);
  }

  /** What the adapter answered; undefined: nothing yet. */
  async testAnswer({ query, tenant }: Transaction, id: string): Promise<TestRow | undefined> {
    const rows = await query<TestRow>(
      'SELECT ok, detail FROM channel.account_test WHERE tenant = $1 AND id = $2 AND answered_at IS NOT NULL',
      [tenant, id],
    );
    return rows[0];
  }

  async forgetTest({ query, tenant }: Transaction, id: string): Promise<void> {
    await query('DELETE FROM channel.account_test WHERE tenant = $1 AND id = $2', [tenant, id]);
  }

  private select(transaction: Transaction, { channel, vendor, id }: AccountKey, lock: string): Promise<AccountRow[]> {
    return transaction.query<AccountRow>(
      `${SELECT} WHERE a.tenant = $1 AND a.channel = $2 AND a.vendor = $3 AND a.id = $4 ${lock}`,
      [transaction.tenant, channel, vendor, id],
    );
  }
}

const valuesOf = (
  { tenant }: Transaction,
  { channel, vendor, id, brand, enabled, settings, secrets }: AccountWrite,
): unknown[] => [tenant, channel, vendor, id, brand, enabled, JSON.stringify(settings), secrets];
