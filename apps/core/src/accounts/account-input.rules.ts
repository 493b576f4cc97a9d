import { Problem } from '../api/problem.js';
import { problemsOf, type FieldSchema, type Settings } from './account-settings.rules.js';

/** The one global key. */
export interface AccountKey {
  readonly channel: string;
  readonly vendor: string;
  readonly id: string;
}

export interface AccountChange {
  /** Undefined: stays. */
  readonly brand?: string | null;
  readonly enabled?: boolean;
  /** As sent: null takes away. */
  readonly settings: Settings;
}

export interface NewAccount extends AccountChange, Omit<AccountKey, 'vendor'> {
  /** Undefined: the channel's only one. */
  readonly vendor?: string;
}

const NAME = { type: 'string', minLength: 1, maxLength: 64 };
const CHANGEABLE = {
  brand: {
    type: ['string', 'null'],
    minLength: 1,
    maxLength: 100,
    errorMessage: 'must be a name, or null: the tenant’s',
  },
  enabled: { type: 'boolean', errorMessage: 'must be true or false' },
  settings: { type: 'object', errorMessage: 'must be an object of settings' },
};
const CHANGE = { type: 'object', properties: CHANGEABLE } as FieldSchema;
const NEW = {
  type: 'object',
  properties: {
    ...CHANGEABLE,
    channel: { ...NAME, errorMessage: 'must be the name of a channel' },
    vendor: { ...NAME, errorMessage: 'must be the name of a vendor of the channel' },
    id: {
      type: 'string',
      maxLength: 320,
      pattern: '^[^\\s\\p{C}]([^\\p{C}]*[^\\s\\p{C}])?$',
      errorMessage: 'must be the id that the vendor knows the account by, as text without spaces around it',
    },
  },
  required: ['channel', 'id'],
} as FieldSchema;

/** @throws Problem 422 */
export function readNewAccount(body: unknown): NewAccount {
  const { channel, vendor, id, ...change } = fieldsOf(body, NEW) as unknown as NewAccount;
  return { channel, vendor, id, ...readSettings(change) };
}

/**
 * @param key of the account, which the body may repeat
 * @throws Problem 422
 */
export function readAccountChange(body: unknown, key: AccountKey): AccountChange {
  const { channel, vendor, id, ...change } = fieldsOf(body, CHANGE);
  const moved = Object.entries({ channel, vendor, id }).filter(
    ([name, value]) => value !== undefined && value !== key[name as keyof AccountKey],
  );
  if (moved.length > 0) throw Problem.invalid(moved.map(([field]) => ({ field, detail: 'cannot be changed' })));
  return readSettings(change);
}

function fieldsOf(body: unknown, schema: FieldSchema): Settings {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw Problem.invalid([{ field: 'body', detail: 'must be a JSON object' }]);
  }
  const problems = problemsOf(schema, body as Settings);
  if (problems.length > 0) throw Problem.invalid(problems);
  return body as Settings;
}

/** Settings stand beside the account's own fields, as in ACCOUNTS_FILE, or in `settings`, as the API shows them. */
function readSettings(change: Settings): AccountChange {
  const { brand, enabled, settings = {}, ...beside } = change as Partial<AccountChange>;
  const twice = Object.keys(beside).filter((name) => name in settings);
  if (twice.length > 0) throw Problem.invalid(twice.map((field) => ({ field, detail: 'stands in `settings` too' })));
  return { brand, enabled, settings: { ...settings, ...beside } };
}
