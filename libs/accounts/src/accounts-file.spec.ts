import { describe, expect, it } from '@jest/globals';
import { CHANNELS } from '@lienmach/contracts';
import { InvalidConfiguration } from '@lienmach/platform';
import type { AccountDefinition } from './account.js';
import { parseAccounts } from './accounts-file.js';
import { sealSetting } from './secret-box.js';

const secretsKey = Buffer.alloc(32, 3);
const env = { FB_APP_SECRET: 's3cret', PBX: 'pbx-secret' };

const facebook: AccountDefinition = {
  channel: 'facebook',
  vendor: 'facebook',
  secrets: ['appSecret'],
  settingsSchema: {},
  doors: [],
  validate: (settings) => (typeof settings['appSecret'] === 'string' ? [] : ['appSecret: missing']),
  ownNumbers: () => [],
};
const generic: AccountDefinition = { ...facebook, channel: 'call', vendor: 'generic', validate: () => [] };

const read = (text: string, definitions = [facebook], from: Record<string, string> = env) =>
  parseAccounts(text, 'accounts.yaml', definitions, { env: from, secretsKey });

function problemsOf(text: string, definitions = [facebook], from: Record<string, string> = env): readonly string[] {
  try {
    read(text, definitions, from);
  } catch (error) {
    if (error instanceof InvalidConfiguration) return error.problems;
    throw error;
  }
  return [];
}

const tenantWith = (...accounts: string[]) => `
tenants:
  - id: demo
    name: Cửa hàng Demo
    accounts:
${accounts.map((account) => `      - ${account}`).join('\n')}
`;

describe('parseAccounts', () => {
  it('reads tenants and the accounts of the served channel, references resolved', () => {
    const text = tenantWith(
      '{ channel: facebook, id: "1234567890", brand: gold, appSecret: "${FB_APP_SECRET}", agentApps: ["1"] }',
      '{ channel: call, vendor: generic, id: "pbx-1", secret: "${NOT_HERE}" }',
    );
    expect(read(text)).toEqual({
      tenants: [{ id: 'demo', name: 'Cửa hàng Demo', brand: 'demo', orderCodePattern: null }],
      accounts: [
        {
          tenant: 'demo',
          channel: 'facebook',
          vendor: 'facebook',
          id: '1234567890',
          brand: 'gold',
          enabled: true,
          settings: { appSecret: 's3cret', agentApps: ['1'] },
        },
      ],
    });
  });

  it('reads JSON, references inside text, sealed values and ids that exceed 2^53', () => {
    const sealed = sealSetting(secretsKey, 'inner');
    const text = JSON.stringify({
      tenants: [
        {
          id: 'demo',
          accounts: [{ channel: 'facebook', id: 'ID', appSecret: 'x-${FB_APP_SECRET}-y', deep: { sealed, port: 587 } }],
        },
      ],
    }).replace('"ID"', '579745863508352884123');
    expect(read(text).accounts[0]).toMatchObject({
      id: '579745863508352884123',
      settings: { appSecret: 'x-s3cret-y', deep: { sealed: 'inner', port: 587 } },
    });
  });

  it('gives a process without channels the tenants alone', () => {
    const text = tenantWith('{ channel: facebook, id: "1", appSecret: "${NOT_HERE}" }');
    expect(read(text, [])).toMatchObject({ tenants: [{ id: 'demo' }], accounts: [] });
  });

  it.each([
    [
      '{ channel: facebook, id: "1", appSecret: "${NOPE}" }',
      'tenant "demo", account 1 (facebook 1): appSecret: the environment has no NOPE.',
    ],
    ['{ channel: facebook, id: "1" }', 'tenant "demo", account 1 (facebook 1): appSecret: missing.'],
    [
      '{ channel: viber, id: "1" }',
      `tenant "demo", account 1 (viber 1): channel: unknown, expected one of ${CHANNELS.map(({ name }) => name).join(', ')}`,
    ],
    ['{ id: "1" }', 'account 1 (1): channel: missing'],
    ['{ channel: facebook, appSecret: x }', 'account 1 (facebook): id: missing.'],
    ['{ channel: facebook, id: "1", vendor: meta, appSecret: x }', 'vendor: unknown, expected one of facebook.'],
    ['{ channel: facebook, id: "1", enabled: perhaps, appSecret: x }', 'enabled: expected true or false.'],
    [
      '{ channel: facebook, id: "1", appSecret: "sealed:AAAA" }',
      'appSecret: SECRETS_KEY does not open this sealed value.',
    ],
    ['[1]', 'tenant "demo", account 1: expected fields.'],
  ])('says what is wrong with %s', (account, sentence) => {
    const problems = problemsOf(tenantWith(account));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain('accounts.yaml: ');
    expect(problems[0]).toContain(sentence);
  });

  it('asks for the vendor where the channel has several', () => {
    const stringee = { ...generic, vendor: 'stringee' };
    expect(problemsOf(tenantWith('{ channel: call, id: "1" }'), [generic, stringee])).toEqual([
      expect.stringContaining('vendor: missing, expected one of generic, stringee.'),
    ]);
  });

  it('refuses an account that stands twice', () => {
    const once = '{ channel: facebook, id: "1", appSecret: x }';
    expect(problemsOf(tenantWith(once, once))).toEqual([
      expect.stringContaining('account 2 (facebook 1): the same account as'),
    ]);
  });

  it.each([
    ['tenants: 5', 'expected a list `tenants`'],
    ['', 'expected a list `tenants`'],
    ['tenants: [ {id: Shop} ]', 'id: expected lower-case letters'],
    ['tenants: [ {id: a, color: red} ]', 'color: unknown field'],
    ['tenants: [ {id: a, orderCodePattern: "("} ]', 'orderCodePattern: no regular expression'],
    ['tenants: [ {id: a, orderCodePattern: "(?=DH)"} ]', 'orderCodePattern: no regular expression'],
    ['tenants: [ {id: a}, {id: a} ]', 'stands twice'],
    ['tenants: [', 'neither YAML nor JSON'],
  ])('says what is wrong with %s', (text, sentence) => {
    expect(problemsOf(text).join('\n')).toContain(sentence);
  });

  it('tells everything at once and never a secret', () => {
    const problems = problemsOf(
      tenantWith(
        '{ channel: facebook, id: "1", appSecret: "${A}" }',
        '{ channel: facebook, id: "2", appSecret: 7, x: "hush" }',
      ),
    );
    expect(problems).toHaveLength(2);
    expect(problems.join()).not.toContain('hush');
  });
});
