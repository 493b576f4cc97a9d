import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { demo, facebookMessages, startPipeline, waitUntil, type Pipeline, type Shop } from '../support/index.js';

/** A page that no ACCOUNTS_FILE knows. */
const branch: Shop = {
  ...demo,
  page: '5556667778',
  appSecret: 'app-secret-of-the-branch',
  verifyToken: 'verify-token',
};
const PATH = `/v1/accounts/facebook/facebook/${branch.page}`;

interface Account {
  enabled: boolean;
  secrets: Record<string, string>;
  webhooks: string[];
}

describe('a page that is added while the stack runs', () => {
  let pipeline: Pipeline;

  beforeAll(async () => {
    pipeline = await startPipeline();
  }, 120_000);
  afterAll(() => pipeline?.stop(), 30_000);

  let sent = 0;
  const message = () =>
    facebookMessages([{ mid: `m_${sent}`, psid: '7500000000000001', text: `tin ${++sent}`, at: Date.now() }], branch);
  const answered = async (status: number) => (await pipeline.send(message())).status === status;

  it('is served at once, by the address that the API shows, and its customers have a timeline', async () => {
    expect((await pipeline.send(message())).status).toBe(401);

    const { appSecret, verifyToken } = branch;
    const made = await pipeline.api.post<Account>('/v1/accounts', {
      channel: 'facebook',
      id: branch.page,
      appSecret,
      verifyToken,
    });
    expect(made).toMatchObject({
      enabled: true,
      secrets: { appSecret: 'set', verifyToken: 'set', pageToken: 'unset' },
      webhooks: [`${pipeline.app('adapter-facebook').url}/webhooks/facebook`],
    });
    await waitUntil('the door to know the page', () => answered(200));

    const last = `tin ${sent}`;
    await waitUntil('the message in the timeline', async () => {
      const [person] = await pipeline.api.peopleOf('fb_psid', '7500000000000001', branch.page);
      return person !== undefined && (await pipeline.api.timeline(person)).at(-1)?.text === last;
    });
  }, 60_000);

  it('is nobody’s again once it is disabled, while the other page goes on', async () => {
    expect(await pipeline.api.patch<Account>(PATH, { enabled: false })).toMatchObject({ enabled: false });

    await waitUntil('the door to be shut', () => answered(401));
    const other = facebookMessages([{ mid: 'm_other', psid: '7500000000000002', text: 'chào', at: Date.now() }], demo);
    expect((await pipeline.send(other)).status).toBe(200);
  }, 60_000);

  it('is refused with the field that is wrong', async () => {
    await expect(
      pipeline.api.post('/v1/accounts', { channel: 'facebook', id: '1', verifyToken: 'x', appId: 'abc' }),
    ).rejects.toThrow(
      /answered 422: .*"field":"appSecret","detail":"must be set: the secret of the app.*"field":"appId"/,
    );
  }, 20_000);
});
