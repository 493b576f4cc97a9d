import 'reflect-metadata';
import { createHmac, randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  demo,
  Pipeline,
  startStack,
  temporaryFolder,
  VendorServer,
  waitUntil,
  type TimelineItem,
  type VendorCall,
} from '../support/index.js';

const CUSTOMER = '+84900000123';
const NUMBER = '+84900000199';
const ACCOUNT_SID = 'AC00000000000000000000000000000001';
const AUTH_TOKEN = 'auth-token-of-the-shop';
const SENT_SID = `SM${'7'.repeat(32)}`;

describe('a reply to a short message', () => {
  let vendor: VendorServer;
  let pipeline: Pipeline;

  beforeAll(async () => {
    vendor = await VendorServer.start({ status: 201, body: { sid: SENT_SID } });
    const file = join(temporaryFolder('accounts'), 'accounts.json');
    const account = { channel: 'sms', vendor: 'twilio', id: NUMBER, accountSid: ACCOUNT_SID, authToken: AUTH_TOKEN };
    writeFileSync(file, JSON.stringify({ tenants: [{ id: demo.tenant, name: demo.tenant, accounts: [account] }] }));
    pipeline = new Pipeline(
      await startStack(['core', 'adapter-sms'], {
        ACCOUNTS_FILE: file,
        TWILIO_API_URL: vendor.url,
      }),
    );
  }, 120_000);

  afterAll(async () => {
    await pipeline?.stop();
    await vendor?.stop();
  }, 30_000);

  /** A form as Twilio signs it. https://www.twilio.com/docs/usage/webhooks/webhooks-security */
  async function tell(path: string, fields: Record<string, string>): Promise<void> {
    const url = `${pipeline.app('adapter-sms').url}/webhooks/sms/twilio/${encodeURIComponent(NUMBER)}${path}`;
    const signed =
      url +
      Object.keys(fields)
        .sort()
        .map((name) => name + fields[name]!)
        .join('');
    const answer = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'x-twilio-signature': createHmac('sha1', AUTH_TOKEN).update(signed).digest('base64'),
      },
      body: new URLSearchParams(fields).toString(),
    });
    expect(answer.status).toBe(200);
  }

  it('leaves by the vendor once, and its receipt shows on the same item', async () => {
    const inbound = {
      MessageSid: `SM${'1'.repeat(32)}`,
      From: CUSTOMER,
      To: NUMBER,
      Body: 'Don cua em dau a?',
      NumMedia: '0',
    };
    await tell('', inbound);
    const conversation = await waitUntil('the conversation', async () => {
      const [person] = await pipeline.api.peopleOf('phone', CUSTOMER);
      return person && (await pipeline.api.person(person)).conversations[0]?.id;
    });
    const key = { 'idempotency-key': randomUUID() };
    const body = { text: 'Dạ chiều nay giao ạ' };
    const path = `/v1/conversations/${conversation}/replies`;
    const reply = await pipeline.api.post<{ id: string; channel: string }>(path, body, key);
    expect(reply.channel).toBe('sms');
    expect(await pipeline.api.post(path, body, key)).toEqual(reply);

    const delivery = (state: string): Promise<TimelineItem> =>
      waitUntil(`the reply to be ${state}`, async () =>
        (await pipeline.api.conversation(conversation)).items.find(
          (item) => item.id === reply.id && item.delivery === state,
        ),
      );
    await delivery('sent');
    await tell('/status', { MessageSid: SENT_SID, MessageStatus: 'delivered', From: NUMBER, To: CUSTOMER });
    expect(await delivery('delivered')).toMatchObject({ direction: 'outbound', text: 'Dạ chiều nay giao ạ' });
    await waitUntil('everything to be told', () => pipeline.isIdle());
    expect((await pipeline.api.conversation(conversation)).items).toHaveLength(2);
    expect(vendor.calls).toHaveLength(1);
    const [{ url, headers, body: form }] = vendor.calls as [VendorCall];
    expect(url).toBe(`/2010-04-01/Accounts/${ACCOUNT_SID}/Messages.json`);
    expect(headers.authorization).toBe(`Basic ${Buffer.from(`${ACCOUNT_SID}:${AUTH_TOKEN}`).toString('base64')}`);
    expect(Object.fromEntries(new URLSearchParams(form))).toEqual({ From: NUMBER, To: CUSTOMER, Body: body.text });
  }, 60_000);
});
