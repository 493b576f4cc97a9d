import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as textOf } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { channelTopic, outboundTopic, TOPICS } from '@lienmach/contracts';
import { demo, facebookMessages, Pipeline, startStack, waitUntil, writeAccountsFile } from '../support/index.js';

const PSID = '7400000000000042';
const CLAIMED = '+84900000142';
const NUMBER = '+84900000199';

interface Confirmation {
  id: string;
  state: string;
  delivery: string | null;
}

describe('a number that a customer claimed on the Fanpage', () => {
  let vendor: Server;
  const texts: { to: string; text: string }[] = [];
  let pipeline: Pipeline;

  beforeAll(async () => {
    vendor = createServer((request, response) => {
      void textOf(request).then((body) => {
        const form = new URLSearchParams(body);
        texts.push({ to: String(form.get('To')), text: String(form.get('Body')) });
        response.writeHead(201, { 'content-type': 'application/json' }).end(`{"sid":"SM${'8'.repeat(32)}"}`);
      });
    });
    await new Promise<void>((resolve) => vendor.listen(0, '127.0.0.1', resolve));
    const file = writeAccountsFile();
    const { tenants } = JSON.parse(readFileSync(file, 'utf8')) as { tenants: { accounts: object[] }[] };
    const accountSid = `AC${'0'.repeat(31)}1`;
    tenants[0]!.accounts.push({ channel: 'sms', vendor: 'twilio', id: NUMBER, accountSid, authToken: 'a-token' });
    writeFileSync(file, JSON.stringify({ tenants }));
    const port = (vendor.address() as AddressInfo).port;
    const settings = { ACCOUNTS_FILE: file, TWILIO_API_URL: `http://127.0.0.1:${port}` };
    pipeline = new Pipeline(await startStack(['core', 'adapter-facebook', 'adapter-sms'], settings));
  }, 120_000);

  afterAll(async () => {
    await pipeline?.stop();
    vendor?.closeAllConnections();
    vendor?.close();
  }, 30_000);

  const says = (mid: string, text: string) =>
    pipeline.send(facebookMessages([{ mid, psid: PSID, text, at: Date.now() }], demo));

  it('is proven by the code that goes there by SMS and comes back by Messenger, and that no topic shows before', async () => {
    await says('m_claims', 'SĐT em 0900 000 142');
    const person = await waitUntil('the claim', async () => (await pipeline.api.peopleOf('phone', CLAIMED))[0]);
    const found = `/v1/identifiers/phone/${encodeURIComponent(CLAIMED)}`;
    const { identifier } = await pipeline.api.get<{ identifier: { id: string } }>(found);
    const asked = await pipeline.api.post<Confirmation>(
      `/v1/people/${person}/confirmations`,
      { identifierId: identifier.id },
      { 'idempotency-key': randomUUID() },
    );
    const standing = () => pipeline.api.get<Confirmation>(`/v1/confirmations/${asked.id}`);
    await waitUntil('the code to be sent', async () => (await standing()).delivery === 'sent');

    expect(texts).toEqual([{ to: CLAIMED, text: expect.stringMatching(/^Mã xác nhận: \d{6}\. /) as unknown }]);
    const code = /\d{6}/.exec(texts[0]!.text)![0];
    const shown = new RegExp(`(?<![0-9a-f])${code}(?![0-9a-f])`);
    for (const topic of [outboundTopic('sms'), channelTopic('sms'), TOPICS.interactionEvents]) {
      const values = (await pipeline.records(topic)).map(({ value }) => String(value));
      expect(values.some((value) => value.includes('******'))).toBe(
        topic !== TOPICS.interactionEvents || values.length > 1,
      );
      for (const value of values) expect(value).not.toMatch(shown);
    }
    const kept = await pipeline.sql('SELECT to_jsonb(o) AS row FROM channel.outbound o');
    expect(JSON.stringify(kept)).not.toMatch(shown);

    await says('m_types', `dạ ${code}`);
    await waitUntil('the code to be typed', async () => (await standing()).state === 'confirmed');
    const { identifiers } = await waitUntil('the person', async () => {
      const one = await pipeline.api.person(person);
      return one.identifiers.length > 1 ? one : undefined;
    });
    expect(identifiers.find(({ value }) => value === CLAIMED)).toMatchObject({ level: 'verified' });
    const items = await pipeline.api.timeline(person);
    expect(items.map(({ text }) => text?.replace(code, 'CODE'))).toEqual([
      'SĐT em 0900 000 142',
      'Mã xác nhận: ******. Hãy gõ mã này vào cuộc trò chuyện trong 15 phút.',
      'dạ CODE',
    ]);
    expect(texts).toHaveLength(1);
  }, 60_000);
});
