import { describe, expect, it } from '@jest/globals';
import { IDENTIFIER_TYPES } from '@lienmach/contracts';
import fc from 'fast-check';
import { normaliseIdentifier } from './identifier.js';

describe('normaliseIdentifier', () => {
  it.each([
    ['phone', null, '0168 345 6789', null, '+84383456789'],
    ['phone', '', '1900 1234', null, '19001234'],
    ['email', null, 'An@Example.com', null, 'An@example.com'],
    ['fb_psid', '1234567890', ' 7788990011223344 ', '1234567890', '7788990011223344'],
    ['crm_id', null, 'C-7', null, 'C-7'],
    ['mail_thread', 'cskh@demo.example', '<1@example.com>', 'cskh@demo.example', '<1@example.com>'],
  ])('takes %s %s %s', (type, scope, value, expectedScope, expected) => {
    expect(normaliseIdentifier(type, scope, value)).toEqual({
      kind: 'identifier',
      identifier: { type, scope: expectedScope, value: expected },
    });
  });

  it.each([
    ['psid', null, '1', /psid is no type of identifier: use one of crm_id,/],
    ['constructor', null, '1', /no type/],
    ['phone', null, '12x', /no valid phone/],
    ['phone', '123', '0900000123', /phone has no scope/],
    ['email', null, 'an@', /no valid email/],
    ['fb_psid', null, '7788990011223344', /needs a scope/],
    ['fb_psid', ' ', '7788990011223344', /needs a scope/],
    ['fb_psid', 'a b', '7788990011223344', /scope has spaces/],
    ['fb_psid', '123', 'a b', /no valid fb_psid/],
    ['fb_psid', '123', '', /no valid fb_psid/],
    ['crm_id', null, 'x'.repeat(256), /no valid crm_id/],
    ['crm_id', null, 'a\u0000b', /no valid crm_id/],
  ])('refuses %s %s %s', (type, scope, value, reason) => {
    expect(normaliseIdentifier(type, scope, value)).toEqual({ kind: 'invalid', reason: expect.stringMatching(reason) });
  });

  it('never throws, and an identifier gives itself', () => {
    const scope = fc.option(fc.string({ unit: 'binary' }));
    fc.assert(
      fc.property(fc.constantFrom(...IDENTIFIER_TYPES), scope, fc.string({ unit: 'binary' }), (type, within, value) => {
        const result = normaliseIdentifier(type, within, value);
        if (result.kind === 'identifier')
          expect(normaliseIdentifier(type, result.identifier.scope, result.identifier.value)).toEqual(result);
      }),
    );
  });
});
