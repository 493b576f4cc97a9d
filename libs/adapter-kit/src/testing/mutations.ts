/** What does not belong where it is put. */
export const JUNK: readonly unknown[] = [null, [], {}, 0, '', 'x', true, [null]];

/** Values that readers stumble over: numbers at their limits, text that breaks encodings, names that objects have already, depth. */
const NASTY: readonly unknown[] = [
  ...JUNK,
  -1,
  1.5,
  1e308,
  2 ** 53 + 2,
  -0,
  '9'.repeat(400),
  'NaN',
  '__proto__',
  'constructor',
  '\ud800',
  '\u0000',
  '2026-13-45T99:99:99Z',
  '+84'.repeat(50),
  'ê'.repeat(5_000),
  { __proto__: null, constructor: 1, toString: 1, length: -1 },
  JSON.parse('['.repeat(500) + ']'.repeat(500)),
];
const PIECES = [
  '\u0000',
  '"',
  '{',
  '[',
  ']',
  '%',
  '%zz',
  '&',
  '=',
  '+',
  '\r\n',
  '\r\n\r\n',
  '--',
  '\\u',
  '\\ud800',
  '😀',
  '\ufeff',
];

/** The paths of everything in a JSON value. */
export function pathsOf(value: unknown, path: readonly string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => [[...path, key], ...pathsOf(item, [...path, key])]);
}

export function replaced(value: unknown, [key, ...rest]: readonly string[], junk: unknown): unknown {
  if (key === undefined) return junk;
  if (Array.isArray(value))
    return value.map((item: unknown, at): unknown => (String(at) === key ? replaced(item, rest, junk) : item));
  const fields = value as Record<string, unknown>;
  return { ...fields, [key]: replaced(fields[key], rest, junk) };
}

/** Chance that can be repeated: the same seed throws the same (mulberry32). */
export class Dice {
  constructor(private state: number) {}

  /** An integer from 0 to one less than this. */
  below(limit: number): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * limit);
  }

  pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)]!;
  }
}

/** The body with one to three changes: of its values where it is JSON, of its fields where it is a form, else of its bytes. */
export function mutated(body: Buffer, dice: Dice): Buffer {
  let changed = body;
  for (let left = 1 + dice.below(3); left > 0; left -= 1) changed = dice.pick(MUTATORS)(changed, dice);
  return changed;
}

type Mutator = (body: Buffer, dice: Dice) => Buffer;

const spliced = (body: Buffer, at: number, cut: number, put: Uint8Array): Buffer =>
  Buffer.concat([body.subarray(0, at), put, body.subarray(at + cut)]);

const flip: Mutator = (body, dice) => {
  if (body.length === 0) return body;
  const changed = Buffer.from(body);
  changed[dice.below(body.length)]! ^= 1 << dice.below(8);
  return changed;
};
const cut: Mutator = (body, dice) => spliced(body, dice.below(body.length + 1), 1 + dice.below(40), Buffer.alloc(0));
const put: Mutator = (body, dice) =>
  spliced(body, dice.below(body.length + 1), dice.below(3), Buffer.from(dice.pick(PIECES)));
const noise: Mutator = (body, dice) =>
  spliced(body, dice.below(body.length + 1), 0, Buffer.from(Array.from({ length: 8 }, () => dice.below(256))));
const truncate: Mutator = (body, dice) => body.subarray(0, dice.below(body.length + 1));
const repeat: Mutator = (body, dice) => {
  const from = dice.below(body.length + 1);
  return spliced(body, from, 0, body.subarray(from, from + dice.below(200)));
};

const value: Mutator = (body, dice) => {
  let root: unknown;
  try {
    root = JSON.parse(body.toString());
  } catch {
    return field(body, dice);
  }
  const paths = pathsOf(root);
  return Buffer.from(JSON.stringify(replaced(root, paths.length > 0 ? dice.pick(paths) : [], dice.pick(NASTY))));
};

const field: Mutator = (body, dice) => {
  const fields = body.toString('latin1').split('&');
  const at = dice.below(fields.length);
  const [name = ''] = fields[at]!.split('=');
  const nasty = encodeURIComponent(
    String(dice.pick(NASTY.filter((each) => typeof each !== 'object'))).replace(/[\ud800-\udfff]/g, ''),
  );
  fields.splice(at, 1, ...dice.pick([[], [name], [`${name}=${nasty}`], [fields[at]!, fields[at]!], [`${name}[]=1`]]));
  return Buffer.from(fields.join('&'), 'latin1');
};

// what is read further changes most in its values
const MUTATORS: readonly Mutator[] = [flip, cut, put, noise, truncate, repeat, value, value, value, value];
