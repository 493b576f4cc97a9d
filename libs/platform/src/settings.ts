import 'reflect-metadata';
import { getMetadataStorage, validateSync, ValidateBy } from 'class-validator';

/** Settings that are missing or unusable. The operator must correct them; the process does not start. */
export class InvalidConfiguration extends Error {
  readonly code = 'invalid-configuration';
  readonly retriable = false;

  readonly problems: readonly string[];

  /** @param problems one sentence each, without the value: it may be a secret */
  constructor(problems: string | readonly string[]) {
    const list = typeof problems === 'string' ? [problems] : problems;
    super(list.join('\n'));
    this.problems = list;
    this.name = 'InvalidConfiguration';
  }
}

const DESCRIPTIONS = new WeakMap<object, Map<string, string>>();

/**
 * Says what a setting is, so that a wrong one is answered by a sentence that tells what to do:
 * `KAFKA_BROKERS is missing: expected host:port, several separated by commas.`
 * Every property of a settings class needs it beside its class-validator decorators.
 */
export function Setting(expected: string): PropertyDecorator {
  return (prototype, property) => {
    const own = DESCRIPTIONS.get(prototype) ?? new Map<string, string>();
    DESCRIPTIONS.set(prototype, own.set(String(property), expected));
  };
}

/** Validator of a Buffer of so many bytes, which the environment gives in base64. */
export function IsBytes(length: number): PropertyDecorator {
  return ValidateBy({
    name: 'isBytes',
    validator: { validate: (value: unknown) => Buffer.isBuffer(value) && value.length === length },
  });
}

/** `databaseUrl` → `DATABASE_URL`. */
export function environmentName(property: string): string {
  return property.replace(/[A-Z]/g, '_$&').toUpperCase();
}

function expectedOf(prototype: object, property: string): string | undefined {
  for (let at: object | null = prototype; at; at = Object.getPrototypeOf(at) as object | null) {
    const found = DESCRIPTIONS.get(at)?.get(property);
    if (found) return found;
  }
  return undefined;
}

/** The text of the environment as the property's declared type; what does not fit stays as it is, for the validator to refuse. */
function convert(text: string, type: unknown): unknown {
  switch (type) {
    case Number:
      return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
    case Boolean:
      return /^(true|1|yes|on)$/i.test(text) ? true : /^(false|0|no|off)$/i.test(text) ? false : text;
    case Array:
      return text
        .split(',')
        .map((part) => part.trim())
        .filter(Boolean);
    case Buffer:
      return Buffer.from(text, 'base64');
    default:
      return text;
  }
}

/**
 * Reads a settings class from the environment and checks it once.
 * A property `kafkaBrokers` is read from `KAFKA_BROKERS`; its declared type (string, number, boolean, string[], Buffer) decides how; an empty
 * variable counts as not set; the initial value is the default.
 * @param names other variables for some properties: `{ port: 'FACEBOOK_PORT' }`
 * @throws InvalidConfiguration with one sentence per wrong setting
 */
export function loadSettings<T extends object>(
  type: new () => T,
  env: Readonly<Record<string, string | undefined>> = process.env,
  names: Partial<Record<keyof T & string, string>> = {},
): Readonly<T> {
  const settings = new type();
  const prototype = type.prototype as object;
  const rules = getMetadataStorage().getTargetValidationMetadatas(type, '', true, false);
  const nameOf = (property: string) => (names as Record<string, string>)[property] ?? environmentName(property);
  for (const property of new Set(rules.map(({ propertyName }) => propertyName))) {
    const text = env[nameOf(property)]?.trim();
    if (!text) continue;
    Reflect.set(settings, property, convert(text, Reflect.getMetadata('design:type', prototype, property)));
  }
  const problems = validateSync(settings, { forbidUnknownValues: false }).map(({ property, value }) => {
    const missing = value === undefined || value === null;
    return `${nameOf(property)} is ${missing ? 'missing' : 'not usable'}: expected ${expectedOf(prototype, property) ?? 'another value'}.`;
  });
  if (problems.length > 0) throw new InvalidConfiguration(problems);
  return Object.freeze(settings);
}
