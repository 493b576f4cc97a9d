import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from './servers.js';

/** The Fanpage and the hotline of one tenant of the test stacks, with the secrets that their vendors sign with. */
export interface Shop {
  tenant: string;
  page: string;
  appSecret: string;
  verifyToken: string;
  pbx: string;
  pbxSecret: string;
  hotline: string;
}

export const demo: Shop = {
  tenant: 'demo',
  page: '1234567890',
  appSecret: 'app-secret-of-demo',
  verifyToken: 'verify-token-of-demo',
  pbx: 'pbx-demo',
  pbxSecret: 'pbx-secret-of-demo',
  hotline: '1900000001',
};

/** A second tenant beside it. */
export const rival: Shop = {
  tenant: 'rival',
  page: '9876543210',
  appSecret: 'app-secret-of-rival',
  verifyToken: 'verify-token-of-rival',
  pbx: 'pbx-rival',
  pbxSecret: 'pbx-secret-of-rival',
  hotline: '1900000002',
};

/** A tenant's account at Zalo. */
export interface OfficialAccount {
  id: string;
  appId: string;
  oaSecret: string;
}

/** Of `demo`, in the tests that have one. */
export const officialAccount: OfficialAccount = {
  id: '388613280878808645',
  appId: '360846524940903967',
  oaSecret: 'oa-secret-of-demo',
};

/** Writes an ACCOUNTS_FILE of these tenants and returns its path. */
export function writeAccountsFile(
  shops: Shop[] = [demo, rival],
  file = join(temporaryFolder('accounts'), 'accounts.json'),
): string {
  const tenants = shops.map((shop) => ({
    id: shop.tenant,
    name: shop.tenant,
    accounts: [
      {
        channel: 'facebook',
        id: shop.page,
        appSecret: shop.appSecret,
        verifyToken: shop.verifyToken,
        pageToken: `page-token-of-${shop.tenant}`,
      },
      { channel: 'call', vendor: 'generic', id: shop.pbx, secret: shop.pbxSecret, hotlines: [shop.hotline] },
    ],
  }));
  writeFileSync(file, JSON.stringify({ tenants }));
  return file;
}
