import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { normalisePhone, toE164 } from './phone.js';

describe('normalisePhone', () => {
  it.each([
    // notations
    ['0900000123', '+84900000123'],
    ['+84900000123', '+84900000123'],
    ['84900000123', '+84900000123'],
    ['0084900000123', '+84900000123'],
    ['+84 (0) 900 000 123', '+84900000123'],
    ['+840900000123', '+84900000123'],
    ['840900000123', '+84900000123'],
    ['0900 000 123', '+84900000123'],
    ['0900.000.123', '+84900000123'],
    ['0900-000-123', '+84900000123'],
    ['(0900) 000 123', '+84900000123'],
    ['0900\u00a0000\u2011123', '+84900000123'],
    ['\u200e0900000123\u202c', '+84900000123'],
    ['０９０００００１２３', '+84900000123'],
    ['tel:+84900000123', '+84900000123'],
    ['o9ooooo123', '+84900000123'],
    ['O9OOOOOl23', '+84900000123'],
    // a table calculation has eaten the leading zero
    ['900000123', '+84900000123'],
    ['843821234', '+84843821234'],
    // mobile numbers of before 2018
    ['0168 345 6789', '+84383456789'],
    ['+84 38 345 6789', '+84383456789'],
    ['841683456789', '+84383456789'],
    ['0120 345 6789', '+84703456789'],
    ['0121 345 6789', '+84793456789'],
    ['0122 345 6789', '+84773456789'],
    ['0126 345 6789', '+84763456789'],
    ['0128 345 6789', '+84783456789'],
    ['0123 345 6789', '+84833456789'],
    ['0124 345 6789', '+84843456789'],
    ['0125 345 6789', '+84853456789'],
    ['0127 345 6789', '+84813456789'],
    ['0129 345 6789', '+84823456789'],
    ['0162 345 6789', '+84323456789'],
    ['0163 345 6789', '+84333456789'],
    ['0164 345 6789', '+84343456789'],
    ['0165 345 6789', '+84353456789'],
    ['0166 345 6789', '+84363456789'],
    ['0167 345 6789', '+84373456789'],
    ['0169 345 6789', '+84393456789'],
    ['0186 345 6789', '+84563456789'],
    ['0188 345 6789', '+84583456789'],
    ['0199 345 6789', '+84593456789'],
    // landlines, now and before 2017
    ['024 7100 0001', '+842471000001'],
    ['(04) 3825 1234', '+842438251234'],
    ['+84 4 3825 1234', '+842438251234'],
    ['0236 3812 345', '+842363812345'],
    ['0511 3812 345', '+842363812345'],
    ['0510 3812 345', '+842353812345'],
    ['0650 3812 345', '+842743812345'],
    ['061 3812 345', '+842513812345'],
    ['0711 3812 345', '+842933812345'],
    ['0240 3854 321', '+842043854321'],
    ['0211 3861 234', '+842113861234'],
    // another country
    ['+1 202 555 0123', '+12025550123'],
    ['0012025550123', '+12025550123'],
  ])('reads %s as %s', (text, value) => {
    expect(normalisePhone(text)).toEqual({ kind: 'e164', value });
  });

  it('takes a number that is valid today for today’s, though it might be an old landline', () => {
    expect(toE164('038 345 6789')).toBe('+84383456789');
  });

  it.each([
    ['1900 0000 01', '1900000001'],
    ['19001234', '19001234'],
    ['+84 1900 1234', '19001234'],
    ['1800.1091', '18001091'],
    ['113', '113'],
    ['9029', '9029'],
  ])('knows %s for a service', (text, value) => {
    expect(normalisePhone(text)).toEqual({ kind: 'service', value });
    expect(toE164(text)).toBeNull();
  });

  it.each([
    ['', 'empty'],
    [' - ', 'empty'],
    ['anonymous', 'characters'],
    ['ext-101', 'characters'],
    ['0900 000 123 ext 4', 'characters'],
    ['0900+000123', 'characters'],
    ['09000001', 'too-short'],
    ['0900 000 1234', 'not-assigned'],
    ['0123456789', 'not-assigned'],
    ['0000000000', 'not-assigned'],
    ['0900 000 123 456', 'too-long'],
    ['9'.repeat(65), 'too-long'],
  ])('refuses %s: %s', (text, reason) => {
    expect(normalisePhone(text)).toEqual({ kind: 'invalid', reason });
  });

  it('leaves a number as it is exactly where libphonenumber knows it, service numbers apart', () => {
    for (let range = 100; range < 1000; range++)
      for (const tail of ['000000', '123456', '999999']) {
        const number = `+84${range}${tail}`;
        const known = parsePhoneNumberFromString(number)?.isValid() === true && !/^(?:180|190)$/.test(String(range));
        expect({ number, same: toE164(number) === number }).toEqual({ number, same: known });
      }
  });

  const digitish = fc.string({ unit: fc.constantFrom(...'0123456789+ .-()oOl84'), maxLength: 24 });
  it('never throws, and a value gives itself', () => {
    fc.assert(
      fc.property(fc.oneof(digitish, fc.string({ unit: 'binary' })), (text) => {
        const phone = normalisePhone(text);
        if (phone.kind !== 'invalid') expect(normalisePhone(phone.value)).toEqual(phone);
      }),
      { numRuns: 2000 },
    );
  });
});
