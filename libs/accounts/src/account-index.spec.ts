import { describe, expect, it } from '@jest/globals';
import type { Account } from './account.js';
import { AccountIndex } from './account-index.js';

const tenant = (id: string, brand = id) => ({ id, name: id, brand, orderCodePattern: null, secret: Buffer.alloc(32) });

const account = (part: Partial<Account>): Account => ({
  tenant: 'demo',
  channel: 'call',
  vendor: 'generic',
  id: 'pbx-1',
  brand: null,
  settings: {},
  ownNumbers: [],
  problems: [],
  enabled: true,
  version: '1',
  ...part,
});

describe('AccountIndex', () => {
  const index = new AccountIndex(
    [tenant('demo', 'shop'), tenant('other')],
    [
      account({ settings: { secret: 'pbx-secret' }, ownNumbers: ['1900000001'] }),
      account({ vendor: 'stringee', id: '+842471000001', ownNumbers: ['+842471000001'], brand: 'gold' }),
      account({ id: 'off', enabled: false, settings: { secret: 'off-secret' }, ownNumbers: ['1800000001'] }),
      account({ tenant: 'other', id: 'pbx-2', ownNumbers: ['1900000002'] }),
    ],
  );

  it('finds accounts by channel, vendor and id', () => {
    expect(index.find('call', 'generic', 'pbx-2')?.tenant).toBe('other');
    expect(index.find('call', 'stringee', 'pbx-2')).toBeUndefined();
    expect(index.ofVendor('call', 'generic').map(({ id }) => id)).toEqual(['pbx-1', 'pbx-2']);
    expect(index.ofVendor('mail', 'x')).toEqual([]);
  });

  it('finds accounts by their path secret, whole and exact', () => {
    expect(index.findByPathSecret('call', 'generic', 'pbx-secret')?.id).toBe('pbx-1');
    for (const wrong of ['', 'pbx-secre', 'pbx-secret ', 'PBX-SECRET', 'undefined']) {
      expect(index.findByPathSecret('call', 'generic', wrong)).toBeUndefined();
    }
    expect(index.findByPathSecret('call', 'stringee', 'pbx-secret')).toBeUndefined();
  });

  it('shows a disabled account to nobody who asks for a door, but its numbers stay the business’s own', () => {
    expect(index.find('call', 'generic', 'off')).toBeUndefined();
    expect(index.findByPathSecret('call', 'generic', 'off-secret')).toBeUndefined();
    expect(index.ownNumbers('demo')).toEqual(['1900000001', '+842471000001', '1800000001']);
    expect(index.ownNumbers('nobody')).toEqual([]);
  });

  it("takes the account's brand, else the tenant's", () => {
    expect(index.brandOf({ channel: 'call', vendor: 'stringee', id: '+842471000001' })).toBe('gold');
    expect(index.brandOf({ channel: 'call', vendor: 'generic', id: 'pbx-1' })).toBe('shop');
    expect(index.brandOf({ channel: 'call', vendor: 'generic', id: 'nope' })).toBeUndefined();
  });
});
