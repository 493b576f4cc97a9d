import 'reflect-metadata';
import { createHmac } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { demo, Pipeline, startStack, temporaryFolder, waitUntil } from '../support/index.js';

const HOTLINE = '+842471000001';
const CUSTOMER = '+84900000456';
const SECRET = 'signing-secret-of-the-shop';
const CALL_ID = 'call-vn-1-E2E0000001-1795141200000';
const DOOR = `/webhooks/call/stringee/${encodeURIComponent(HOTLINE)}`;

/** https://developer.stringee.com/docs/validating-requests-are-coming-from-stringee */
const signed = (data: string, secret = SECRET): Record<string, string> => ({
  'x-stringee-signature': createHmac('sha1', secret).update(data).digest('base64'),
});

describe('a call that Stringee asks about and tells of', () => {
  let pipeline: Pipeline;
  let start: number;

  beforeAll(async () => {
    start = Date.now() - 10 * 60_000;
    const file = join(temporaryFolder('accounts'), 'accounts.json');
    const account = {
      channel: 'call',
      vendor: 'stringee',
      id: HOTLINE,
      signingSecret: SECRET,
      routeTo: ['agent_101', 'agent_102'],
    };
    writeFileSync(file, JSON.stringify({ tenants: [{ id: demo.tenant, name: demo.tenant, accounts: [account] }] }));
    pipeline = new Pipeline(await startStack(['core', 'adapter-call'], { ACCOUNTS_FILE: file }));
  }, 120_000);
  afterAll(() => pipeline?.stop(), 30_000);

  const url = (path: string): string => pipeline.app('adapter-call').url + path;

  async function tell(path: string, fields: object, secret?: string): Promise<number> {
    const body = JSON.stringify(fields);
    const headers = { 'content-type': 'application/json', ...signed(body, secret) };
    return (await fetch(url(path), { method: 'POST', headers, body })).status;
  }

  const customer = { number: CUSTOMER.slice(1), alias: CUSTOMER.slice(1), is_online: false, type: 'external' };
  const side = (number: string, type: string) => ({ number, alias: HOTLINE.slice(1), is_online: true, type });
  const event = (call_status: string, seconds: number, more: object = {}) => ({
    call_status,
    project_id: 25,
    type: 'stringee_call',
    call_id: CALL_ID,
    callCreatedReason: 'EXTERNAL_CALL_IN',
    timestamp_ms: start + seconds * 1_000,
    from: customer,
    to: side('agent_101', 'internal'),
    ...more,
  });

  it('is put through: the question is answered with whom to ring, and to nobody without the signature', async () => {
    const path = `${DOOR}/answer?from=${CUSTOMER.slice(1)}&to=${HOTLINE.slice(1)}&uuid=1&fromInternal=false`;
    const answer = await fetch(url(path), { headers: signed(path) });
    expect(answer.status).toBe(200);
    const actions = (await answer.json()) as { action: string; to?: { number: string }; eventUrl?: string }[];
    expect(actions.find(({ action }) => action === 'connect')?.to?.number).toBe('agent_101');
    expect((await fetch(url(path), { headers: signed(path, 'another') })).status).toBe(401);
  });

  it('is one item, whatever the order of what is told, each twice; nothing of it without the signature', async () => {
    const created = event('created', 0, { to: { ...side(HOTLINE.slice(1), 'external'), is_online: false } });
    const told: [string, object][] = [
      [
        DOOR,
        event('ended', 107, { duration: 107, answerDuration: 95, endCallCause: 'USER_END_CALL', endedBy: 'EXTERNAL' }),
      ],
      [
        DOOR,
        {
          project_id: 25,
          type: 'stringee_call',
          call_id: CALL_ID,
          recording_url: `https://api.stringee.com/v1/call/recording/${CALL_ID}?access_token=not-for-anybody`,
          start_time: start + 12_000,
          end_time: start + 107_000,
        },
      ],
      [DOOR, event('answered', 12)],
      [
        `${DOOR}/dtmf`,
        { time: String(start + 106_000), dtmf: '5', call_id: CALL_ID, customField: 'survey:csat', timeout: false },
      ],
      [DOOR, created],
      [DOOR, event('ringing', 3)],
    ];
    for (const [path, body] of [...told, ...told]) expect(await tell(path, body)).toBe(200);
    expect(await tell(DOOR, event('created', 0, { call_id: 'call-forged' }), 'another')).toBe(401);

    const items = await waitUntil('the call to be whole', async () => {
      const people = await pipeline.api.peopleOf('phone', CUSTOMER);
      const found = people.length === 1 ? await pipeline.api.timeline(people[0]!) : [];
      const [{ at, call } = { at: '', call: null }] = found;
      const isWhole = call?.state === 'ended' && call.recordingUrl !== null && Date.parse(at) === start;
      return isWhole ? found : undefined;
    });
    expect(items).toMatchObject([
      {
        kind: 'call',
        channel: 'call',
        at: new Date(start).toISOString(),
        call: { id: CALL_ID, answered: true, talkSeconds: 95 },
      },
    ]);
    expect(items[0]!.call!.recordingUrl).not.toContain('not-for-anybody');
    const events = await pipeline.events('channel.call.v1');
    const ours = new Map(events.filter(({ data }) => data.thread === CALL_ID).map(({ id, type }) => [id, type]));
    expect([...ours.values()].sort()).toEqual(
      ['call.answered', 'call.ended', 'call.keyed', 'call.recorded', 'call.ringing', 'call.ringing'].sort(),
    );
    expect(JSON.stringify(events)).not.toContain('call-forged');
  });
});
