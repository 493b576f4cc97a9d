import { createHmac, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TOPICS } from '@lienmach/contracts';
import {
  GraphServer,
  demo,
  facebookMessages,
  facebookRequest,
  startPipeline,
  waitUntil,
  type Conversation,
  type Pipeline,
  type TimelineItem,
} from '../support/index.js';

interface Reply {
  id: string;
  conversationId: string;
  channel: string;
  delivery: string;
  warnings: string[];
}

describe("an agent's reply", () => {
  const psid = '7788990011223344';
  const asked = Date.now() - 60_000;
  let graph: GraphServer;
  let pipeline: Pipeline;
  let conversation: string;

  beforeAll(async () => {
    graph = await GraphServer.start();
    pipeline = await startPipeline({ FACEBOOK_GRAPH_URL: graph.url });
    await pipeline.send(facebookMessages([{ mid: 'm_q', psid, text: 'Shop ơi, đơn DH1024 đâu rồi?', at: asked }]));
    conversation = await waitUntil('the conversation', async () => {
      const [person] = await pipeline.api.peopleOf('fb_psid', psid, demo.page);
      return person && (await pipeline.api.person(person)).conversations[0]?.id;
    });
  }, 120_000);

  afterAll(async () => {
    await pipeline?.stop();
    await graph?.stop();
  }, 30_000);

  const answer = (text: string, key: string) =>
    pipeline.api.post<Reply>(`/v1/conversations/${conversation}/replies`, { text }, { 'idempotency-key': key });
  const items = async (): Promise<TimelineItem[]> =>
    (await pipeline.api.conversation(conversation)).items.filter(({ kind }) => kind === 'message');
  const item = async (id: string): Promise<TimelineItem | undefined> => (await items()).find((one) => one.id === id);
  const delivery = (id: string, state: string) =>
    waitUntil(`the reply to be ${state}`, async () => {
      const found = await item(id);
      return found?.delivery === state ? found : undefined;
    });
  const happened = (fields: object) => {
    const messaging = [{ sender: { id: psid }, recipient: { id: demo.page }, timestamp: Date.now(), ...fields }];
    return pipeline.send(
      facebookRequest(JSON.stringify({ object: 'page', entry: [{ id: demo.page, time: Date.now(), messaging }] })),
    );
  };

  it('goes out once, and one item of the timeline tells its way: queued, sent, delivered, read', async () => {
    graph.answer = () => ({ status: 500, body: { error: { code: 2 } } });
    const key = randomUUID();
    const reply = await answer('Dạ đơn đang trên đường giao ạ', key);
    expect(reply).toMatchObject({
      conversationId: conversation,
      channel: 'facebook',
      delivery: 'queued',
      warnings: [],
    });
    await delivery(reply.id, 'queued');
    await waitUntil('the vendor to have refused it for now', () => graph.callsOf(reply.id).length > 0);
    expect((await item(reply.id))?.delivery).toBe('queued');
    expect((await pipeline.api.conversation(conversation)).clock.waitingSince).toBe(new Date(asked).toISOString());

    // he takes it, and his echo is here before his answer
    const refused = graph.callsOf(reply.id).length;
    const mid = graph.midOf({ commandId: reply.id });
    let echoed: Promise<unknown> = Promise.resolve();
    graph.answer = (call) => {
      echoed = happened({
        sender: { id: demo.page },
        recipient: { id: psid },
        message: { is_echo: true, mid, text: call.text, app_id: 151777648186011, metadata: call.commandId },
      });
      return { status: 200, body: { recipient_id: psid, message_id: mid } };
    };
    const sent = await delivery(reply.id, 'sent');
    await echoed;
    expect(sent).toMatchObject({
      type: 'message.sent',
      text: 'Dạ đơn đang trên đường giao ạ',
      author: { kind: 'agent', name: 'operator' },
    });
    await happened({ delivery: { mids: [mid], watermark: Date.now() } });
    await delivery(reply.id, 'delivered');
    await happened({ read: { watermark: Date.now() } });
    await delivery(reply.id, 'read');

    expect(await answer('Dạ đơn đang trên đường giao ạ', key)).toEqual(reply);
    await waitUntil('everything to be told', () => pipeline.isIdle());
    expect((await items()).map(({ id }) => id)).toEqual([reply.id, expect.any(String)]);
    expect((await pipeline.api.conversation(conversation)).clock).toMatchObject({
      waitingSince: null,
      stoppedBy: 'message',
    });
    const calls = graph.callsOf(reply.id);
    expect(calls.slice(refused)).toEqual([
      {
        page: demo.page,
        token: 'page-token-of-demo',
        proof: createHmac('sha256', demo.appSecret).update('page-token-of-demo').digest('hex'),
        type: 'RESPONSE',
        tag: null,
        psid,
        comment: null,
        text: 'Dạ đơn đang trên đường giao ạ',
        attachment: null,
        quotes: null,
        commandId: reply.id,
      },
    ]);
    const told = (await pipeline.events(TOPICS.interactionEvents)).filter(({ data }) => data['commandId'] === reply.id);
    expect(told.map(({ type, conversation: of }) => [type, of])).toEqual([
      ['message.queued', conversation],
      ['message.sent', conversation],
    ]);
  }, 60_000);

  it('may be a picture, which stays the one that was sent when the echo names another address', async () => {
    graph.answer = (call) => ({ status: 200, body: { recipient_id: psid, message_id: graph.midOf(call) } });
    const picture = { kind: 'image', url: 'https://shop.example/phieu-bao-hanh.png', name: null };
    const { id } = await pipeline.api.post<Reply>(
      `/v1/conversations/${conversation}/replies`,
      { attachments: [picture] },
      { 'idempotency-key': randomUUID() },
    );
    await delivery(id, 'sent');
    const attachments = [{ type: 'image', payload: { url: 'https://scontent.fbcdn.example/1.png' } }];
    const message = {
      is_echo: true,
      mid: graph.midOf({ commandId: id }),
      app_id: 151777648186011,
      metadata: id,
      attachments,
    };
    await happened({ sender: { id: demo.page }, recipient: { id: psid }, message });
    await waitUntil('everything to be told', () => pipeline.isIdle());

    expect(graph.callsOf(id)).toMatchObject([{ attachment: { type: 'image', payload: { url: picture.url } } }]);
    expect(await item(id)).toMatchObject({ type: 'message.sent', text: null, attachments: [picture] });
    expect((await items()).filter((one) => one.attachments?.length)).toHaveLength(1);
  }, 60_000);

  it('with a text and a picture becomes two messages of the vendor and stays one item, though their echoes come first', async () => {
    const picture = { kind: 'image', url: 'https://shop.example/ao.png', name: null };
    let echoed: Promise<unknown> = Promise.resolve();
    graph.answer = (call) => {
      const { text, attachment, commandId: metadata } = call;
      const mid = graph.midOf(call);
      const attachments = [{ type: 'image', payload: { url: 'https://scontent.fbcdn.example/2.png' } }];
      const message = {
        is_echo: true,
        mid,
        app_id: 151777648186011,
        metadata,
        ...(attachment ? { attachments } : { text }),
      };
      echoed = happened({ sender: { id: demo.page }, recipient: { id: psid }, message });
      return { status: 200, body: { recipient_id: psid, message_id: mid } };
    };
    const before = (await items()).length;
    const { id } = await pipeline.api.post<Reply>(
      `/v1/conversations/${conversation}/replies`,
      { text: 'Dạ áo này ạ', attachments: [picture] },
      { 'idempotency-key': randomUUID() },
    );
    await waitUntil('both to be taken', () => graph.callsOf(id).length === 2);
    await echoed;
    await delivery(id, 'sent');
    await waitUntil('everything to be told', () => pipeline.isIdle());
    expect(graph.callsOf(id).map(({ text, attachment }) => [text, attachment !== null])).toEqual([
      ['Dạ áo này ạ', false],
      [null, true],
    ]);
    expect(await item(id)).toMatchObject({ text: 'Dạ áo này ạ', attachments: [picture] });
    expect(await items()).toHaveLength(before + 1);
  }, 60_000);

  it('that the vendor refuses says why, and leaves the customer waiting', async () => {
    const at = Date.now();
    await pipeline.send(facebookMessages([{ mid: 'm_q2', psid, text: 'Alo?', at }]));
    graph.answer = () => ({ status: 400, body: { error: { code: 551 } } });
    const { id } = await answer('Dạ shop đây ạ', randomUUID());
    const failed = await delivery(id, 'failed');
    expect(failed).toMatchObject({ reason: expect.stringMatching(/^customer-unavailable: /) as unknown });
    const { clock }: Conversation = await pipeline.api.conversation(conversation);
    expect(clock.waitingSince).toBe(new Date(at).toISOString());
    expect(graph.callsOf(id)).toHaveLength(1);
  }, 60_000);
});
