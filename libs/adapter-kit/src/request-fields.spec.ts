import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MalformedPayload } from '@lienmach/contracts';
import { doorRequest } from './testing/test-doors.js';
import { fieldsOf, parseForm, restOf, textOf } from './request-fields.js';

const form = (text: string) =>
  doorRequest({
    target: '/',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: Buffer.from(text),
  });

describe('a form', () => {
  it('is read as URLSearchParams reads it', () => {
    const text = fc.string({
      unit: fc.constantFrom(...'ab=&+%20c3ạ\u0000?#', '%E1%BA%A1', '%2B', '%zz', '%ff'),
      maxLength: 40,
    });
    fc.assert(
      fc.property(text, (body) => {
        // of a query it would leave out the `?` in front
        expect(parseForm(Buffer.from(body))).toEqual([...new URLSearchParams(`&${body}`)]);
      }),
      { numRuns: 1_000 },
    );
  });

  it('has no fields but those that were sent, of repeated names the first', () => {
    const fields = fieldsOf(form('a=1&a=2&__proto__=x&constructor=y&b='));
    expect({ ...fields }).toEqual(
      Object.fromEntries([
        ['a', '1'],
        ['__proto__', 'x'],
        ['constructor', 'y'],
        ['b', ''],
      ]),
    );
    expect([textOf(fields, 'b'), textOf(fields, 'toString')]).toEqual([null, null]);
    expect(restOf(fields, new Set(['a']))).toEqual({ constructor: 'y' });
  });

  it('of more fields than any vendor sends is malformed', () => {
    const text = Array.from({ length: 501 }, (_each, at) => `f${at}=1`).join('&');
    expect(() => fieldsOf(form(text))).toThrow(MalformedPayload);
  });
});
