import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { channelTopic, TOPICS } from '@lienmach/contracts';
import {
  callRequest,
  demo,
  facebookMessages,
  startPipeline,
  waitUntil,
  type CallEvent,
  type Message,
  type Pipeline,
  type TimelineItem,
} from '../support/index.js';

const minute = 60_000;
const iso = (at: number) => new Date(at).toISOString();

describe('one customer, one timeline', () => {
  let pipeline: Pipeline;

  beforeAll(async () => {
    pipeline = await startPipeline();
  }, 120_000);

  afterAll(() => pipeline?.stop(), 30_000);

  async function write(message: Message): Promise<void> {
    expect(await pipeline.send(facebookMessages([message]))).toMatchObject({ status: 200 });
  }

  async function call(event: Omit<CallEvent, 'eventId'>): Promise<void> {
    const webhook = callRequest({ eventId: `${event.callId}-${event.event}`, ...event });
    expect(await pipeline.send(webhook)).toMatchObject({ status: 200 });
  }

  /** Waits until everything sent is threaded and published, and until the identifier is one person with so many items. */
  async function timelineOf(type: 'fb_psid' | 'phone', value: string, length: number): Promise<TimelineItem[]> {
    let seen: TimelineItem[] = [];
    const scope = type === 'fb_psid' ? demo.page : undefined;
    try {
      return await waitUntil(`${length} items of ${type} ${value}`, async () => {
        const people = await pipeline.api.peopleOf(type, value, scope);
        seen = people.length === 1 ? await pipeline.api.timeline(people[0] as string) : [];
        if (seen.length !== length || !(await pipeline.isIdle())) return undefined;
        // an item is there a moment before its conversation
        return pipeline.api.timeline(people[0] as string);
      });
    } catch (error) {
      (error as Error).message += `; last seen: ${JSON.stringify(seen, null, 1)}\n${pipeline.logs()}`;
      throw error;
    }
  }

  const personOf = (item: TimelineItem | undefined) => item?.personId as string;
  const conversationOf = (item: TimelineItem | undefined) => pipeline.api.conversation(item?.conversationId as string);

  it('a Fanpage complaint with a number, then a call from it that is answered: one person, one conversation, the clock stops at the answer', async () => {
    const psid = '7100000000000001';
    const phone = '+84905111222';
    const start = Date.now() - 60 * minute;
    const answered = start + 20 * minute;
    await write({ mid: 'm1', psid, text: 'Đơn DH1024 đâu rồi shop? SĐT em 0905 111 222', at: start });
    await timelineOf('fb_psid', psid, 1);
    await call({ callId: 'call-1', event: 'ringing', customerNumber: phone, at: answered - 12_000 });
    await call({ callId: 'call-1', event: 'answered', customerNumber: phone, at: answered });
    await call({ callId: 'call-1', event: 'ended', customerNumber: phone, at: answered + 95_000, talkSeconds: 95 });

    const items = await timelineOf('fb_psid', psid, 3);
    expect(items.map(({ kind }) => kind)).toEqual(['message', 'channel-switch', 'call']);
    expect(items[1]).toMatchObject({ from: 'facebook', to: 'call' });
    expect(items[2]).toMatchObject({ call: { id: 'call-1', state: 'ended', answered: true, talkSeconds: 95 } });
    expect(await timelineOf('phone', '0905111222', 3)).toEqual(items);

    const conversation = await conversationOf(items[0]);
    expect(new Set(items.map(({ conversationId }) => conversationId))).toEqual(new Set([conversation.id]));
    expect(conversation).toMatchObject({
      state: 'open',
      channels: ['facebook', 'call'],
      clock: { waitingSince: null, stage: 'stopped', stoppedBy: 'call', stoppedAt: iso(answered) },
    });
    const person = await pipeline.api.person(personOf(items[0]));
    expect(person.identifiers.map(({ type, level }) => [type, level]).sort()).toEqual([
      ['fb_psid', 'verified'],
      ['phone', 'corroborated'],
    ]);
    const why = await pipeline.api.why(person.id);
    expect(why.steps).toMatchObject([{ kind: 'claim-then-call', rule: 'I5', level: 'corroborated' }]);

    await write({ mid: 'm2', psid, text: 'Vẫn chưa thấy', at: start + 30 * minute });
    const all = await timelineOf('fb_psid', psid, 5);
    expect(all.slice(3).map(({ kind, text }) => text ?? kind)).toEqual(['channel-switch', 'Vẫn chưa thấy']);
    expect(await conversationOf(all[4])).toMatchObject({
      id: conversation.id,
      clock: { waitingSince: iso(start + 30 * minute) },
    });
  }, 60_000);

  it('tells the same story to whoever reads the topics', async () => {
    const about = async (topic: string) => (await pipeline.events(topic)).filter(({ subject }) => subject === id);
    const [message] = (await pipeline.events(channelTopic('facebook'))).filter(
      ({ data }) => data.vendorEventId === 'm1',
    );
    expect(message).toMatchObject({
      key: `demo|facebook|${demo.page}|7100000000000001`,
      data: { claims: [{ type: 'phone', value: '+84905111222' }] },
    });
    const interactions = (await pipeline.events(TOPICS.interactionEvents)).filter(({ tenant }) => tenant === 'demo');
    expect(interactions.map(({ data }) => data.vendorEventId).sort()).toEqual([
      'call-1-answered',
      'call-1-ended',
      'call-1-ringing',
      'm1',
      'm2',
    ]);
    const id = interactions.find(({ data }) => data.vendorEventId === 'm2')?.conversation as string;
    const conversations = await about(TOPICS.conversationEvents);
    expect(conversations.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['conversation.opened', 'conversation.channel-switched', 'conversation.replied']),
    );
    const targets = await about(TOPICS.targetEvents);
    expect(targets).toContainEqual(
      expect.objectContaining({
        type: 'target.stopped',
        data: expect.objectContaining({ wallMs: 20 * minute, stoppedBy: 'call' }),
      }),
    );
    const map = await pipeline.records(TOPICS.identityMap);
    const persons = map.map(({ value }) => (JSON.parse(String(value)) as { personId: string }).personId);
    expect(persons).toContain(interactions.find(({ data }) => data.vendorEventId === 'm2')?.personasof);
  }, 60_000);

  it('a missed call and the call back are one conversation, whose clock stops at the answer', async () => {
    const phone = '+84905333444';
    const start = Date.now() - 50 * minute;
    await call({ callId: 'call-2', event: 'ringing', customerNumber: phone, at: start });
    await call({ callId: 'call-2', event: 'missed', customerNumber: phone, at: start + 30_000 });
    const [missed] = await timelineOf('phone', phone, 1);
    expect(missed).toMatchObject({ call: { state: 'missed', answered: false } });
    const waiting = await conversationOf(missed);
    expect(waiting.clock.waitingSince).not.toBeNull();

    const back = { callId: 'call-3', customerNumber: phone, direction: 'outbound' } as const;
    await call({ ...back, event: 'ringing', at: start + 40 * minute });
    await call({ ...back, event: 'answered', at: start + 41 * minute });
    const items = await timelineOf('phone', phone, 2);
    const conversation = await conversationOf(items[1]);
    expect(conversation).toMatchObject({
      id: waiting.id,
      clock: { waitingSince: null, stoppedBy: 'call', stoppedAt: iso(start + 41 * minute) },
    });
    expect(conversation.segments.map(({ linkedBy }) => linkedBy)).toEqual([null, 'call-back']);
  }, 60_000);

  it('a resolved conversation is reopened by the customer who comes back', async () => {
    const psid = '7100000000000002';
    await write({ mid: 'm3', psid, text: 'Áo bị rách', at: Date.now() - minute });
    const [complaint] = await timelineOf('fb_psid', psid, 1);
    const id = complaint?.conversationId as string;
    await pipeline.api.post(`/v1/conversations/${id}/resolve`, { reason: 'refunded' });
    await waitUntil('the conversation to be resolved', async () => {
      const { state, clock } = await pipeline.api.conversation(id);
      return state === 'resolved' && clock.waitingSince === null && clock.stoppedBy === 'resolve';
    });

    await write({ mid: 'm4', psid, text: 'Áo mới cũng rách', at: Date.now() });
    const items = await timelineOf('fb_psid', psid, 2);
    expect(items[1]?.conversationId).toBe(id);
    expect(await pipeline.api.conversation(id)).toMatchObject({ state: 'open', clock: { stage: 'running' } });
  }, 60_000);

  it('an agent joins two people and takes it back: each item falls back to its own', async () => {
    const [one, other] = ['7100000000000003', '7100000000000004'];
    await write({ mid: 'm5', psid: one, text: 'của người một', at: Date.now() - 2 * minute });
    await write({ mid: 'm6', psid: other, text: 'của người hai', at: Date.now() - minute });
    const before = [await timelineOf('fb_psid', one, 1), await timelineOf('fb_psid', other, 1)] as const;
    const [first, second] = before.map(([item]) => personOf(item)) as [string, string];
    expect(first).not.toBe(second);

    const body = { personId: second, reason: 'confirmed on the phone' };
    const { evidenceId } = await pipeline.api.post<{ evidenceId: string }>(`/v1/people/${first}/same-as`, body);
    const joined = await timelineOf('fb_psid', one, 2);
    expect(joined.map(({ text }) => text)).toEqual(['của người một', 'của người hai']);
    expect(await timelineOf('fb_psid', other, 2)).toEqual(joined);

    await pipeline.api.post(`/v1/evidence/${evidenceId}/retract`, { reason: 'wrong person' });
    expect(await timelineOf('fb_psid', one, 1)).toEqual(before[0]);
    expect(await timelineOf('fb_psid', other, 1)).toEqual(before[1]);
  }, 60_000);

  it("last week's event takes its place by its own time and is flagged late; one from tomorrow gets the time of receipt and is flagged clock", async () => {
    const psid = '7100000000000005';
    const now = Date.now();
    const lastWeek = now - 7 * 24 * 60 * minute;
    await write({ mid: 'now', psid, text: 'hôm nay', at: now });
    await timelineOf('fb_psid', psid, 1);
    await write({ mid: 'old', psid, text: 'tuần trước', at: lastWeek });
    await write({ mid: 'skewed', psid, text: 'ngày mai', at: now + 24 * 60 * minute });

    const items = await timelineOf('fb_psid', psid, 3);
    expect(items.map(({ text, late }) => [text, late])).toEqual([
      ['tuần trước', true],
      ['hôm nay', false],
      ['ngày mai', false],
    ]);
    expect(items[0]?.at).toBe(iso(lastWeek));
    expect(Date.parse(items[2]?.at as string)).toBeLessThan(Date.now());
    const events = (await pipeline.events(channelTopic('facebook'))).filter(({ data }) => data.thread === psid);
    expect(events.map(({ data, late, clock }) => [data.vendorEventId, late, clock])).toEqual([
      ['now', undefined, undefined],
      ['old', true, undefined],
      ['skewed', undefined, true],
    ]);
  }, 60_000);
});
