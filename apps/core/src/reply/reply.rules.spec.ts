import { describe, expect, it } from '@jest/globals';
import { chooseThread, type ReplyThread } from './reply.rules.js';

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
      longestText: 2_000,
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

  it('cannot answer a comment as it answers a message', () => {
    expect(chooseThread([chat({ kind: 'comment' })], null, NOW)).toMatchObject({ reason: 'channel-sends-nothing' });
  });

  it('to a mail whose sender is not proven warns, wherever it goes', () => {
    const mail = chat({ channel: 'email', vendor: 'smtp', type: 'mail_thread', lastAt: NOW - 1_000 * DAY });
    expect(chooseThread([mail], null, NOW)).toMatchObject({ kind: 'chosen', warnings: ['unverified'] });
    expect(chooseThread([{ ...mail, type: 'email' }], null, NOW)).toMatchObject({ kind: 'chosen', warnings: [] });
  });

  it('goes by a vendor that can send, whenever the customer wrote last', () => {
    const sms = { ...chat(), channel: 'sms', vendor: 'twilio', lastAt: NOW - 1_000 * 24 * HOUR };
    expect(chooseThread([sms], null, NOW)).toMatchObject({ kind: 'chosen', longestText: 1_600 });
    expect(chooseThread([{ ...sms, vendor: 'vcom' }], null, NOW)).toMatchObject({ reason: 'channel-sends-nothing' });
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
