import { cleanText, decodeText } from './charset.js';
import { decodeQ } from './transfer-encoding.js';

const WORD = /=\?([^?\s]{1,60})\?([QB])\?([^?]*)\?=/gi;

/**
 * A header's text: encoded words (RFC 2047) decoded, raw bytes by the rule of `decodeText`. Bytes of neighbouring words are joined before they are decoded,
 * because programs split them in the middle of a character.
 * @param raw one character for each byte
 */
export function headerText(raw: string): string {
  let text = '';
  let end = 0;
  let pending: { charset: string; bytes: Buffer[] } | undefined;
  const flush = (): void => {
    if (pending) text += decodeText(Buffer.concat(pending.bytes), pending.charset).text;
    pending = undefined;
  };
  for (const match of raw.matchAll(WORD)) {
    const between = raw.slice(end, match.index);
    const charset = match[1]!.replace(/\*.*$/, '').toLowerCase();
    if (between.trim() !== '' || end === 0) {
      flush();
      text += plain(between);
    } else if (pending && pending.charset !== charset) flush();
    const bytes = /b/i.test(match[2]!) ? Buffer.from(match[3]!, 'base64') : decodeQ(match[3]!);
    pending ??= { charset, bytes: [] };
    pending.bytes.push(bytes);
    end = match.index + match[0].length;
  }
  flush();
  return cleanText(text + plain(raw.slice(end)))
    .replace(/\s+/g, ' ')
    .trim();
}

const plain = (raw: string): string => (raw === '' ? '' : decodeText(Buffer.from(raw, 'latin1')).text);

/** A structured header: its value and parameters, names in lower case. */
export interface HeaderValue {
  readonly value: string;
  readonly params: ReadonlyMap<string, string>;
}

interface Piece {
  readonly index: number;
  readonly encoded: boolean;
  readonly text: string;
}

/** Reads Content-Type and Content-Disposition, parameters in pieces and with a charset (RFC 2231) too. */
export function headerValue(raw: string): HeaderValue {
  const [first = '', ...rest] = splitParameters(raw);
  const pieces = new Map<string, Piece[]>();
  const params = new Map<string, string>();
  for (const part of rest) {
    const equals = part.indexOf('=');
    if (equals < 1) continue;
    const name = part.slice(0, equals).trim().toLowerCase();
    const text = unquoted(part.slice(equals + 1).trim());
    const extended = /^(.+?)(?:\*(\d{1,3}))?(\*)?$/.exec(name);
    if (!extended || (extended[2] === undefined && !extended[3])) {
      if (!params.has(name)) params.set(name, headerText(text));
      continue;
    }
    const [, base = name, index = '0', star] = extended;
    const known = pieces.get(base) ?? [];
    pieces.set(base, known);
    known.push({ index: Number(index), encoded: star === '*', text });
  }
  // the extended form wins over the plain one beside it, which is there for old programs
  for (const [name, found] of pieces) params.set(name, joined(found));
  return { value: first.trim().toLowerCase(), params };
}

function joined(pieces: readonly Piece[]): string {
  const sorted = [...pieces].sort((a, b) => a.index - b.index);
  const [first] = sorted;
  const label = first?.encoded ? /^([^']*)'[^']*'/.exec(first.text) : null;
  const bytes = sorted.map(({ encoded, text }, at) => {
    const rest = at === 0 && label ? text.slice(label[0].length) : text;
    return encoded ? percentDecoded(rest) : Buffer.from(rest, 'latin1');
  });
  return decodeText(Buffer.concat(bytes), label?.[1] || null).text;
}

const percentDecoded = (text: string): Buffer =>
  Buffer.from(
    text.replace(/%([0-9a-f]{2})/gi, (_all, hex: string) => String.fromCharCode(parseInt(hex, 16))),
    'latin1',
  );

function splitParameters(raw: string): string[] {
  const parts: string[] = [];
  let quoted = false;
  let start = 0;
  for (let at = 0; at < raw.length; at++) {
    const char = raw[at];
    if (char === '\\' && quoted) at++;
    else if (char === '"') quoted = !quoted;
    else if (char === ';' && !quoted) {
      parts.push(raw.slice(start, at));
      start = at + 1;
    }
  }
  parts.push(raw.slice(start));
  return parts;
}

function unquoted(text: string): string {
  const match = /^"(.*)"?$/s.exec(text);
  if (!match) return text;
  return match[1]!.replace(/"$/, '').replace(/\\(.)/gs, '$1');
}
