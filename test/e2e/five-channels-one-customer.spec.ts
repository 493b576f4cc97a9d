import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  callRequest,
  demo,
  facebookMessages,
  officialAccount,
  Pipeline,
  startStack,
  temporaryFolder,
  waitUntil,
  zaloRequest,
  ZaloServer,
  type TimelineItem,
} from '../support/index.js';

const MINUTE = 60_000;
const PHONE = '+84905777888';
const MAIL = 'lan@example.com';
const PSID = '7200000000000001';
const ZALO_USER = '246845883529197922';
const SMS_SECRET = 'speedsms-path-of-the-shop';
const MAIL_SECRET = 'postmark-path-of-the-shop';

/** A shop with a page, a hotline, an official account, a number for short messages and an address for mail. */
function accountsFile(): string {
  const file = join(temporaryFolder('accounts'), 'accounts.json');
  const accounts = [
    {
      channel: 'facebook',
      id: demo.page,
      appSecret: demo.appSecret,
      verifyToken: demo.verifyToken,
      pageToken: 'token',
    },
    { channel: 'call', vendor: 'generic', id: demo.pbx, secret: demo.pbxSecret, hotlines: [demo.hotline] },
    { channel: 'zalo', ...officialAccount, accessToken: 'access-1' },
    { channel: 'sms', vendor: 'speedsms', id: 'speedsms-1', secret: SMS_SECRET, accessToken: 'token' },
    { channel: 'email', vendor: 'postmark', id: 'cskh@shop.example', secret: MAIL_SECRET },
  ];
  writeFileSync(file, JSON.stringify({ tenants: [{ id: demo.tenant, name: demo.tenant, accounts }] }));
  return file;
}

describe('a customer who goes from the Fanpage to the phone, to Zalo, to short messages and to mail', () => {
  let pipeline: Pipeline;
  let zaloApi: ZaloServer;

  beforeAll(async () => {
    zaloApi = await ZaloServer.start();
    const names = ['core', 'adapter-facebook', 'adapter-call', 'adapter-zalo', 'adapter-sms', 'adapter-email'];
    pipeline = new Pipeline(await startStack(names, { ACCOUNTS_FILE: accountsFile(), ZALO_API_URL: zaloApi.url }));
  }, 120_000);
  afterAll(async () => {
    await pipeline?.stop();
    await zaloApi?.stop();
  }, 30_000);

  async function tell(app: string, path: string, body: string, headers: Record<string, string> = {}): Promise<void> {
    const answer = await fetch(pipeline.app(app).url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    });
    expect(answer.status).toBe(200);
  }

  async function zalo(content: string, at: number): Promise<void> {
    const event = zaloRequest({
      event_name: 'user_send_text',
      at,
      sender: { id: ZALO_USER },
      user_id_by_app: '552177279717587730',
      recipient: { id: officialAccount.id },
      message: { text: content, msg_id: randomUUID() },
    });
    expect(await pipeline.send(event)).toMatchObject({ status: 200 });
  }

  const text = (content: string): Promise<void> =>
    tell(
      'adapter-sms',
      `/webhooks/sms/speedsms/${SMS_SECRET}`,
      JSON.stringify({ type: 'sms', phone: PHONE.slice(1), content }),
    );

  const mail = (subject: string, body: string, at: number): Promise<void> =>
    tell(
      'adapter-email',
      `/webhooks/email/postmark/${MAIL_SECRET}`,
      JSON.stringify({
        FromName: 'Lan',
        MessageStream: 'inbound',
        From: MAIL,
        FromFull: { Email: MAIL, Name: 'Lan', MailboxHash: '' },
        To: 'cskh@shop.example',
        ToFull: [{ Email: 'cskh@shop.example', Name: '', MailboxHash: '' }],
        OriginalRecipient: 'cskh@shop.example',
        Subject: subject,
        MessageID: randomUUID(),
        Date: new Date(at).toUTCString(),
        TextBody: body,
        Headers: [
          { Name: 'Return-Path', Value: `<${MAIL}>` },
          { Name: 'Received-SPF', Value: 'pass' },
          { Name: 'Message-ID', Value: `<${randomUUID()}@example.com>` },
        ],
        Attachments: [],
      }),
    );

  async function timeline(length: number): Promise<TimelineItem[]> {
    let seen: TimelineItem[] = [];
    try {
      return await waitUntil(`${length} items`, async () => {
        const [person] = await pipeline.api.peopleOf('fb_psid', PSID, demo.page);
        seen = person === undefined ? [] : await pipeline.api.timeline(person);
        return seen.length === length && (await pipeline.isIdle()) ? pipeline.api.timeline(person!) : undefined;
      });
    } catch (error) {
      (error as Error).message += `; last seen: ${JSON.stringify(seen, null, 1)}\n${pipeline.logs()}`;
      throw error;
    }
  }

  it('is one person with one timeline and one conversation', async () => {
    const start = Date.now() - 40 * MINUTE;
    const page = { psid: PSID, mid: 'm-1', at: start, text: `Đơn của em đâu ạ? SĐT ${PHONE}, mail ${MAIL}` };
    expect(await pipeline.send(facebookMessages([page]))).toMatchObject({ status: 200 });
    await timeline(1);
    const call = { callId: 'call-1', customerNumber: PHONE };
    for (const event of [
      { ...call, eventId: 'c-1', event: 'ringing', at: start + 10 * MINUTE },
      { ...call, eventId: 'c-2', event: 'missed', at: start + 11 * MINUTE },
    ] as const) {
      expect(await pipeline.send(callRequest(event))).toMatchObject({ status: 200 });
    }
    await timeline(3);
    await zalo(`Em gọi không ai nghe máy, nhắn Zalo cho tiện. Số em ${PHONE}`, start + 20 * MINUTE);
    await text('Shop oi tra loi em voi');
    await timeline(7);
    // the date of a mail has whole seconds: the next one is not before the short message
    const whole = 'Em vẫn chờ.\n\n> Đơn của chị đang trên đường.';
    await mail('Re: Đơn hàng của em', whole, Date.now() + 1_000);

    const items = await timeline(9);
    expect(
      items.map(({ kind, channel, from, to }) => (kind === 'channel-switch' ? `${from} > ${to}` : channel)),
    ).toEqual([
      'facebook',
      'facebook > call',
      'call',
      'call > zalo',
      'zalo',
      'zalo > sms',
      'sms',
      'sms > email',
      'email',
    ]);
    expect(items.at(-1)).toMatchObject({ subject: 'Re: Đơn hàng của em', text: 'Em vẫn chờ.', fullText: whole });
    const [conversationId, ...others] = new Set(items.map((item) => item.conversationId));
    expect(others).toEqual([]);
    const conversation = await pipeline.api.conversation(conversationId!);
    expect(conversation).toMatchObject({
      state: 'open',
      channels: ['facebook', 'call', 'zalo', 'sms', 'email'],
      clock: { waitingSince: new Date(start).toISOString() },
    });
    const person = await pipeline.api.person(items[0]!.personId as string);
    expect(person.identifiers.map(({ type, value }) => `${type} ${value}`).sort()).toEqual([
      `email ${MAIL}`,
      `fb_psid ${PSID}`,
      `phone ${PHONE}`,
      'zalo_app_uid 552177279717587730',
      `zalo_oa_uid ${ZALO_USER}`,
    ]);

    // the agent picks Zalo, and is warned: that it is the same person is corroborated, not verified
    const answer = { text: 'Dạ em gọi lại ngay ạ', channel: 'zalo' };
    const key = { 'idempotency-key': randomUUID() };
    const path = `/v1/conversations/${conversationId}/replies`;
    const reply = await pipeline.api.post<{ id: string; warnings: string[] }>(path, answer, key);
    expect(reply.warnings).toEqual(['unverified']);
    const sent = await waitUntil('the reply to be sent', async () =>
      (await pipeline.api.conversation(conversationId!)).items.find(
        ({ id, delivery }) => id === reply.id && delivery === 'sent',
      ),
    );
    expect(sent).toMatchObject({ channel: 'zalo', thread: ZALO_USER, text: answer.text });
    expect(zaloApi.calls).toMatchObject([{ user: ZALO_USER, text: answer.text }]);
  }, 90_000);
});
