const SECRET_KEY =
  /secret|token|passw|authori[sz]ation|signature|cookie|credential|api-?_?key|private-?_?key|signing-?_?key|sasl/i;
const HIDDEN = '[hidden]';
const MAX_DEPTH = 8;

const BEARER = /\b(Bearer|Basic)\s+[A-Za-z0-9+/=._~-]{6,}/g;
const URL_PASSWORD = /(\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@]*):[^\s/@]+@/gi;
const EMAIL = /(?<![\w.+-])([A-Za-z0-9])[A-Za-z0-9._%+-]*@((?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,})/g;
/** Vietnamese notation (0…, 84…, +84…) and any E.164 number; ids and timestamps begin otherwise or are longer. */
const PHONE = /(?<![\w.-])(?:\+\d{1,3}|0084|84|0)(?:[\s.()-]{0,2}\d){7,11}(?![\w-])/g;

/** Text with phone numbers, e-mail addresses, bearer tokens and passwords in URLs made unreadable; the last three digits of a number stay, to tell two apart. */
export function maskText(text: string): string {
  // nothing of the kind is shorter, and most values of a log line are
  if (text.length < 8) return text;
  return text
    .replace(BEARER, '$1 ***')
    .replace(URL_PASSWORD, '$1:***@')
    .replace(EMAIL, '$1***@$2')
    .replace(PHONE, (number) => `***${number.replace(/\D/g, '').slice(-3)}`);
}

/**
 * A copy of a value fit for a log: every string masked as maskText does, every property whose name speaks of a secret hidden, errors as
 * `{name, code, message, stack, cause}`, bytes as their length.
 */
export function mask(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return maskText(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= MAX_DEPTH) return '[deep]';
  if (Buffer.isBuffer(value) || ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (value instanceof Date) return value;
  if (value instanceof Error) return maskError(value, depth);
  if (Array.isArray(value)) return value.map((item) => mask(item, depth + 1));
  if (value instanceof Map || value instanceof Set) return mask([...value], depth);
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, SECRET_KEY.test(key) ? HIDDEN : mask(item, depth + 1)]),
  );
}

function maskError(error: Error, depth: number): Record<string, unknown> {
  const { code } = error as { code?: unknown };
  return {
    name: error.name,
    ...(code === undefined ? {} : { code: mask(code, depth + 1) }),
    message: maskText(error.message),
    stack: maskText(error.stack ?? ''),
    ...(error.cause === undefined ? {} : { cause: mask(error.cause, depth + 1) }),
  };
}
