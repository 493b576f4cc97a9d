import { describe, expect, it } from '@jest/globals';
import type { ReplyAttachmentKind } from '@lienmach/contracts';
import { chooseThread, unfit, type ReplyThread } from './reply.rules.js';

const NOW = Date.UTC(2026, 10, 20, 2);
const HOUR = 60 * 60 * 1000;
const DAY = 24 * HOUR;

const chat = (rest: Partial<ReplyThread> = {}): ReplyThread => ({
  channel: 'facebook',
  vendor: 'facebook',
  account: 'page',
  thread: 'u1',
  kind: 'message',
  lastAt: NOW - HOUR,
  identifierId: 'i1',
  type: 'fb_psid',
  level: 'verified',
  ...rest,
});
const call = (rest: Partial<ReplyThread> = {}): ReplyThread =>
  chat({ channel: 'call', kind: 'call', thread: 'c1', identifierId: 'i2', ...rest });

describe('a reply', () => {
  it("goes to the thread of the customer's last word", () => {
    const threads = [
      chat({ thread: 'old', lastAt: NOW - DAY }),
      chat(),
      chat({ thread: 'older', lastAt: NOW - 2 * DAY }),
    ];
    expect(chooseThread(threads, null, NOW)).toEqual({
      kind: 'chosen',
      thread: threads[1],
      rules: expect.objectContaining({ longestText: 2_000 }),
      warnings: [],
    });
  });

  it('is taken to the last moment of seven days and not after', () => {
    const threads = [chat({ lastAt: NOW - 7 * DAY })];
    expect(chooseThread(threads, null, NOW).kind).toBe('chosen');
    expect(chooseThread(threads, null, NOW + 1)).toEqual({
      kind: 'refused',
      reason: 'window-closed',
      closedAt: NOW,
      channels: [],
    });
  });

  it('is refused where nothing is sent, naming the channel that is open, and never goes there by itself', () => {
    const threads = [call(), chat({ lastAt: NOW - 2 * HOUR })];
    expect(chooseThread(threads, null, NOW)).toEqual({
      kind: 'refused',
      reason: 'channel-sends-nothing',
      closedAt: null,
      channels: ['facebook'],
    });
    expect(chooseThread(threads, 'facebook', NOW)).toMatchObject({ kind: 'chosen', thread: threads[1] });
  });

  it('never goes to a number that is somebody else’s now, and names what is open', () => {
    const text = {
      channel: 'sms',
      vendor: 'twilio',
      thread: '+84900000123',
      type: 'phone',
      identifierId: 'i3',
    } as const;
    const threads = [chat({ ...text, givenAwayAt: NOW - 1 }), chat({ lastAt: NOW - 2 * HOUR })];
    const refused = { kind: 'refused', reason: 'somebody-elses-now', closedAt: NOW - 1, channels: ['facebook'] };
    expect(chooseThread(threads, null, NOW)).toEqual(refused);
    expect(chooseThread(threads, 'sms', NOW)).toEqual(refused);
    expect(chooseThread(threads, 'facebook', NOW)).toMatchObject({ kind: 'chosen' });
    expect(chooseThread([chat({ ...text, givenAwayAt: null })], null, NOW)).toMatchObject({ kind: 'chosen' });
  });

  it('to a comment is a comment, which everybody reads, however long ago that was', () => {
    const comment = chat({ kind: 'comment', type: 'fb_commenter', lastAt: NOW - 400 * DAY });
    expect(chooseThread([comment], null, NOW)).toMatchObject({
      kind: 'chosen',
      rules: { as: 'comment' },
      warnings: ['public'],
    });
    const latest = chat({ identifierId: 'i2', level: 'corroborated' });
    expect(chooseThread([comment, latest], comment, NOW)).toMatchObject({ warnings: ['unverified', 'public'] });
  });

  it('to a comment is private where that is wanted, within seven days of it', () => {
    const comment = chat({ kind: 'comment', type: 'fb_commenter', lastAt: NOW - 7 * DAY });
    expect(chooseThread([comment], null, NOW, true)).toMatchObject({
      kind: 'chosen',
      rules: { as: 'private-message', longestText: 2_000 },
      warnings: [],
    });
    // in public it can be answered still
    expect(chooseThread([comment], null, NOW + 1, true)).toEqual({
      kind: 'refused',
      reason: 'window-closed',
      closedAt: NOW,
      channels: ['facebook'],
    });
    expect(chooseThread([chat()], null, NOW, true)).toMatchObject({ reason: 'no-private-answer' });
    expect(chooseThread([call()], null, NOW, true)).toMatchObject({ reason: 'no-private-answer', channels: [] });
  });

  it('cannot answer a kind of another family as it answers a message', () => {
    expect(chooseThread([chat({ kind: 'mention' })], null, NOW)).toMatchObject({ reason: 'channel-sends-nothing' });
  });

  it('goes to the thread that is named, and nowhere if that is none of the conversation', () => {
    const threads = [chat(), chat({ thread: 'old', lastAt: NOW - DAY })];
    expect(chooseThread(threads, threads[1], NOW)).toMatchObject({ kind: 'chosen', thread: { thread: 'old' } });
    expect(chooseThread(threads, undefined, NOW)).toMatchObject({ reason: 'no-such-thread', channels: ['facebook'] });
  });

  it('to a mail whose sender is not proven warns, wherever it goes', () => {
    const mail = chat({ channel: 'email', vendor: 'smtp', type: 'mail_thread', lastAt: NOW - 1_000 * DAY });
    expect(chooseThread([mail], null, NOW)).toMatchObject({ kind: 'chosen', warnings: ['unverified'] });
    expect(chooseThread([{ ...mail, type: 'email' }], null, NOW)).toMatchObject({ kind: 'chosen', warnings: [] });
  });

  it('goes by a vendor that can send, whenever the customer wrote last', () => {
    const sms = { ...chat(), channel: 'sms', vendor: 'twilio', lastAt: NOW - 1_000 * 24 * HOUR };
    expect(chooseThread([sms], null, NOW)).toMatchObject({ kind: 'chosen', rules: { longestText: 1_600 } });
    expect(chooseThread([{ ...sms, vendor: 'nobody' }], null, NOW)).toMatchObject({ reason: 'channel-sends-nothing' });
  });

  it('needs a customer who wrote there', () => {
    expect(chooseThread([chat()], 'sms', NOW)).toMatchObject({ reason: 'no-such-thread', channels: ['facebook'] });
    expect(chooseThread([], null, NOW)).toMatchObject({ reason: 'no-such-thread', channels: [] });
  });

  it.each([
    ['verified', 'verified', []],
    ['corroborated', 'verified', ['unverified']],
    ['verified', 'corroborated', ['unverified']],
    ['verified', null, ['unverified']],
  ] as const)('on another channel, %s there and %s here, warns %j', (there, here, warnings) => {
    const threads = [call({ level: here }), chat({ level: there, lastAt: NOW - 2 * HOUR })];
    expect(chooseThread(threads, 'facebook', NOW)).toMatchObject({ kind: 'chosen', warnings });
  });
});

describe('what a reply says', () => {
  const files = (...kinds: ReplyAttachmentKind[]) =>
    kinds.map((kind) => ({ kind, url: `https://shop.example/${kind}`, name: null }));
  const texts = { windowHours: null, longestText: 5 };
  const files1 = { ...texts, attachments: { kinds: ['image', 'file'], most: 1 } } as const;
  const files2 = { ...texts, attachments: { kinds: ['image', 'file'], most: 2 } } as const;

  it.each([
    ['a text', texts, { text: 'vâng ', attachments: [] }, null],
    ['a text too long', texts, { text: 'vâng ạ', attachments: [] }, 'text must not be longer than 5 characters there'],
    [
      'a file where only texts are sent',
      texts,
      { text: '', attachments: files('file') },
      'attachments are not sent there: send a text',
    ],
    ['a file alone', files1, { text: '', attachments: files('file') }, null],
    [
      'another kind',
      files2,
      { text: '', attachments: files('image', 'audio') },
      'attachments.1.kind must be image, file there',
    ],
    [
      'too many',
      files1,
      { text: '', attachments: files('image', 'image') },
      'attachments must not be more than 1 there',
    ],
    ['both', files2, { text: 'dạ', attachments: files('image', 'file') }, null],
  ] as const)('%s', (_, rules, content, wanted) => {
    const wrong = unfit(content, rules);
    expect(wrong && `${wrong.field} ${wrong.detail}`).toBe(wanted);
  });
});
