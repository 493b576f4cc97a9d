import { Ajv, type ErrorObject } from 'ajv';
import type { FieldError } from '../api/problem.js';

export type Settings = Readonly<Record<string, unknown>>;

/** JSON Schema of settings, or of anything else that clients send; `errorMessage` of a property says what is expected of it. */
export interface FieldSchema {
  readonly properties?: Readonly<
    Record<string, { readonly errorMessage?: string; readonly [keyword: string]: unknown }>
  >;
}

/** What a format such as `url` means is left to the adapter, which tells of it in the account's problems. */
const AS_ADAPTERS_WRITE = { allErrors: true, strict: false, validateFormats: false, keywords: ['errorMessage'] };

/** Everything that is wrong, one sentence for each field. */
export function problemsOf(schema: FieldSchema, fields: Settings): FieldError[] {
  // compiled anew each time: accounts are written rarely, and a definition may change while we run
  const check = new Ajv(AS_ADAPTERS_WRITE).compile(schema);
  if (check(fields)) return [];
  const found = (check.errors ?? []).map((error) => fieldError(schema, error));
  return found.filter(({ field }, at) => found.findIndex((other) => other.field === field) === at);
}

function fieldError(
  schema: FieldSchema,
  { instancePath, keyword, params, message = 'is wrong' }: ErrorObject,
): FieldError {
  const { missingProperty, additionalProperty } = params as { missingProperty?: string; additionalProperty?: string };
  const path = instancePath.split('/').slice(1);
  const [name, ...inside] = [...path, ...[missingProperty ?? additionalProperty ?? []].flat()] as [string, ...string[]];
  const field = [name, ...inside].join('.');
  if (keyword === 'additionalProperties') {
    if (path.length > 0) return { field, detail: 'unknown' };
    return {
      field,
      detail: `unknown, expected some of ${Object.keys(schema.properties ?? {})
        .sort()
        .join(', ')}`,
    };
  }
  const expected = schema.properties?.[name]?.errorMessage;
  // of a list and its items the property speaks; parts of an object have sentences of their own
  if (expected !== undefined && inside.every((part) => /^\d+$/.test(part))) {
    return { field, detail: expected.startsWith(`${name} `) ? expected.slice(name.length + 1) : expected };
  }
  return { field, detail: keyword === 'required' ? 'must be set' : message };
}

/** What an account has after a change: what is not named stays, null takes away. */
export function merged(before: Settings, change: Settings): Settings {
  return Object.fromEntries(Object.entries({ ...before, ...change }).filter(([, value]) => value !== null));
}

/** Names of the settings that differ. */
export function changedFields(before: Settings, after: Settings): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name])).sort();
}

/** The settings that may be shown, and those that may not. */
export function parted(settings: Settings, secretNames: readonly string[]): { open: Settings; secret: Settings } {
  const entries = Object.entries(settings);
  const isSecret = ([name]: [string, unknown]): boolean => secretNames.includes(name);
  return {
    open: Object.fromEntries(entries.filter((entry) => !isSecret(entry))),
    secret: Object.fromEntries(entries.filter(isSecret)),
  };
}
