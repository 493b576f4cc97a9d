import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  demo,
  Pipeline,
  SmppServer,
  startStack,
  temporaryFolder,
  waitUntil,
  type SmppPdu,
  type TimelineItem,
} from '../support/index.js';

const CUSTOMER = '+84900000123';
const SHORT_CODE = '8079';

describe('a reply to a message that came by SMPP', () => {
  let smsc: SmppServer;
  let pipeline: Pipeline;

  beforeAll(async () => {
    smsc = await SmppServer.start();
    const file = join(temporaryFolder('accounts'), 'accounts.json');
    const access = { host: '127.0.0.1', port: smsc.port, systemId: 'acme', password: 'smpp-secret' };
    const accounts = [{ channel: 'sms', vendor: 'smpp', id: SHORT_CODE, ...access }];
    writeFileSync(file, JSON.stringify({ tenants: [{ id: demo.tenant, name: demo.tenant, accounts }] }));
    pipeline = new Pipeline(await startStack(['core', 'adapter-sms'], { ACCOUNTS_FILE: file }));
  }, 120_000);

  afterAll(async () => {
    await pipeline?.stop();
    await smsc?.stop();
  }, 30_000);

  const textOf = (pdu: SmppPdu): string => (pdu['short_message'] as { message: string }).message;
  const ends = { source_addr: CUSTOMER.slice(1), source_addr_ton: 1, destination_addr: SHORT_CODE };

  it('leaves in parts of one message, and is delivered when the last of them is', async () => {
    expect(await smsc.deliver({ ...ends, esm_class: 0, short_message: 'Don DH1024 cua em dau a?' })).toBe(0);
    const conversation = await waitUntil('the conversation', async () => {
      const [person] = await pipeline.api.peopleOf('phone', CUSTOMER);
      return person && (await pipeline.api.person(person)).conversations[0]?.id;
    });
    const text = 'Dạ, đơn của chị chiều nay giao ạ. '.repeat(4).trim();
    const path = `/v1/conversations/${conversation}/replies`;
    const key = { 'idempotency-key': randomUUID() };
    const reply = await pipeline.api.post<{ id: string; channel: string }>(path, { text }, key);
    expect(reply.channel).toBe('sms');
    const delivery = (state: string): Promise<TimelineItem> =>
      waitUntil(`the reply to be ${state}`, async () =>
        (await pipeline.api.conversation(conversation)).items.find(
          (item) => item.id === reply.id && item.delivery === state,
        ),
      );
    await delivery('sent');
    expect(await pipeline.api.post(path, { text }, key)).toEqual(reply);
    expect(smsc.submitted).toHaveLength(3);
    expect(smsc.submitted.map(textOf).join('')).toBe(text);
    expect(smsc.submitted.map((pdu) => pdu['destination_addr'])).toEqual(
      Array.from({ length: 3 }, () => CUSTOMER.slice(1)),
    );

    const receipt = (part: string) => ({
      ...ends,
      esm_class: 4,
      short_message: `id:${part} done date:2503031406 stat:DELIVRD err:000`,
    });
    for (const part of ['2', '1']) expect(await smsc.deliver(receipt(part))).toBe(0);
    await waitUntil('two receipts to be told', () => pipeline.isIdle());
    await delivery('sent');
    expect(await smsc.deliver(receipt('3'))).toBe(0);
    await delivery('delivered');
    await waitUntil('everything to be told', () => pipeline.isIdle());
    expect((await pipeline.api.conversation(conversation)).items).toHaveLength(2);
    expect(smsc.submitted).toHaveLength(3);
  }, 90_000);
});
