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

  it('that is gone by then says so', async () => {
    graph.answerComment = () => ({ status: 400, body: { error: { code: 100, error_subcode: 33 } } });
    const { id } = await answer({ text: 'Dạ' });
    expect(await delivery(id, 'failed')).toMatchObject({ reason: expect.stringMatching(/^comment-gone: /) as unknown });
  }, 60_000);
});
