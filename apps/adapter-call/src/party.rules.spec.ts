import { describe, expect, it } from '@jest/globals';
import { customerOf, isOwnNumber, numberKey, ownNumbersOf } from './party.rules.js';

const account = { ownNumbers: ownNumbersOf({ hotlines: ['1900 0000 01', '028 7100 0002'] }, '+842471000001') };

describe('the customer behind a number', () => {
  it.each([
    ['0900000123', '+84900000123'],
    ['84900000123', '+84900000123'],
    ['+84 900 000 123', '+84900000123'],
    ['0084.900.000.123', '+84900000123'],
    ['01684567890', '+84384567890'],
    ['+14155550123', '+14155550123'],
  ])('%s is %s', (number, value) => {
    expect(customerOf(number, account)).toEqual({ type: 'phone', scope: null, value });
  });

  it.each([
    ['nothing', null],
    ['an empty string', ''],
    ['a withheld caller', 'anonymous'],
    ['an unknown caller', 'unknown'],
    ['a Vietnamese word for it', 'Số ẩn'],
    ['an extension', '101'],
    ['a service number', '18001234'],
    ['our service hotline', '1900000001'],
    ['our service hotline with the country', '+841900000001'],
    ['our hotline without the country', '02871000002'],
    ['the number that names the account', '02471000001'],
    ['no number that exists', '0900'],
  ])('%s is nobody', (_, number) => {
    expect(customerOf(number, account)).toBeNull();
  });
});

describe('own numbers', () => {
  it.each(['1900000001', '841900000001', '+84 1900 000 001', '028 7100 0002', '842471000001'])(
    '%s is ours',
    (number) => {
      expect(isOwnNumber(number, account)).toBe(true);
    },
  );

  it('are the hotlines, and the id where it is a number', () => {
    expect(account.ownNumbers).toEqual(['+842471000001', '1900000001', '+842871000002']);
    expect(ownNumbersOf({}, 'pbx-101')).toEqual([]);
  });

  it('are kept as E.164, service numbers as dialled', () => {
    expect(['02871000002', '1900 0000 01', 'none'].map(numberKey)).toEqual(['+842871000002', '1900000001', null]);
  });
});
