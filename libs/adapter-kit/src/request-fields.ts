import { isAscii } from 'node:buffer';
import { MalformedPayload } from '@lienmach/contracts';
import type { DoorRequest } from './channel.js';
import { isObject, type Json } from './json-values.js';
import { parseLosslessJson } from './lossless-json.js';

export type Fields = Json;

/** Vendors send some thirty. */
const MOST = 500;
const forms = new WeakMap<DoorRequest, readonly Parameter[]>();
const read = new WeakMap<DoorRequest, Fields>();

export type Parameter = readonly [name: string, value: string];

/** The parameters of a form, or of a GET its query, in order. */
export function parametersOf(request: DoorRequest): Iterable<Parameter> {
  if (request.method === 'GET') return request.query;
  let form = forms.get(request);
  if (!form) forms.set(request, (form = parseForm(request.body)));
  return form;
}

/** What URLSearchParams would read, in half the time. */
export function parseForm(body: Buffer): Parameter[] {
  const form: Parameter[] = [];
  for (const pair of body.toString(isAscii(body) ? 'latin1' : 'utf8').split('&')) {
    if (pair === '') continue;
    const at = pair.indexOf('=');
    form.push(at < 0 ? [decoded(pair), ''] : [decoded(pair.slice(0, at)), decoded(pair.slice(at + 1))]);
  }
  return form;
}

function decoded(text: string): string {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text;
  if (!spaced.includes('%')) return spaced;
  try {
    return decodeURIComponent(spaced);
  } catch {
    // what is no UTF-8 becomes U+FFFD
    return new URLSearchParams(`x=${text}`).get('x') ?? '';
  }
}

export const isJson = ({ method, headers }: DoorRequest): boolean =>
  method === 'POST' && /^\s*application\/json\b/i.test(headers['content-type'] ?? '');

/**
 * The fields of a query, a form or one JSON object; of repeated names the first. Read once for the proof and for what the request says.
 * @throws MalformedPayload for anything else
 */
export function fieldsOf(request: DoorRequest): Fields {
  let fields = read.get(request);
  if (!fields) read.set(request, (fields = isJson(request) ? jsonFields(request.body) : formFields(request)));
  return fields;
}

function jsonFields(body: Buffer): Fields {
  const value = parseLosslessJson(body);
  if (!isObject(value)) throw new MalformedPayload('the body must be one JSON object');
  return value;
}

function formFields(request: DoorRequest): Fields {
  // without a prototype: names come from outside
  const fields = Object.create(null) as Record<string, string>;
  let count = 0;
  for (const [name, value] of parametersOf(request)) {
    if (name in fields) continue;
    fields[name] = value;
    if (++count > MOST) throw new MalformedPayload(`more than ${MOST} fields`);
  }
  return fields;
}

/** Text that is not empty; numbers as they are written. */
export function textOf(fields: Fields, name: string): string | null {
  const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : null;
}

/** The same, where the vendor never leaves it out. */
export function requiredText(fields: Fields, name: string): string {
  const value = textOf(fields, name);
  if (value === null) throw new MalformedPayload(`${name} is missing`);
  return value;
}

/** What none of the names holds and is not empty: vendors add fields without notice. */
export function restOf(fields: Fields, names: ReadonlySet<string>): Record<string, unknown> {
  const rest: Record<string, unknown> = {};
  for (const name of Object.keys(fields)) {
    const value = fields[name];
    if (value !== '' && value !== null && name !== '__proto__' && !names.has(name)) rest[name] = value;
  }
  return rest;
}
