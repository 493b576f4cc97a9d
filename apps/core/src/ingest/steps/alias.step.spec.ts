import { describe, expect, it } from '@jest/globals';
import { itemId, type ChannelEvent } from '@lienmach/contracts';
import { AGENT, content, event, received } from '../../conversation/fixtures/events.js';
import { itemKeysOf } from '../../conversation/item.rules.js';
import type { PlacedEvent } from '../placed-event.js';
import { aliasKey, aliasesTaught, namesIn, tokenItemId, withAliases } from './alias.step.js';

const REPLY = '0f6d2c1e-6c2f-4b0a-9d38-0a6f1f5f7a01';
const named = (id: string): string => itemId({ tenant: 'demo', channel: 'facebook', vendor: 'v', account: 'page' }, id);
const placed = (one: ChannelEvent): PlacedEvent =>
  ({ event: one, itemIds: itemKeysOf(one).map(named) }) as unknown as PlacedEvent;
const message = (type: 'message.queued' | 'message.sent', id: string, data: object = {}): PlacedEvent =>
  placed(event(type, { ...content('x'), claims: [], author: AGENT, commandId: REPLY, ...data }, { id }));

const asked = message('message.queued', `${REPLY}|queued`);
const sending = message('message.sent', REPLY, { sentAs: ['m1', 'm2'] });
const echo = message('message.sent', 'm1');
const read = placed(event('message.read', { targets: ['m1', 'm2', 'm9'], watermark: null }));
const known = new Map([[aliasKey({ tenant: 'demo', id: named(REPLY) }), REPLY]]);
const row = (id: string) => ({ tenant: 'demo', id: named(id), itemId: REPLY });
const byId = (rows: readonly { id: string }[]): string[] => rows.map(({ id }) => id).sort();

describe("a reply's ids", () => {
  it('are its own when it is asked for', () => {
    expect(aliasesTaught([asked], new Map())).toEqual({ asked: [row(REPLY)], given: [] });
  });

  it("are the vendor's by our send or by its echo", () => {
    expect(byId(aliasesTaught([sending], known).given)).toEqual([named('m1'), named('m2')].sort());
    expect(aliasesTaught([echo], known).given).toEqual([row('m1')]);
    expect(byId(aliasesTaught([echo, asked, sending], new Map()).given)).toEqual([named('m1'), named('m2')].sort());
  });

  it('are its token when it is asked for, by nobody else, in whatever letters', () => {
    const token = tokenItemId({ tenant: 'demo', channel: 'facebook', vendor: 'v', account: 'page' }, '0F6d');
    const withToken = message('message.queued', `${REPLY}|queued`, { replyToken: '0f6D' });
    expect(byId(aliasesTaught([withToken], new Map()).asked)).toEqual([named(REPLY), token].sort());
    expect(aliasesTaught([message('message.sent', 'm1', { replyToken: '0f6d' })], known).asked).toEqual([]);
    const forged = { commandId: null, replyToken: '0f6d' };
    expect(aliasesTaught([message('message.queued', 'forged', forged)], known)).toEqual({ asked: [], given: [] });
  });

  it('are those by which it would be known, when nobody can tell whether it was taken', () => {
    const lost = {
      targets: [REPLY],
      watermark: null,
      author: AGENT,
      direction: 'outbound',
      commandId: REPLY,
      sentAs: ['m1'],
    };
    const unconfirmed = placed(event('message.unconfirmed', lost, { id: `${REPLY}|unknown` }));
    expect(aliasesTaught([unconfirmed], known)).toEqual({ asked: [], given: [row('m1')] });
    expect(withAliases([unconfirmed], known)[0]!.itemIds).toEqual([REPLY]);
  });

  it('are not learnt twice', () => {
    const all = new Map([...known, ...['m1', 'm2'].map((id) => [aliasKey(row(id)), REPLY] as const)]);
    expect(aliasesTaught([asked, sending, echo], all)).toEqual({ asked: [], given: [] });
  });

  it("are not learnt of another installation's command", () => {
    expect(aliasesTaught([echo, sending], new Map())).toEqual({ asked: [], given: [] });
    expect(withAliases([echo], new Map())[0]!.itemIds).toEqual([named('m1')]);
  });

  it('lead everything that names it to one item', () => {
    const all = new Map([...known, [aliasKey(row('m1')), REPLY], [aliasKey(row('m2')), REPLY]]);
    const items = withAliases([asked, sending, echo, read], all).map(({ itemIds }) => itemIds);
    expect(items).toEqual([[REPLY], [REPLY], [REPLY], [REPLY, named('m9')]]);
  });
});

describe('what is asked of the store', () => {
  it('is nothing for what customers write', () => {
    expect(namesIn([placed(received('hi'))])).toEqual([]);
  });

  it('is every name of a message of ours, and of what happened to one', () => {
    expect(byId(namesIn([echo]))).toEqual([named(REPLY), named('m1')].sort());
    expect(byId(namesIn([read]))).toEqual(['m1', 'm2', 'm9'].map(named).sort());
  });
});
