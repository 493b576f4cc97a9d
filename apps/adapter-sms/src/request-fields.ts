import { MalformedPayload } from '@lienmach/contracts';
import { parseLosslessJson, type DoorRequest } from '@lienmach/adapter-kit';

export type Fields = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Vendors send some thirty. */
const MOST = 500;
const forms = new WeakMap<DoorRequest, URLSearchParams>();
const read = new WeakMap<DoorRequest, Fields>();

/** The parameters of a form, or of a GET its query. */
export function parametersOf(request: DoorRequest): URLSearchParams {
  if (request.method === 'GET') return request.query;
  let form = forms.get(request);
  if (!form) forms.set(request, (form = new URLSearchParams(request.body.toString('utf8'))));
  return form;
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
  const fields = new Map<string, string>();
  for (const [name, value] of parametersOf(request)) {
    if (!fields.has(name)) fields.set(name, value);
    if (fields.size > MOST) throw new MalformedPayload(`more than ${MOST} fields`);
  }
  return Object.fromEntries(fields);
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
  return Object.fromEntries(
    Object.entries(fields).filter(([name, value]) => !names.has(name) && value !== '' && value !== null),
  );
}
