import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { pageIdsIn } from './page-ids.payload.js';

const idsIn = (text: string): string[] => pageIdsIn(Buffer.from(text));

describe('pageIdsIn', () => {
  it.each([
    ['{"object":"page","entry":[{"id":"123","time":1}]}', ['123']],
    ['{"object":"page","entry":[{"time":1,"id":123}]}', ['123']],
    ['{ "entry" : [ {\n\t"id" : "123" } , { "id"\r\n:\n456 } ] }', ['123', '456']],
    ['{"entry":[{"id":90071992547409931234}]}', ['90071992547409931234']],
    [
      '{"entry":[{"messaging":[{"sender":{"id":"1"},"recipient":{"id":"123"}}],"id":"123"},{"id":"456"}]}',
      ['123', '456', '1'],
    ],
    ['{"entry":[{"id":"123","messaging":[{"sender":{"id":"1"}}]}]}', ['123', '1']],
    ['{"entry":[{"changes":[{"value":{"from":{"name":"x","id":"7"}}}],"id":"123"}]}', ['7', '123']],
  ])('finds in %s', (text, ids) => {
    expect(idsIn(text)).toEqual(ids);
  });

  it.each([
    '',
    '{',
    '"id"',
    '"id":',
    '"id":"',
    '{"id":""}',
    '{"id":"12',
    '{"id":"abc"}',
    '{"id":"12a"}',
    '{"id":null}',
    `{"id":"${'1'.repeat(33)}"}`,
    '{"mid":"123","psid":"123"}',
    '{"text":"\\"id\\":\\"999\\""}',
  ])('finds nothing in %s', (text) => {
    expect(idsIn(text)).toEqual([]);
  });

  it('misses no entry, whatever stands in texts and names around it', () => {
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('"id":"9"', '\\', '{"id":"9"}', '"', '\\"id\\":\\"9\\"'),
    );
    const entry = fc.record({
      time: fc.nat(),
      id: fc.bigInt({ min: 1n, max: 10n ** 20n }).map(String),
      messaging: fc.array(
        fc.record({ sender: fc.record({ id: fc.nat().map(String) }), message: fc.record({ text: texts }) }),
        { maxLength: 3 },
      ),
      [String('extra')]: texts,
    });
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 5 }), fc.constantFrom(undefined, 2), (entries, indent) => {
        const found = idsIn(JSON.stringify({ object: 'page', entry: entries }, null, indent));
        expect(found).toEqual(expect.arrayContaining(entries.map(({ id }) => id)));
      }),
    );
  });

  it('names entries before the many people of a large batch', () => {
    const messaging = Array.from({ length: 1000 }, (_, index) => ({
      sender: { id: String(5000 + index) },
      recipient: { id: '123' },
    }));
    const ids = idsIn(
      JSON.stringify({
        entry: [
          { messaging, id: '123' },
          { messaging, id: '456' },
        ],
      }),
    );
    expect(ids.slice(0, 2)).toEqual(['123', '456']);
  });

  it('stays quick over a body that was made to hold it up', () => {
    const started = process.cpuUsage();
    pageIdsIn(Buffer.from('"id":"1",'.repeat(116_000)));
    pageIdsIn(Buffer.from(`"id"${' '.repeat(1_000_000)}`.repeat(1)));
    pageIdsIn(Buffer.from('"id" '.repeat(200_000)));
    expect(process.cpuUsage(started).user).toBeLessThan(500_000);
  });
});
