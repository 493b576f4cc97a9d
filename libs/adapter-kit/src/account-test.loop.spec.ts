import { afterEach, describe, expect, it } from '@jest/globals';
import { CredentialsExpired } from '@lienmach/contracts';
import { JsonLogger } from '@lienmach/platform';
import type { TestAnswer, VendorDefinition } from './channel.js';
import type { AskedTest } from './account-test.repository.js';
import { AccountTestLoop } from './account-test.loop.js';

const logger = JsonLogger.create({ name: 'test', level: 'silent' });
const running: AccountTestLoop[] = [];
afterEach(() => Promise.all(running.splice(0).map((loop) => loop.stop())));

/** What is answered to one question about an account of `demo`. */
function answerOf(test: VendorDefinition['test'], asked: Partial<AskedTest> = {}): Promise<TestAnswer> {
  return new Promise((resolve) => {
    const open: AskedTest[] = [{ tenant: 'demo', id: 't-1', vendor: 'viber', account: 'a-1', ...asked }];
    const account = { tenant: 'demo', channel: 'viber', vendor: 'viber', id: 'a-1', settings: {}, ownNumbers: [] };
    const byId = (id: string) => (id === 'a-1' ? ({ origin: { tenant: 'demo' }, account } as never) : undefined);
    const loop = new AccountTestLoop({
      repository: {
        take: () => Promise.resolve(open.splice(0)),
        answer: (_, answer) => Promise.resolve(resolve(answer)),
      },
      vendors: new Map([['viber', { vendor: { name: 'viber', test } as VendorDefinition, accounts: { byId } }]]),
      tokens: { accessToken: () => Promise.reject(new CredentialsExpired('connect it anew')) },
      logger,
      env: {},
    });
    running.push(loop);
    loop.start();
  });
}

describe('a test of an account', () => {
  it('is the vendor’s answer', async () => {
    const test = () => Promise.resolve({ ok: true, detail: 'Shop' });
    expect(await answerOf(test)).toEqual({ ok: true, detail: 'Shop' });
  });

  it('says that there is no token', async () => {
    const test: VendorDefinition['test'] = async (_, context) => ({ ok: true, detail: await context.accessToken() });
    expect(await answerOf(test)).toEqual({ ok: false, detail: 'connect it anew' });
  });

  it('tells nothing of what broke but its kind', async () => {
    const test = () => Promise.reject(new TypeError('token=hidden'));
    expect(await answerOf(test)).toEqual({ ok: false, detail: 'the test broke off (TypeError)' });
  });

  it.each([
    ['of an account of another tenant', { tenant: 'rival' }],
    ['of an account that is switched off', { account: 'a-2' }],
  ])('%s asks nobody', async (_, asked) => {
    const answer = await answerOf(() => Promise.resolve({ ok: true, detail: 'asked' }), asked);
    expect(answer).toMatchObject({ ok: false, detail: expect.stringContaining('switched off') });
  });

  it('of a vendor who cannot be asked says so', async () => {
    expect(await answerOf(undefined)).toEqual({ ok: false, detail: 'there is nothing to ask viber' });
  });
});
