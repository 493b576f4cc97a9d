import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  callRequest,
  demo,
  facebookMessages,
  GraphServer,
  MailServer,
  officialAccount,
  Pipeline,
  startStack,
  temporaryFolder,
  VendorServer,
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
function accountsFile(mailPort: number): string {
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
    {
      channel: 'email',
      vendor: 'postmark',
      id: 'cskh@shop.example',
      secret: MAIL_SECRET,
      smtp: { host: '127.0.0.1', port: mailPort },
    },
  ];
  writeFileSync(file, JSON.stringify({ tenants: [{ id: demo.tenant, name: demo.tenant, accounts }] }));
  return file;
}

describe('a customer who goes from the Fanpage to the phone, to Zalo, to short messages and to mail', () => {
  let pipeline: Pipeline;
  let graph: GraphServer;
  let zaloApi: ZaloServer;
  let speedsms: VendorServer;
  let mailServer: MailServer;

  beforeAll(async () => {
    graph = await GraphServer.start();
    zaloApi = await ZaloServer.start();
    // https://speedsms.vn/sms-api-service
    speedsms = await VendorServer.start({
      status: 200,
      body: { status: 'success', code: '00', data: { tranId: 7001 } },
    });
    mailServer = await MailServer.start();
    const names = ['core', 'adapter-facebook', 'adapter-call', 'adapter-zalo', 'adapter-sms', 'adapter-email'];
    pipeline = new Pipeline(
      await startStack(names, {
        ACCOUNTS_FILE: accountsFile(mailServer.port),
        FACEBOOK_GRAPH_URL: graph.url,
        ZALO_API_URL: zaloApi.url,
        SPEEDSMS_API_URL: speedsms.url,
      }),
    );
  }, 120_000);
  afterAll(async () => {
    await pipeline?.stop();
    await Promise.all([graph, zaloApi, speedsms, mailServer].map((server) => server?.stop()));
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

    // nobody is called by a reply; where one can be sent is told
    const path = `/v1/conversations/${conversationId}/replies`;
    await expect(pipeline.api.post(path, { text: 'x', channel: 'call' }, { 'idempotency-key': 'c' })).rejects.toThrow(
      /answered 409: .*"channel-sends-nothing".*"channels":\["email","sms","zalo","facebook"\]/,
    );

    // the agent picks a channel, and is warned where it is not verified that it is the person who wrote last
    const sent = new Map<string, { id: string; warnings: string[] }>();
    for (const channel of ['email', 'sms', 'zalo', 'facebook']) {
      const answer = { text: `Dạ em gọi lại ngay ạ (${channel})`, channel };
      sent.set(channel, await pipeline.api.post(path, answer, { 'idempotency-key': randomUUID() }));
    }
    expect([...sent.values()].map(({ warnings }) => warnings)).toEqual([
      [],
      ...Array.from({ length: 3 }, () => ['unverified']),
    ]);
    const answered = await waitUntil('all replies to be sent', async () => {
      const found = (await pipeline.api.conversation(conversationId!)).items;
      return [...sent.values()].every(({ id }) => found.some((item) => item.id === id && item.delivery === 'sent'))
        ? found
        : undefined;
    });
    for (const [channel, { id }] of sent) {
      expect(answered.find((item) => item.id === id)).toMatchObject({
        channel,
        direction: 'outbound',
        conversationId,
        text: `Dạ em gọi lại ngay ạ (${channel})`,
      });
    }
    expect(graph.calls).toMatchObject([{ psid: PSID, text: 'Dạ em gọi lại ngay ạ (facebook)' }]);
    expect(zaloApi.calls).toMatchObject([{ user: ZALO_USER, text: 'Dạ em gọi lại ngay ạ (zalo)' }]);
    expect(speedsms.calls.map(({ body }) => JSON.parse(body) as object)).toMatchObject([
      { to: [PHONE.slice(1)], content: 'Dạ em gọi lại ngay ạ (sms)' },
    ]);
    expect(mailServer.mails).toMatchObject([
      { to: [MAIL], headers: { 'in-reply-to': expect.stringMatching(/@example\.com>$/) as unknown } },
    ]);
    // the clock follows a moment after the items
    await waitUntil('the clock to stop', async () => {
      const { clock } = await pipeline.api.conversation(conversationId!);
      return clock.waitingSince === null;
    });
  }, 90_000);
});
