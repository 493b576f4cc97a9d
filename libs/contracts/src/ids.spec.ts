import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { deterministicId, eventId, eventIdsOf, joinKey, keyedId, keyPart } from './ids.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-([0-9a-f])[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const EVENT = Buffer.from('0f6d2c1e6c2f5b0a9d380a6f1f5f7a01', 'hex');

/** As RFC 9562, section 5.5, says it. */
function uuid(digest: Buffer, version: number): string {
  const bytes = Buffer.from(digest.subarray(0, 16));
  bytes[6] = (bytes[6]! & 0x0f) | (version << 4);
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

const uuid5 = (namespace: Buffer, name: string): string =>
  uuid(createHash('sha1').update(namespace).update(name).digest(), 5);

const part = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 40 }), fc.string({ maxLength: 40 }));

describe('keyPart', () => {
  it('is percent-encoding, whatever the part', () => {
    fc.assert(fc.property(part, (text) => expect(keyPart(text)).toBe(encodeURIComponent(text))));
    expect(joinKey('a|b', 'ü', '')).toBe('a%7Cb|%C3%BC|');
  });

  it('is a sign for what cannot be encoded where half of a pair stands, and nothing else', () => {
    expect(keyPart('a\ud83d|😀\ude00')).toBe(encodeURIComponent('a\ufffd|😀\ufffd'));
  });
});

describe('deterministicId', () => {
  it('is the uuid5 of the parts', () => {
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 6 }), (parts) => {
        expect(deterministicId('event', ...parts)).toBe(uuid5(EVENT, parts.map(encodeURIComponent).join('|')));
      }),
    );
  });

  it('takes names of any length', () => {
    for (const length of [2_047, 2_048, 2_049, 100_000]) {
      const name = 'x'.repeat(length);
      expect(deterministicId('event', name)).toBe(uuid5(EVENT, name));
    }
  });

  it('stays what it was: stored ids depend on it', () => {
    expect(deterministicId('thread', 'demo', 'facebook', '1234567890', '7788990011223344')).toBe(
      'a65f1434-c293-53f6-b7ae-a0cf9fa1262b',
    );
  });
});

describe('eventIdsOf', () => {
  it('gives what eventId gives', () => {
    fc.assert(
      fc.property(part, part, part, (tenant, account, vendorEventId) => {
        const origin = { tenant, channel: 'facebook', vendor: 'facebook', account };
        const id = eventIdsOf(origin)(vendorEventId);
        expect(id).toBe(eventId(origin, vendorEventId));
        expect(id).toBe(deterministicId('event', tenant, 'facebook', 'facebook', account, vendorEventId));
      }),
    );
  });
});

describe('keyedId', () => {
  it('is a uuid8 made with the secret', () => {
    const secret = Buffer.from('secret');
    const id = keyedId(secret, 'phone', '+84900000123');
    expect(id).toBe(uuid(createHmac('sha256', secret).update('phone|%2B84900000123').digest(), 8));
    expect(UUID.exec(id)?.[1]).toBe('8');
    expect(keyedId(Buffer.from('other'), 'phone', '+84900000123')).not.toBe(id);
  });
});
