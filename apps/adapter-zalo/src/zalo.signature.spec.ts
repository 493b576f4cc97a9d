import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { verifySignature } from './zalo.signature.js';

const OA_SECRET = 'test-oa-secret-key';

/** Signatures that were made elsewhere. */
const VECTORS = [
  {
    name: 'vendor sample',
    appId: '360846524940903967',
    mac: 'dabd95f49cf62637aad248667ebb6b12b7070829a83f67ee3008cf5abd6827dc',
    body: '{"app_id":"360846524940903967","sender":{"id":"246845883529197922"},"user_id_by_app":"552177279717587730","recipient":{"id":"388613280878808645"},"event_name":"user_send_text","message":{"text":"message","msg_id":"96d3cdf3af150460909"},"timestamp":"154390853474"}',
  },
  {
    name: 'real shape',
    appId: '2553928453557884001',
    mac: '185a71567dc6f65c6525b1619fb165ae998ff34e21a09e8452df91c582668599',
    body: '{"event_name":"user_send_text","app_id":"2553928453557884001","sender":{"id":"6142494823000000001"},"recipient":{"id":"3662729599332560001"},"message":{"text":"Chào A4B","msg_id":"cb31dff1c39642cc1b83"},"timestamp":"1699003881354","user_id_by_app":"979122185046046001"}',
  },
  {
    name: 'vietnamese spaced',
    appId: '360846524940903967',
    mac: '110f117e5c8d731ce3521e6f6aeab2757ad96e1f78861a8bbe387d16294926e8',
    body: '{"app_id": "360846524940903967", "sender": {"id": "246845883529197922"}, "user_id_by_app": "552177279717587730", "recipient": {"id": "388613280878808645"}, "event_name": "user_send_text", "message": {"text": "Chị ơi còn hàng không ạ? 🙏", "msg_id": "a1b2c3d4e5f600000001"}, "timestamp": "1785312004001"}',
  },
];

const APP_ID = VECTORS[0]!.appId;
const sign = (body: string, timestamp: string): string =>
  `mac=${createHash('sha256')
    .update(APP_ID + body + timestamp + OA_SECRET)
    .digest('hex')}`;
const fits = (
  body: string | Buffer,
  header: string | undefined,
  settings: { appId?: string; oaSecret?: string } = {},
): boolean => verifySignature(Buffer.from(body), header, { appId: APP_ID, oaSecret: OA_SECRET, ...settings });

describe('verifySignature', () => {
  it.each(VECTORS)('agrees with the signature of $name', ({ appId, mac, body }) => {
    expect(fits(body, `mac=${mac}`, { appId })).toBe(true);
  });

  const body = VECTORS[2]!.body;
  const header = `mac=${VECTORS[2]!.mac}`;

  it('refuses the same JSON written anew', () => {
    expect(fits(JSON.stringify(JSON.parse(body)), header)).toBe(false);
  });

  it('refuses any flipped bit of the body', () => {
    const bytes = Buffer.from(body);
    for (let at = 0; at < bytes.length; at++) {
      const flipped = Buffer.from(bytes);
      flipped[at]! ^= 1;
      expect({ at, isTaken: fits(flipped, header) }).toEqual({ at, isTaken: false });
    }
  });

  it('refuses another app and another secret', () => {
    expect(fits(body, header, { appId: '360846524940903968' })).toBe(false);
    expect(fits(body, header, { oaSecret: 'the app secret' })).toBe(false);
  });

  it.each([
    ['spaces around the sign', header.replace('=', ' = '), true],
    ['a missing header', undefined, false],
    ['an empty header', '', false],
    ['the digits alone', header.slice(4), false],
    ['a shorter one', header.slice(0, -2), false],
    ['a longer one', `${header}00`, false],
    ['capitals', `mac=${header.slice(4).toUpperCase()}`, false],
    ['something else of that length', `mac=${'z'.repeat(64)}`, false],
    ['two of them', `${header}, ${header}`, false],
  ])('%s', (_name, given, expected) => {
    expect(fits(body, given)).toBe(expected);
  });

  it.each([
    ['a number', '{"timestamp":1785312004001}', '1785312004001', true],
    ['a text', '{"timestamp" : "154390853474"}', '154390853474', true],
    [
      'one inside, then its own',
      '{"data":{"timestamp":"11111111111"},"timestamp":"1785312004001"}',
      '1785312004001',
      true,
    ],
    ['what stands in a text', String.raw`{"text":"\"timestamp\":\"1785312004001\""}`, '1785312004001', false],
    ['none', '{"text":"a"}', '', false],
    ['a part of a longer one', '{"timestamp":"123456789012345678901"}', '12345678901234567890', false],
  ])('takes the timestamp of the body: %s', (_name, text, timestamp, expected) => {
    expect(fits(text, sign(text, timestamp))).toBe(expected);
  });
});
