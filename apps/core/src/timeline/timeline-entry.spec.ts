import { describe, expect, it } from '@jest/globals';
import { maskingFor } from '../access/masking.js';
import type { ItemState } from '../conversation/item-state.js';
import { itemEntry, switchEntry } from './timeline-entry.js';
import type { ItemRow } from './timeline.repository.js';

const AT = Date.parse('2026-11-20T02:15:30.120Z');

const message: ItemState = {
  hasBase: true,
  hash: 'e1',
  at: AT,
  receivedAt: AT,
  late: false,
  clock: false,
  kind: 'message',
  type: 'message.received',
  channel: 'chat',
  vendor: 'chat',
  account: '1234567890',
  thread: '7788990011223344',
  direction: 'inbound',
  author: { kind: 'customer', name: 'Nguyễn An', id: null },
  identifier: null,
  customerAuthor: true,
  customer: true,
  counts: true,
  waits: true,
  stopsAt: null,
  botAt: null,
  thanks: false,
  call: null,
  answers: null,
  text: 'SĐT em 0900 000 123',
  subject: null,
  fullText: null,
  attachments: [{ kind: 'image', url: 'https://cdn.example/1.jpg', name: null }],
  replyTo: null,
  references: [],
  replyToken: null,
  orderCodes: [],
  edited: false,
  removed: false,
  hidden: false,
  reactions: [],
  delivery: null,
  callState: null,
  standby: false,
  automatic: null,
  quickReply: null,
  commandId: null,
  postback: null,
  referral: null,
  purpose: null,
  fields: null,
  handover: null,
};

const row = (state: Partial<ItemState>, marks: Partial<ItemRow> = {}): ItemRow => ({
  id: 'i1',
  at: AT,
  hash: 'e1',
  state: { ...message, ...state },
  personId: 'p1',
  conversationId: 'c1',
  ambiguous: false,
  readUpTo: null,
  deliveredUpTo: null,
  ...marks,
});

const agent = maskingFor('agent');
const analyst = maskingFor('analyst');

describe('timeline entry', () => {
  it('shows an item exactly as clients were promised', () => {
    expect(itemEntry(row({}), agent)).toEqual({
      id: 'i1',
      kind: 'message',
      type: 'message.received',
      channel: 'chat',
      vendor: 'chat',
      account: '1234567890',
      thread: '7788990011223344',
      direction: 'inbound',
      author: { kind: 'customer', name: 'Nguyễn An', id: null },
      at: '2026-11-20T02:15:30.120Z',
      late: false,
      text: 'SĐT em 0900 000 123',
      attachments: [{ kind: 'image', url: 'https://cdn.example/1.jpg', name: null }],
      replyTo: null,
      edited: false,
      removed: false,
      hidden: false,
      reactions: [],
      delivery: null,
      reason: null,
      call: null,
      conversationId: 'c1',
      ambiguous: false,
      personId: 'p1',
    });
  });

  it('lifts the delivery of what the business sent by the watermarks of the thread', () => {
    const sent = { direction: 'outbound', delivery: { state: 'sent', reason: null } } as const;

    expect(itemEntry(row(sent), agent).delivery).toBe('sent');
    expect(itemEntry(row(sent, { deliveredUpTo: AT }), agent).delivery).toBe('delivered');
    expect(itemEntry(row(sent, { deliveredUpTo: AT + 1, readUpTo: AT }), agent).delivery).toBe('read');
    expect(itemEntry(row(sent, { readUpTo: AT - 1 }), agent).delivery).toBe('sent');
  });

  it('tells why a delivery failed', () => {
    const failed = row({ delivery: { state: 'failed', reason: 'outside-window' } }, { readUpTo: AT });

    expect(itemEntry(failed, agent)).toMatchObject({ delivery: 'failed', reason: 'outside-window' });
  });

  it('shows a call as one item with its state, and its times as text', () => {
    const callState = {
      id: 'c-77',
      state: 'ended',
      direction: 'inbound',
      answered: true,
      answeredAt: AT,
      endedAt: AT,
      ringSeconds: 12,
      talkSeconds: 95,
      agent: 'ext-101',
      hotline: '1900000001',
      queue: null,
      recordingUrl: 'https://pbx.example/1.mp3',
      voicemailUrl: null,
      voicemail: false,
      transcript: 'số của em là 0900000123',
      endedBy: null,
      cause: null,
      digits: [{ digits: '5', purpose: 'survey', at: AT }],
      transfers: [],
    } as const;
    const item = row({ kind: 'call', text: null, callState });

    expect(itemEntry(item, agent).call).toEqual({
      id: 'c-77',
      state: 'ended',
      answered: true,
      ringSeconds: 12,
      talkSeconds: 95,
      agent: 'ext-101',
      hotline: '1900000001',
      queue: null,
      recordingUrl: 'https://pbx.example/1.mp3',
      voicemail: false,
      voicemailUrl: null,
      transcript: 'số của em là 0900000123',
      endedBy: null,
      cause: null,
      digits: [{ digits: '5', purpose: 'survey', at: '2026-11-20T02:15:30.120Z' }],
    });
    expect(itemEntry(item, analyst).call).toMatchObject({ recordingUrl: null, transcript: 'số của em là ***123' });
  });

  it('masks for analysts: names, numbers in texts, pictures, places; not the names of agents', () => {
    const place = { kind: 'location', url: null, name: null, latitude: 10.7, longitude: 106.6 } as const;
    const shown = itemEntry(row({ attachments: [...message.attachments, place] }), analyst);
    const reply = itemEntry(row({ author: { kind: 'agent', name: 'Lan', id: 'ext-1' } }), analyst);

    expect(JSON.stringify(shown)).not.toMatch(/0900|Nguyễn|cdn|10\.7|106\.6/);
    expect(shown.author.name).toBe('N*** A***');
    expect(reply.author.name).toBe('Lan');
  });

  it('keeps what only some kinds have', () => {
    const form = row({ kind: 'form', fields: [{ name: 'phone', value: '0900000123' }] });

    expect(itemEntry(form, agent).fields).toEqual([{ name: 'phone', value: '0900000123' }]);
    expect(itemEntry(form, analyst).fields).toEqual([{ name: 'phone', value: '***123' }]);
  });

  it('shows of a mail what was written this time and the whole, masked alike', () => {
    const mail = row({ subject: 'Re: SĐT 0900000123', text: 'Vâng', fullText: 'Vâng\n> Số của anh là 0900000123?' });

    expect(itemEntry(mail, agent)).toMatchObject({
      subject: 'Re: SĐT 0900000123',
      text: 'Vâng',
      fullText: 'Vâng\n> Số của anh là 0900000123?',
    });
    expect(itemEntry(mail, analyst)).toMatchObject({
      subject: 'Re: SĐT ***123',
      fullText: 'Vâng\n> Số của anh là ***123?',
    });
  });

  it('shows a switch of channels as an item of its own', () => {
    const change = { id: 's1', at: AT, from: 'chat', to: 'phone', personId: 'p1', conversationId: 'c1' };

    expect(switchEntry(change)).toEqual({
      id: 's1',
      kind: 'channel-switch',
      type: 'conversation.channel-switched',
      at: '2026-11-20T02:15:30.120Z',
      from: 'chat',
      to: 'phone',
      conversationId: 'c1',
      personId: 'p1',
    });
  });
});
