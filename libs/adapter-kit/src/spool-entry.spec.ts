import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { encodeEntry, entryAt, type SpoolEntry } from './spool-entry.js';

const bytes = fc.uint8Array({ maxLength: 60 }).map((array) => Buffer.from(array));
const part = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 30 }), bytes);
const headers = fc.dictionary(
  fc.string({ maxLength: 8 }).map((name) => `h-${name}`),
  fc.oneof(part, fc.array(part, { minLength: 1, maxLength: 3 })),
  { maxKeys: 4, noNullPrototype: true },
);
const record = fc.record(
  { topic: fc.string(), key: fc.option(part), value: fc.option(part), headers, timestamp: fc.nat() },
  { requiredKeys: ['topic', 'key', 'value'] },
);
const entry: fc.Arbitrary<SpoolEntry> = fc.array(record, { maxLength: 4 });

describe('a spooled entry', () => {
  it('is read as it was written, one after the other', () => {
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 4 }), (entries) => {
        const file = Buffer.concat(entries.map(encodeEntry));
        const found: SpoolEntry[] = [];
        let end = 0;
        for (let next = entryAt(file, 0); next; next = entryAt(file, end)) {
          found.push(next.entry);
          end = next.end;
        }
        expect(found).toEqual(entries);
        expect(end).toBe(file.length);
      }),
    );
  });

  it('counts only when it is whole and unchanged', () => {
    const whole = encodeEntry([{ topic: 't', key: 'k', value: Buffer.from('body') }]);
    for (let length = 0; length < whole.length; length++) expect(entryAt(whole.subarray(0, length), 0)).toBeUndefined();
    for (let at = 0; at < whole.length; at++) {
      const changed = Buffer.from(whole);
      changed[at]! ^= 0x10;
      expect({ at, found: entryAt(changed, 0) }).toEqual({ at, found: undefined });
    }
    // space that a file system gave and a dead process never filled
    expect(entryAt(Buffer.alloc(64), 0)).toBeUndefined();
  });
});
