import { MalformedPayload, type ChannelEvent } from '@lienmach/contracts';

/** Escapes that JSON allows and PostgreSQL's text does not: NUL, and halves of surrogate pairs. */
const SUSPECT = /\\u(?:0000|[dD][89a-fA-F])/;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Bytes of a record → event and the JSON text to store. Characters that the database cannot hold become U+FFFD, in text and event alike.
 * @throws MalformedPayload
 */
export function decode<T = ChannelEvent>(value: Buffer | null): { event: T; text: string } {
  if (!value) throw new MalformedPayload('a history topic carries no null values');
  let text: string;
  try {
    text = utf8.decode(value);
  } catch (error) {
    throw new MalformedPayload('the value is not UTF-8', { cause: error });
  }
  try {
    if (!SUSPECT.test(text)) return { event: JSON.parse(text) as T, text };
    const event = storable(JSON.parse(text)) as T;
    return { event, text: JSON.stringify(event) };
  } catch (error) {
    throw new MalformedPayload('the value is not JSON', { cause: error });
  }
}

function storable(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll('\0', '\uFFFD').replace(LONE_SURROGATE, '\uFFFD');
  if (Array.isArray(value)) return value.map(storable);
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [storable(key), storable(inner)]));
  }
  return value;
}

const LONE_SURROGATE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;
