import { describe, expect, it } from '@jest/globals';
import type { ChannelEvent, EventType } from '@lienmach/contracts';
import { deliveryWith } from './delivery.rules.js';
import { AGENT, BOT, MINUTE, NINE, SECOND, content, event, received, sent } from './fixtures/events.js';
import { permutations } from './fixtures/permutations.js';
import { foldItem, itemKeysOf } from './item.rules.js';

/** The fold, which has to be the same in every order and with each event twice. */
function folded(events: readonly ChannelEvent[]): ReturnType<typeof foldItem> {
  const [first, ...others] = permutations(events).map((order) => foldItem([...order, ...events]));
  for (const other of others) expect(other).toEqual(first);
  return first!;
}

describe('the items that an event names', () => {
  it.each<[string, ChannelEvent, string[]]>([
    ['a message names itself', received('hi', { id: 'm9' }), ['m9']],
    ['a postback names itself', event('postback.received', { title: 'x', payload: null }, { id: 'p1' }), ['p1']],
    [
      'a hand-over names itself',
      event('thread.handed-over', { action: 'taken', from: null, to: null }, { id: 'h' }),
      ['h'],
    ],
    ['an edit names its target', event('message.edited', { ...content('x'), target: 'm1', editNumber: 1 }), ['m1']],
    ['a removal names its target', event('message.removed', { target: 'm1' }), ['m1']],
    ['a hide names its target', event('comment.hidden', { target: 'c1', hidden: true }), ['c1']],
    ['a reaction names its target', event('reaction.added', { target: 'm1', reaction: 'love', emoji: null }), ['m1']],
    [
      'a receipt names each target once',
      event('message.read', { targets: ['m1', 'm2', 'm1'], watermark: null }),
      ['m1', 'm2'],
    ],
    ['a watermark names none', event('message.read', { targets: [], watermark: new Date(NINE).toISOString() }), []],
    ['a ring names its call', event('call.ringing', { callId: 'c7' }), ['c7']],
    ['a recording names its call', event('call.recorded', { callId: 'c7', url: null }), ['c7']],
    ['pressed digits name their call', event('call.keyed', { callId: 'c7', digits: '1', purpose: 'ivr' }), ['c7']],
    ['a voicemail names its call', event('voicemail.left', { callId: 'c7', url: null }), ['c7']],
  ])('%s', (_, one, keys) => {
    expect(itemKeysOf(one)).toEqual(keys);
  });
});

describe('a message', () => {
  it('waits, counts and hangs on who wrote it', () => {
    expect(folded([received('Đơn DH1024 đâu rồi?')])).toMatchObject({
      hasBase: true,
      kind: 'message',
      type: 'message.received',
      text: 'Đơn DH1024 đâu rồi?',
      at: NINE,
      receivedAt: NINE + 300,
      hash: received('x').id,
      identifier: 'fb_psid:page:u1',
      customer: true,
      counts: true,
      waits: true,
      stopsAt: null,
      delivery: null,
      edited: false,
      removed: false,
    });
  });

  it('edited three times shows the edit with the highest number, whatever the times say', () => {
    const edit = (text: string, editNumber: number, at: number): ChannelEvent =>
      event('message.edited', { ...content(text), target: 'm1', editNumber }, { id: `e${editNumber}`, at });
    const item = folded([received('a'), edit('b', 1, 3000), edit('d', 3, 2000), edit('c', 2, 4000)]);
    expect(item).toMatchObject({ text: 'd', edited: true, at: NINE, waits: true });
  });

  it('edited without numbers shows the latest edit, and keeps a picture that the edit does not speak of', () => {
    const picture = { kind: 'image', url: 'https://x/1.jpg', name: null };
    const base = event('comment.received', { ...content('a', [picture]), claims: [], parent: null }, { id: 'c1' });
    const edit = (text: string, at: number): ChannelEvent =>
      event('comment.edited', { ...content(text), target: 'c1', editNumber: null }, { at });
    expect(folded([base, edit('c', 2000), edit('b', 1000)])).toMatchObject({ text: 'c', attachments: [picture] });
  });

  it('removed stays as an item that shows nothing and waits for nothing', () => {
    const item = folded([received('mật khẩu của em là …'), event('message.removed', { target: 'm1' }, { at: 1000 })]);
    expect(item).toMatchObject({
      removed: true,
      text: null,
      attachments: [],
      waits: false,
      counts: true,
      hasBase: true,
    });
    expect(JSON.stringify(item)).not.toContain('mật khẩu');
  });

  it('of a mail keeps the subject and the whole text, until it is edited or removed', () => {
    const mail = event(
      'message.received',
      { ...content('Vâng'), claims: [], subject: 'Re: Đơn', fullText: 'Vâng\n> Anh?' },
      { id: 'm1' },
    );
    const edit = event('message.edited', { target: 'm1', ...content('Không') }, { at: 1000 });
    const removal = event('message.removed', { target: 'm1' }, { at: 2000 });

    expect(folded([mail])).toMatchObject({ text: 'Vâng', subject: 'Re: Đơn', fullText: 'Vâng\n> Anh?' });
    expect(folded([mail, edit])).toMatchObject({ text: 'Không', subject: 'Re: Đơn', fullText: null });
    expect(folded([mail, removal])).toMatchObject({ text: null, subject: null, fullText: null });
    expect(folded([received('a')])).toMatchObject({ subject: null, fullText: null });
  });

  it('hidden, shown and hidden again is hidden', () => {
    const base = event('comment.received', { ...content('a'), claims: [], parent: null }, { id: 'c1' });
    const hide = (hidden: boolean, at: number): ChannelEvent =>
      event(hidden ? 'comment.hidden' : 'comment.shown', { target: 'c1', hidden }, { at });
    expect(folded([base, hide(true, 1000), hide(false, 2000), hide(true, 3000)]).hidden).toBe(true);
    expect(folded([base, hide(true, 1000), hide(false, 2000)]).hidden).toBe(false);
  });

  it('known only from what was done to it is not shown yet', () => {
    const item = folded([
      event('reaction.added', { target: 'm1', reaction: 'love', emoji: '❤' }, { at: 5000 }),
      event('message.removed', { target: 'm1' }, { at: 6000 }),
    ]);
    expect(item).toMatchObject({ hasBase: false, at: NINE + 5000, waits: false });
  });

  it('of two versions of one event the one received first counts', () => {
    expect(folded([received('first', { delay: 100 }), received('second', { delay: 900 })])).toMatchObject({
      text: 'first',
      receivedAt: NINE + 100,
    });
    const same = folded([received('one'), received('two')]).text;
    expect(foldItem([received('two'), received('one')]).text).toBe(same);
  });

  it('does not look at the order of the keys of an event', () => {
    const turned = (one: ChannelEvent): ChannelEvent => Object.fromEntries(Object.entries(one).reverse()) as never;
    for (const text of ['two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine']) {
      const [one, other] = [received('one'), received(text)];
      expect(foldItem([turned(one), other])).toEqual(foldItem([one, other]));
      expect(foldItem([one, turned(other)])).toEqual(foldItem([one, other]));
    }
  });

  it('answers what it quotes, a reply under a comment answers its parent', () => {
    expect(folded([event('message.received', { ...content('x', [], 'm0'), claims: [] })])).toMatchObject({
      answers: 'm0',
      replyTo: 'm0',
    });
    expect(folded([event('comment.received', { ...content('x'), claims: [], parent: 'c0' })]).answers).toBe('c0');
  });
});

describe('reactions', () => {
  const react = (type: 'added' | 'removed', reaction: string | null, at: number, author?: unknown): ChannelEvent =>
    event(
      `reaction.${type}`,
      { target: 'm1', reaction, emoji: null, ...(author ? { author } : {}) },
      { at, id: `${type}${at}` },
    );
  const shown = (...events: ChannelEvent[]): (string | null)[] =>
    folded([received('x'), ...events]).reactions.map(({ reaction, author }) => `${author.kind}:${reaction}`);

  it.each<[string, ChannelEvent[], string[]]>([
    [
      'two by one author are two',
      [react('added', 'love', 1), react('added', 'sad', 2)],
      ['customer:love', 'customer:sad'],
    ],
    ['one given twice is one', [react('added', 'love', 1), react('added', 'love', 2)], ['customer:love']],
    ['one taken back is none', [react('added', 'love', 1), react('removed', 'love', 2)], []],
    [
      'one given again is one',
      [react('added', 'love', 1), react('removed', 'love', 2), react('added', 'love', 3)],
      ['customer:love'],
    ],
    [
      'taken back without a name is all of this author',
      [react('added', 'love', 1), react('added', 'sad', 2, AGENT), react('removed', null, 3)],
      ['agent:sad'],
    ],
  ])('%s', (_, events, reactions) => {
    expect(shown(...events)).toEqual(reactions);
  });
});

describe('what the business sends', () => {
  const receipt = (type: 'delivered' | 'read' | 'failed', at: number, reason?: string): ChannelEvent =>
    event(`message.${type}`, { targets: ['m2'], watermark: null, reason: reason ?? null, author: AGENT }, { at });

  it('stops the clock when a person wrote it, and only may when a bot did', () => {
    expect(folded([sent('Dạ em kiểm tra ngay')])).toMatchObject({
      customer: false,
      counts: true,
      waits: false,
      stopsAt: NINE,
      botAt: null,
      delivery: { state: 'sent', reason: null },
      identifier: 'fb_psid:page:u1',
    });
    expect(folded([sent('Xin chào', {}, BOT)])).toMatchObject({ stopsAt: null, botAt: NINE, counts: true });
  });

  it.each<[string, ChannelEvent[], object, boolean]>([
    ['delivered', [receipt('delivered', 1)], { state: 'delivered', reason: null }, true],
    [
      'read before its delivery is told',
      [receipt('read', 1), receipt('delivered', 2)],
      { state: 'read', reason: null },
      true,
    ],
    ['failed', [receipt('failed', 1, 'window')], { state: 'failed', reason: 'window' }, false],
    [
      'delivered and then bounced',
      [receipt('delivered', 1), receipt('failed', 2, 'full')],
      { state: 'failed', reason: 'full' },
      false,
    ],
    [
      'failed and then delivered',
      [receipt('failed', 1, 'busy'), receipt('delivered', 2)],
      { state: 'delivered', reason: null },
      true,
    ],
  ])('%s', (_, receipts, delivery, stops) => {
    const item = folded([sent('x'), ...receipts]);
    expect(item.delivery).toEqual(delivery);
    expect(item.stopsAt).toBe(stops ? NINE : null);
  });

  it('is our own send rather than its echo', () => {
    const echo = event('message.sent', { ...content('echo'), claims: [], author: BOT }, { id: 'e', at: -SECOND });
    const own = event('message.sent', { ...content('own'), claims: [], author: AGENT, commandId: 'cmd' }, { id: 'o' });
    expect(folded([echo, own])).toMatchObject({ text: 'own', commandId: 'cmd', stopsAt: NINE });
  });
});

describe('notices', () => {
  it.each<[string, ChannelEvent, object]>([
    [
      'a button counts, but waits for nothing',
      event('postback.received', { title: 'Giá', payload: 'PRICE' }),
      { counts: true, waits: false, postback: { title: 'Giá', payload: 'PRICE' } },
    ],
    [
      'a form waits',
      event('form.submitted', { fields: [{ name: 'a', value: 'b' }], claims: [] }),
      { counts: true, waits: true, fields: [{ name: 'a', value: 'b' }] },
    ],
    ['a mention counts', event('mention.received', content('@shop')), { counts: true, waits: false }],
    [
      'a referral does not count',
      event('referral.received', { ref: 'ad', source: 'ADS', adId: '1' }),
      { counts: false, waits: false, referral: { ref: 'ad', source: 'ADS', adId: '1' } },
    ],
    ['a follow does not count', event('contact.followed', { purpose: null }), { counts: false }],
    [
      'a hand-over does not count',
      event('thread.handed-over', { action: 'passed', from: 'a', to: 'b', author: BOT }),
      { counts: false, stopsAt: null, handover: { action: 'passed', from: 'a', to: 'b' } },
    ],
    [
      'a machine that answers waits for nothing',
      event('message.received', { ...content('Tôi đi vắng'), claims: [], automatic: 'auto-reply' }),
      { counts: false, waits: false, automatic: 'auto-reply' },
    ],
    [
      'what another application saw is flagged',
      event('message.received', { ...content('x'), claims: [], standby: true }),
      { standby: true, waits: true },
    ],
    [
      "an anonymous comment is nobody's",
      event('comment.received', {
        ...content('x'),
        claims: [],
        parent: null,
        author: { kind: 'customer', identifiers: [], name: null },
      }),
      { identifier: null, customerAuthor: true },
    ],
    ['a late one is flagged', received('x', { late: true, delay: 20 * MINUTE }), { late: true }],
  ])('%s', (_, one, expected) => {
    expect(folded([one])).toMatchObject(expected);
  });
});

describe('a reply of ours', () => {
  const LAN = { kind: 'agent', identifiers: [], name: 'Lan', id: null } as const;
  const OURS = { ...content('Dạ còn ạ'), claims: [], commandId: 'cmd' };
  const asked = event('message.queued', { ...OURS, author: LAN }, { id: 'cmd|queued', identifier: 'fb_psid:page:u1' });
  const sending = event('message.sent', { ...OURS, author: LAN, sentAs: ['m5'] }, { id: 'cmd', at: 2 * SECOND });
  const echo = event('message.sent', { ...OURS, author: AGENT }, { id: 'm5', at: 3 * SECOND });
  const receipt = (type: EventType, at: number, reason: string | null = null): ChannelEvent =>
    event(type, { targets: ['cmd'], watermark: null, reason }, { at });

  describe('in several parts', () => {
    const parts = event('message.sent', { ...OURS, author: LAN, sentAs: ['p1', 'p2', 'p3'] }, { id: 'cmd' });
    const of = (state: 'delivered' | 'failed', at: number, ...targets: string[]): ChannelEvent =>
      event(`message.${state}`, { targets, watermark: null, reason: state === 'failed' ? 'absent' : null }, { at });

    it.each<[string, ChannelEvent[], string, string | null]>([
      ['is sent while one has not arrived', [of('delivered', 1, 'p1'), of('delivered', 2, 'p3')], 'sent', null],
      ['is delivered with the last', [of('delivered', 1, 'p1', 'p3'), of('delivered', 2, 'p2')], 'delivered', null],
      [
        'failed with any of them, whatever the others did later',
        [of('failed', 1, 'p1'), of('delivered', 2, 'p2'), of('delivered', 3, 'p3')],
        'failed',
        'absent',
      ],
      [
        'is delivered where the part came through at last',
        [of('failed', 1, 'p1'), of('delivered', 2, 'cmd')],
        'delivered',
        null,
      ],
    ])('%s', (_, receipts, state, reason) => {
      expect(folded([asked, parts, ...receipts]).delivery).toEqual({ state, reason });
    });
  });

  it.each<[string, ChannelEvent[], string, string | null, number | null]>([
    ['that is asked for is queued and answers nothing yet', [asked], 'queued', null, null],
    ['that was sent', [asked, sending], 'sent', null, NINE + 2 * SECOND],
    ['of which only the echo tells', [asked, echo], 'sent', null, NINE + 3 * SECOND],
    ['whose send is told beats its echo', [asked, echo, sending], 'sent', null, NINE + 2 * SECOND],
    [
      'that was delivered',
      [asked, sending, receipt('message.delivered', MINUTE)],
      'delivered',
      null,
      NINE + 2 * SECOND,
    ],
    ['that was read', [asked, sending, echo, receipt('message.read', MINUTE)], 'read', null, NINE + 2 * SECOND],
    ['that failed', [asked, receipt('message.failed', MINUTE, 'blocked')], 'failed', 'blocked', null],
    ['of which nobody knows', [asked, receipt('message.unconfirmed', MINUTE, 'timeout')], 'unknown', 'timeout', null],
    [
      'of which nobody knew until its echo came',
      [asked, receipt('message.unconfirmed', MINUTE, 'timeout'), echo],
      'sent',
      null,
      NINE + 3 * SECOND,
    ],
  ])('%s', (_, events, state, reason, stopsAt) => {
    expect(folded(events)).toMatchObject({
      hasBase: true,
      text: 'Dạ còn ạ',
      commandId: 'cmd',
      delivery: { state, reason },
      stopsAt,
      hash: asked.id,
      author: { kind: 'agent', name: 'Lan', id: null },
    });
  });

  const picture = { kind: 'image', url: 'https://shop.example/1.jpg', name: null } as const;
  const asked2 = event(
    'message.queued',
    { ...OURS, content: { text: 'Dạ còn ạ', attachments: [picture], replyTo: null }, author: LAN },
    { id: 'cmd|queued', identifier: 'fb_psid:page:u1' },
  );
  const failed2 = (type: EventType): ChannelEvent =>
    event(
      type,
      { targets: ['cmd'], watermark: null, reason: 'blocked', commandId: 'cmd', sentAs: ['m5'], partly: true },
      { at: 4 * SECOND },
    );

  it.each([
    ['message.failed', 'failed'],
    ['message.unconfirmed', 'unknown'],
  ] as const)('of which a part was taken is not made whole by what is heard of the part: %s', (type, state) => {
    const events = [asked2, echo, failed2(type), receipt('message.read', MINUTE)];
    expect(folded(events)).toMatchObject({
      text: 'Dạ còn ạ',
      attachments: [picture],
      delivery: { state, reason: 'blocked' },
    });
  });

  it('has the words that were asked for, though the echo of a part is all that came', () => {
    const part = event(
      'message.sent',
      {
        ...OURS,
        content: { text: null, attachments: [{ ...picture, url: 'https://cdn.example/9.jpg' }], replyTo: null },
      },
      { id: 'm6', at: 3 * SECOND },
    );
    expect(folded([asked2, part])).toMatchObject({ text: 'Dạ còn ạ', attachments: [picture] });
  });

  it.each(['queued', 'failed', 'unknown'] as const)('that is %s is covered by no watermark', (state) => {
    const delivery = { state, reason: null };
    expect(deliveryWith({ delivery, at: NINE }, { readUpTo: NINE + MINUTE, deliveredUpTo: NINE + MINUTE })).toBe(
      delivery,
    );
  });
});
