import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  GraphServer,
  demo,
  facebookRequest,
  startPipeline,
  waitUntil,
  type Pipeline,
  type TimelineItem,
} from '../support/index.js';

interface Reply {
  id: string;
  warnings: string[];
}

describe('a comment of a customer', () => {
  const commenter = '5544332211009988';
  const post = `${demo.page}_700`;
  const asked = Date.now() - 60_000;
  let graph: GraphServer;
  let pipeline: Pipeline;
  let conversation: string;

  beforeAll(async () => {
    graph = await GraphServer.start();
    pipeline = await startPipeline({ FACEBOOK_GRAPH_URL: graph.url });
    await commented('700_1', { from: { id: commenter, name: 'An' }, parent_id: post, message: 'Giá bao nhiêu shop?' });
    conversation = await waitUntil('the conversation', async () => {
      const [person] = await pipeline.api.peopleOf('fb_commenter', commenter, demo.page);
      return person && (await pipeline.api.person(person)).conversations[0]?.id;
    });
  }, 120_000);

  afterAll(async () => {
    await pipeline?.stop();
    await graph?.stop();
  }, 30_000);

  const commented = (id: string, value: object, at = asked) => {
    const time = Math.floor(at / 1000);
    const change = { item: 'comment', verb: 'add', post_id: post, comment_id: id, created_time: time, ...value };
    const changes = [{ field: 'feed', value: change }];
    return pipeline.send(
      facebookRequest(JSON.stringify({ object: 'page', entry: [{ id: demo.page, time, changes }] })),
    );
  };
  const answer = (body: object) =>
    pipeline.api.post<Reply>(`/v1/conversations/${conversation}/replies`, body, { 'idempotency-key': randomUUID() });
  const items = async (): Promise<TimelineItem[]> => (await pipeline.api.conversation(conversation)).items;
  const delivery = (id: string, state: string) =>
    waitUntil(`the reply to be ${state}`, async () => {
      const found = (await items()).find((one) => one.id === id);
      return found?.delivery === state ? found : undefined;
    });

  it('is answered in public, and the webhook of that comment makes no second item', async () => {
    let echoed: Promise<unknown> = Promise.resolve();
    graph.answerComment = ({ text: message }) => {
      const from = { id: demo.page, name: 'Cửa hàng' };
      echoed = commented('700_2', { from, parent_id: '700_1', message }, Date.now());
      return { status: 200, body: { id: '700_2' } };
    };
    const [comment] = await items();
    const reply = await answer({ text: 'Dạ 250k ạ', itemId: comment!.id });
    expect(reply.warnings).toEqual(['public']);
    const sent = await delivery(reply.id, 'sent');
    await echoed;
    await waitUntil('everything to be told', () => pipeline.isIdle());
    expect(graph.comments).toEqual([{ below: '700_1', token: 'page-token-of-demo', text: 'Dạ 250k ạ', image: null }]);
    expect(sent).toMatchObject({ kind: 'comment', type: 'comment.sent', thread: post, replyTo: '700_1' });
    expect((await items()).map(({ id }) => id)).toEqual([reply.id, comment!.id]);
    const { clock } = await pipeline.api.conversation(conversation);
    expect(clock).toMatchObject({ waitingSince: null, stoppedBy: 'message' });
  }, 60_000);

  it('is answered privately, once; commenter and customer of Messenger are one person from then on', async () => {
    const psid = '7788990011220099';
    graph.answer = (call) => ({ status: 200, body: { recipient_id: psid, message_id: graph.midOf(call) } });
    const comment = (await items()).find(({ type }) => type === 'comment.received')!;
    const { id, warnings } = await answer({ text: 'Shop gửi mã giảm giá ạ', itemId: comment.id, private: true });
    expect(warnings).toEqual([]);
    const sent = await delivery(id, 'sent');
    expect(sent).toMatchObject({ kind: 'message', thread: psid, replyTo: '700_1' });
    expect(graph.callsOf(id)).toMatchObject([{ comment: '700_1', text: 'Shop gửi mã giảm giá ạ' }]);

    const mid = graph.midOf({ commandId: id });
    const at = Date.now();
    const messaging = [
      {
        sender: { id: demo.page },
        recipient: { id: psid },
        timestamp: at,
        message: {
          is_echo: true,
          mid,
          text: 'Shop gửi mã giảm giá ạ',
          app_id: 151777648186011,
          metadata: `${id} ${commenter}`,
        },
      },
      {
        sender: { id: psid },
        recipient: { id: demo.page },
        timestamp: at + 1,
        message: { mid: 'm_a', text: 'Cho mình 2 cái' },
      },
    ];
    const entry = [{ id: demo.page, time: at, messaging }];
    await pipeline.send(facebookRequest(JSON.stringify({ object: 'page', entry })));
    await waitUntil('the customer’s answer', async () => (await items()).some(({ text }) => text === 'Cho mình 2 cái'));
    await waitUntil('everything to be told', () => pipeline.isIdle());
    expect((await items()).filter(({ text }) => text === 'Shop gửi mã giảm giá ạ')).toHaveLength(1);
    const [person] = await pipeline.api.peopleOf('fb_psid', psid, demo.page);
    expect(await pipeline.api.peopleOf('fb_commenter', commenter, demo.page)).toEqual([person]);
    expect((await pipeline.api.why(person!)).steps).toMatchObject([
      { kind: 'platform', level: 'verified', rule: 'I3' },
    ]);

    await expect(answer({ text: 'Dạ', itemId: comment.id, private: true })).rejects.toThrow('answered-privately');
    // and goes on in Messenger, where the customer wrote last
    const next = await answer({ text: 'Dạ vâng ạ' });
    expect(next.warnings).toEqual([]);
    await delivery(next.id, 'sent');
    expect(graph.callsOf(next.id)).toMatchObject([{ psid, text: 'Dạ vâng ạ' }]);
  }, 60_000);

  it('that is gone by then says so', async () => {
    graph.answerComment = () => ({ status: 400, body: { error: { code: 100, error_subcode: 33 } } });
    const comment = (await items()).find(({ type }) => type === 'comment.received')!;
    const { id } = await answer({ text: 'Dạ', itemId: comment.id });
    expect(await delivery(id, 'failed')).toMatchObject({ reason: expect.stringMatching(/^comment-gone: /) as unknown });
  }, 60_000);
});
