import { readFileSync } from 'node:fs';
import { CHANNELS } from '@lienmach/contracts';
import { isOrderCodePattern } from '@lienmach/identifiers';
import { InvalidConfiguration } from '@lienmach/platform';
import { parse } from 'yaml';
import type { AccountDefinition, Tenant } from './account.js';
import { openSetting, SEALED_PREFIX } from './secret-box.js';

/** An account as the file has it, references resolved. */
export interface SeedAccount {
  readonly tenant: string;
  readonly channel: string;
  readonly vendor: string;
  readonly id: string;
  readonly brand: string | null;
  readonly enabled: boolean;
  readonly settings: Readonly<Record<string, unknown>>;
}

/** What ACCOUNTS_FILE asks for: every tenant, and the accounts of the channel that was asked about. */
export interface Seed {
  readonly tenants: readonly Tenant[];
  readonly accounts: readonly SeedAccount[];
}

/** What the references in the file may name. */
export interface SeedSources {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly secretsKey: Buffer;
}

const TENANT_ID = /^[a-z0-9][a-z0-9_-]{0,62}$/;
const TENANT_FIELDS = new Set(['id', 'name', 'brand', 'orderCodePattern', 'accounts']);
const REFERENCE = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

type Fields = Record<string, unknown>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Reads ACCOUNTS_FILE (YAML; JSON is YAML). References `${ENV}` and sealed values are resolved for the accounts of the given definitions only, so that a
 * process needs no other channel's secrets.
 * @param definitions of the channel that this process serves; empty: tenants only
 * @throws InvalidConfiguration naming file, tenant, account and field of everything that is wrong
 */
export function loadAccountsFile(path: string, definitions: readonly AccountDefinition[], sources: SeedSources): Seed {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new InvalidConfiguration([`ACCOUNTS_FILE ${path} cannot be read: ${(error as Error).message}.`]);
  }
  return parseAccounts(text, path, definitions, sources);
}

/** The same of the file's text. */
export function parseAccounts(
  text: string,
  file: string,
  definitions: readonly AccountDefinition[],
  sources: SeedSources,
): Seed {
  const problems: string[] = [];
  const reader = new Reader(file, definitions, sources, problems);
  let root: unknown;
  try {
    // ids may exceed 2^53: as numbers they would be rounded
    root = plain(parse(text, { intAsBigInt: true }));
  } catch (error) {
    throw new InvalidConfiguration([`${file}: neither YAML nor JSON: ${(error as Error).message.split('\n')[0]}.`]);
  }
  const seed = reader.read(root);
  if (problems.length > 0) throw new InvalidConfiguration(problems);
  return seed;
}

/** Big integers as strings, the others as numbers. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') {
    return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : String(value);
  }
  if (Array.isArray(value)) return value.map(plain);
  if (isFields(value)) return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
  return value;
}

class Reader {
  private readonly seen = new Map<string, string>();

  constructor(
    private readonly file: string,
    private readonly definitions: readonly AccountDefinition[],
    private readonly sources: SeedSources,
    private readonly problems: string[],
  ) {}

  read(root: unknown): Seed {
    const tenants: Tenant[] = [];
    const accounts: SeedAccount[] = [];
    const list = isFields(root) ? root['tenants'] : undefined;
    if (!Array.isArray(list)) {
      this.problem('', 'expected a list `tenants`');
      return { tenants, accounts };
    }
    list.forEach((entry: unknown, index) => {
      const where = `tenant ${isFields(entry) && typeof entry['id'] === 'string' ? `"${entry['id']}"` : index + 1}`;
      const tenant = this.tenant(entry, where);
      if (!tenant) return;
      if (tenants.some(({ id }) => id === tenant.id)) this.problem(where, 'stands twice');
      tenants.push(tenant);
      const own = (entry as Fields)['accounts'] ?? [];
      if (!Array.isArray(own)) return this.problem(where, 'accounts: expected a list');
      own.forEach((fields: unknown, position) => {
        const account = this.account(fields, tenant.id, `${where}, account ${position + 1}`);
        if (account) accounts.push(account);
      });
    });
    return { tenants, accounts };
  }

  private tenant(entry: unknown, where: string): Tenant | undefined {
    if (!isFields(entry)) return this.problem(where, 'expected fields');
    const { id, name, brand, orderCodePattern } = entry;
    for (const field of Object.keys(entry))
      if (!TENANT_FIELDS.has(field)) this.problem(where, `${field}: unknown field`);
    if (typeof id !== 'string' || !TENANT_ID.test(id)) {
      return this.problem(where, 'id: expected lower-case letters, digits, dashes and underscores, in quotes');
    }
    for (const [field, value] of Object.entries({ name, brand, orderCodePattern })) {
      if (value != null && typeof value !== 'string') this.problem(where, `${field}: expected text`);
    }
    const pattern = typeof orderCodePattern === 'string' ? orderCodePattern : null;
    if (pattern !== null && !isOrderCodePattern(pattern)) {
      this.problem(where, 'orderCodePattern: no regular expression of the syntax of RE2, at most 200 characters');
    }
    return {
      id,
      name: typeof name === 'string' ? name : id,
      brand: typeof brand === 'string' ? brand : id,
      orderCodePattern: pattern,
    };
  }

  private account(fields: unknown, tenant: string, position: string): SeedAccount | undefined {
    if (!isFields(fields)) return this.problem(position, 'expected fields');
    const { channel, vendor, id, brand, enabled, ...settings } = fields;
    const named = [channel, vendor, id].filter((part) => typeof part === 'string' || typeof part === 'number');
    const where = `${position} (${named.join(' ')})`;
    if (typeof channel !== 'string' || !CHANNELS.some(({ name }) => name === channel)) {
      const known = CHANNELS.map(({ name }) => name).join(', ');
      return this.problem(where, `channel: ${channel == null ? 'missing' : 'unknown'}, expected one of ${known}`);
    }
    if (vendor != null && typeof vendor !== 'string') return this.problem(where, 'vendor: expected text');
    if ((typeof id !== 'string' && typeof id !== 'number') || id === '') return this.problem(where, 'id: missing');
    if (brand != null && typeof brand !== 'string') return this.problem(where, 'brand: expected text');
    if (enabled != null && typeof enabled !== 'boolean') return this.problem(where, 'enabled: expected true or false');
    this.once(`${channel} ${vendor ?? channel} ${id}`, where);
    const served = this.definitions.filter((definition) => definition.channel === channel);
    if (served.length === 0) return undefined;
    const definition = served.find((candidate) => candidate.vendor === (vendor ?? channel));
    if (!definition) {
      const known = served.map((candidate) => candidate.vendor).join(', ');
      return this.problem(where, `vendor: ${vendor == null ? 'missing' : 'unknown'}, expected one of ${known}`);
    }
    const before = this.problems.length;
    const resolved = this.resolve(settings, where, '') as Fields;
    // a missing variable has been named already: its empty value needs no second sentence
    if (this.problems.length > before) return undefined;
    for (const problem of definition.validate(resolved)) this.problem(where, problem);
    return {
      tenant,
      channel,
      vendor: definition.vendor,
      id: String(id),
      brand: brand ?? null,
      enabled: enabled ?? true,
      settings: resolved,
    };
  }

  private once(key: string, where: string): void {
    const first = this.seen.get(key);
    if (first) this.problem(where, `the same account as ${first}`);
    else this.seen.set(key, where);
  }

  private resolve(value: unknown, where: string, field: string): unknown {
    if (Array.isArray(value)) return value.map((item, index) => this.resolve(item, where, `${field}[${index}]`));
    if (isFields(value)) {
      return Object.fromEntries(
        Object.entries(value).map(([key, item]) => [key, this.resolve(item, where, field ? `${field}.${key}` : key)]),
      );
    }
    if (typeof value !== 'string') return value;
    if (value.startsWith(SEALED_PREFIX)) {
      try {
        return openSetting(this.sources.secretsKey, value);
      } catch {
        return this.problem(where, `${field}: SECRETS_KEY does not open this sealed value`);
      }
    }
    return value.replace(REFERENCE, (_whole, name: string) => {
      const found = this.sources.env[name];
      if (!found) this.problem(where, `${field}: the environment has no ${name}`);
      return found ?? '';
    });
  }

  private problem(where: string, what: string): undefined {
    this.problems.push(`${this.file}: ${where ? `${where}: ` : ''}${what}.`);
    return undefined;
  }
}
