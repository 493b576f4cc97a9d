import { describe, expect, it } from '@jest/globals';
import { MalformedPayload, type CustomerRecordData } from '@lienmach/contracts';
import { customerRecord, evidenceOfRecord } from './customer-record.rules.js';

const LAN: CustomerRecordData = { crmId: 'KH-7', phones: ['0900 000 123'] };
const read = (change: Partial<CustomerRecordData>) => customerRecord({ ...LAN, ...change });
const valid = (change: Partial<CustomerRecordData>) => {
  const { validFrom, validTo } = read(change);
  return [validFrom, validTo].map((at) => at && new Date(at).toISOString());
};

describe("a customer's record", () => {
  it('ties everything to the number of the CRM, in one form and once', () => {
    expect(
      customerRecord({
        crmId: 'KH-7',
        loyaltyId: '2201',
        phones: ['0168 345 6789', '+84 38 345 6789', '1900 0001'],
        emails: ['Lan@Example.COM'],
        name: ' Nguyễn Thị Lan ',
        birthday: '1999-10-30',
        gender: null,
        address: ' 1 Lê Lợi, Huế ',
      }),
    ).toEqual({
      customer: { type: 'crm_id', scope: null, value: 'KH-7' },
      others: [
        { type: 'loyalty_id', scope: null, value: '2201' },
        { type: 'phone', scope: null, value: '+84383456789' },
        { type: 'phone', scope: null, value: '19000001' },
        { type: 'email', scope: null, value: 'Lan@example.com' },
      ],
      name: 'Nguyễn Thị Lan',
      profile: [
        { field: 'birthday', value: '1999-10-30' },
        { field: 'address', value: '1 Lê Lợi, Huế' },
      ],
      validFrom: null,
      validTo: null,
    });
  });

  it("ties to the till's number where the CRM gave none", () => {
    const { customer, others } = customerRecord({ loyaltyId: '2201', emails: ['lan@example.com'] });
    expect([customer.type, others.map(({ type }) => type)]).toEqual(['loyalty_id', ['email']]);
  });

  it.each<[string, Partial<CustomerRecordData>, (string | null)[]]>([
    ['a day begins in Vietnam', { validFrom: '2026-01-15' }, ['2026-01-14T17:00:00.000Z', null]],
    ['a time without a zone is Vietnam’s', { validFrom: '2026-01-15 08:30' }, ['2026-01-15T01:30:00.000Z', null]],
    ['a zone counts', { validTo: '2026-01-15T08:30:00.5Z' }, [null, '2026-01-15T08:30:00.500Z']],
    ['a leap day', { validTo: '2028-02-29' }, [null, '2028-02-28T17:00:00.000Z']],
  ])('%s', (_name, change, times) => expect(valid(change)).toEqual(times));

  it.each<[string, Partial<CustomerRecordData>]>([
    ['neither crmId nor loyaltyId is there', { crmId: null }],
    ['no phone, e-mail or loyaltyId is there to tie to the customer', { phones: [] }],
    ['crmId: the value is no valid crm_id', { crmId: 'KH 7' }],
    ['phones/1: the value is no valid phone', { phones: ['0900000123', '12'] }],
    ['emails/0: the value is no valid email', { emails: ['lan@'] }],
    ['name: has control characters', { name: 'Lan\u0000' }],
    ['birthday: must be a day, such as 1999-10-30', { birthday: '1999-02-31' }],
    ['address: has control characters', { address: 'Huế\n1 Lê Lợi' }],
    ['validFrom: there is no such day or time', { validFrom: '2026-02-31' }],
    ['validTo: there is no such day or time', { validTo: '2026-02-11 25:00' }],
    ['validTo is not after validFrom', { validFrom: '2026-02-11', validTo: '2026-02-11' }],
  ])('is refused: %s', (reason, change) => {
    expect(() => read(change)).toThrow(new MalformedPayload(reason));
  });
});

describe('its evidence', () => {
  const told = { tenant: 'demo', actor: 'nightly', at: 1_000 };
  const evidence = (change: Partial<CustomerRecordData> = {}, by: Partial<typeof told> = {}) =>
    evidenceOfRecord(read(change), { ...told, ...by }, 'crm', ['a-phone', 'mail']);

  it('is verified, one pair each with the customer’s number', () => {
    expect(evidence().map(({ kind, strength, a, b, at, actor }) => [kind, strength, a, b, at, actor])).toEqual([
      ['record', 'verified', 'a-phone', 'crm', 1_000, 'nightly'],
      ['record', 'verified', 'crm', 'mail', 1_000, 'nightly'],
    ]);
  });

  it('is the same by whomever and whenever it is told, and another of another tenant or validity', () => {
    const ids = (...args: Parameters<typeof evidence>) => evidence(...args).map(({ id }) => id);
    expect(ids({ name: 'Lan' }, { actor: 'by hand', at: 2_000 })).toEqual(ids());
    const others = [ids({}, { tenant: 'other' }), ids({ validFrom: '2026-01-15' }), ids({ validTo: '2026-01-15' })];
    expect(new Set([ids(), ...others].flat()).size).toBe(8);
  });

  it('happened when it began to be so, if the record says when', () => {
    const from = Date.parse('2026-01-14T17:00:00.000Z');
    expect(evidence({ validFrom: '2026-01-15' })[0]).toMatchObject({ at: from, validFrom: from, validTo: null });
  });
});
