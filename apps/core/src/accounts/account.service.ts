import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AccountSecrets } from '@lienmach/accounts';
import type { Access } from '../access/access.js';
import { decodeCursor, encodeCursor, page, type PartCheck } from '../api/cursor.js';
import type { PageQuery } from '../api/page.dto.js';
import { Problem } from '../api/problem.js';
import { CoreSettings } from '../core.config.js';
import { TenantDatabase, type Transaction } from '../database/tenant-database.js';
import { readAccountChange, readNewAccount, type AccountKey, type NewAccount } from './account-input.rules.js';
import { changedFields, merged, parted, problemsOf, type Settings } from './account-settings.rules.js';
import type { AccountDto, AccountsDto, AccountWithChangesDto, TokenStateDto } from './account.dto.js';
import { AccountRepository, type AccountRow, type DefinitionRow, type TokenRow } from './account.repository.js';
import { hasPathSecret, PATH_SECRET, webhookAddresses } from './webhook-address.rules.js';

const MOST_CHANGES = 50;
const isName: PartCheck = (part) => typeof part === 'string';

@Injectable()
export class AccountService {
  private readonly secrets: AccountSecrets;

  constructor(
    private readonly database: TenantDatabase,
    private readonly accounts: AccountRepository,
    { secretsKey }: CoreSettings,
  ) {
    this.secrets = new AccountSecrets(secretsKey);
  }

  list(access: Access, { cursor, limit }: PageQuery): Promise<AccountsDto> {
    const parts = decodeCursor('accounts', cursor, [isName, isName, isName]) as [string, string, string] | undefined;
    const after = parts && { channel: parts[0], vendor: parts[1], id: parts[2] };
    return this.database.read(access.tenant, async (transaction) => {
      const rows = await this.accounts.list(transaction, after, limit + 1);
      const { items, next } = page(rows, limit, (last) => encodeCursor('accounts', last.channel, last.vendor, last.id));
      return { items: items.map((row) => this.shape(row, access)), next };
    });
  }

  get(access: Access, key: AccountKey): Promise<AccountWithChangesDto> {
    return this.database.read(access.tenant, (transaction) => this.present(transaction, access, key));
  }

  create(access: Access, body: unknown): Promise<AccountWithChangesDto> {
    const wanted = readNewAccount(body);
    return this.database.write(access.tenant, async (transaction) => {
      const definition = await this.definitionOf(transaction, wanted);
      const { brand = null, enabled = true } = wanted;
      const key = { channel: wanted.channel, vendor: definition.vendor, id: wanted.id };
      const settings = checked(definition, merged({}, wanted.settings));
      const { open, secret } = parted(settings, definition.secretNames);
      const secrets = this.secrets.seal(key, secret);
      if (!(await this.accounts.insert(transaction, { ...key, brand, enabled, settings: open, secrets }))) {
        const own = await this.accounts.find(transaction, key);
        throw Problem.conflict(own ? 'The account is there already: change it by PATCH' : 'The account is taken', {});
      }
      const fields = ['brand', 'enabled', ...Object.keys(settings)];
      await this.accounts.record(transaction, key, { actor: access.actor, kind: 'created', fields });
      return this.present(transaction, access, key);
    });
  }

  change(access: Access, key: AccountKey, body: unknown): Promise<AccountWithChangesDto> {
    const wanted = readAccountChange(body, key);
    return this.database.write(access.tenant, async (transaction) => {
      const row = await this.accounts.findToChange(transaction, key);
      if (!row) throw notFound();
      const before = { ...row.settings, ...this.secrets.open(key, row.secrets) };
      const { brand = row.brand, enabled = row.enabled } = wanted;
      let settings: Settings = before;
      let stored = { settings: row.settings, secrets: row.secrets };
      if (changedFields(before, merged(before, wanted.settings)).length > 0) {
        const definition = await this.definitionOf(transaction, key);
        settings = checked(definition, merged(before, wanted.settings));
        const { open, secret } = parted(settings, definition.secretNames);
        stored = { settings: open, secrets: this.secrets.seal(key, secret) };
      }
      const fields = [
        ...changedFields({ brand: row.brand, enabled: row.enabled }, { brand, enabled }),
        ...changedFields(before, settings),
      ];
      if (fields.length > 0) {
        await this.accounts.update(transaction, { ...key, brand, enabled, ...stored });
        await this.accounts.record(transaction, key, { actor: access.actor, kind: 'changed', fields });
      }
      return this.present(transaction, access, key);
    });
  }

  /** What the adapter told of that kind of account. */
  private async definitionOf(
    transaction: Transaction,
    { channel, vendor }: Pick<NewAccount, 'channel' | 'vendor'>,
  ): Promise<DefinitionRow> {
    const definitions = await this.accounts.definitions(transaction, channel);
    if (definitions.length === 0) {
      const known = (await this.accounts.channels(transaction)).join(', ');
      const detail = `no adapter of that channel has ever run here, expected one of ${known || 'none yet'}`;
      throw Problem.invalid([{ field: 'channel', detail }]);
    }
    const found = definitions.find((each) => each.vendor === (vendor ?? channel));
    if (found) return found;
    const known = definitions.map((each) => each.vendor).join(', ');
    const detail = `${vendor === undefined ? 'missing' : 'unknown'}, expected one of ${known}`;
    throw Problem.invalid([{ field: 'vendor', detail }]);
  }

  private async present(transaction: Transaction, access: Access, key: AccountKey): Promise<AccountWithChangesDto> {
    const row = await this.accounts.find(transaction, key);
    if (!row) throw notFound();
    const changes = await this.accounts.changes(transaction, key, MOST_CHANGES);
    return {
      ...this.shape(row, access),
      changes: changes.map(({ at, ...rest }) => ({ at: at.toISOString(), ...rest })),
    };
  }

  private shape(row: AccountRow, { role }: Access): AccountDto {
    const { channel, vendor, id, brand, enabled, settings, ownNumbers, problems, publicUrl, token, pause } = row;
    const secret = this.secrets.open(row, row.secrets);
    const names = [...new Set([...(row.secretNames ?? []), ...Object.keys(secret)])];
    return {
      channel,
      vendor,
      id,
      brand,
      enabled,
      settings,
      secrets: Object.fromEntries(names.map((name) => [name, name in secret ? 'set' : 'unset'])),
      webhooks: webhookAddresses({ doors: row.doors ?? [], publicUrl }, { id, secret }, role === 'admin'),
      ownNumbers,
      problems,
      token: token && tokenState(token, role === 'admin'),
      pause: pause && { reason: pause.reason, until: new Date(pause.until).toISOString() },
    };
  }
}

/** @param showLink the address of the consent is for whoever may connect accounts */
function tokenState({ expiresAt, renewedAt, refused, connectUrl }: TokenRow, showLink: boolean): TokenStateDto {
  return {
    expiresAt: isoTime(expiresAt),
    renewedAt: isoTime(renewedAt),
    reconnect: refused === null ? null : { reason: refused, url: showLink ? connectUrl : null },
  };
}

const isoTime = (time: string | null): string | null => (time === null ? null : new Date(time).toISOString());

/** @throws Problem 422 */
function checked({ settingsSchema, doors }: DefinitionRow, given: Settings): Settings {
  const settings =
    hasPathSecret(doors) && given[PATH_SECRET] === undefined
      ? { ...given, [PATH_SECRET]: randomBytes(24).toString('base64url') }
      : given;
  const problems = problemsOf(settingsSchema, settings);
  if (problems.length > 0) throw Problem.invalid(problems);
  return settings;
}

const notFound = (): Problem => Problem.notFound('There is no such account');
