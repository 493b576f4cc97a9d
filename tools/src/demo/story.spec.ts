import { describe, expect, it } from '@jest/globals';
import type { Conversation, Identifier, TimelineItem } from './core-api.js';
import { claimsOfDay, type CustomerView, type Day } from './day.js';
import { evidenceSentence } from './page.js';
import type { Scene } from './scene.js';
import { LAN_WAITS_MS, Story } from './story.js';
import { claimsOfTopics, type ReadEvent } from './topics-view.js';

const accounts = {
  page: '1234567890',
  pbx: 'pbx-1',
  hotline: '1900000001',
  mailbox: 'cskh@demo.example',
  sms: { number: '+84900000199', accountSid: 'AC1' },
};
const now = Date.parse('2026-11-20T03:00:00Z');
const storyOf = (run: string) =>
  new Story({ run, lanNumber: '0900 000 123', hoaNumber: '0900 000 124', maiNumber: '0900 000 125' }, accounts, now);
const story = storyOf('1111111111111');
const thanks = story.thanks(now + 5);
const shortMessage = story.shortMessage(now + 9);
const iso = (at: number) => new Date(at).toISOString();
const scenesOf = (who: string) => story.scenes.filter((scene) => scene.who === who);

describe('the story', () => {
  it('is told in order of time, and all of it is past', () => {
    const times = story.scenes.map(({ at }) => at);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times.at(-1)).toBeLessThan(now);
  });

  it('has ids that no other run has', () => {
    const ids = (one: Story) => one.scenes.flatMap(({ eventIds, thread }) => [...eventIds, thread]);
    const other = new Set(ids(storyOf('2222222222222')));
    expect(ids(story).filter((id) => other.has(id))).toEqual([]);
  });

  it('lets Lan type the number that she calls from', () => {
    const [complaint, call] = scenesOf('Lan');
    expect(complaint?.told).toContain('0900 000 123');
    expect(call?.deliveries[0]?.body).toMatchObject({ customerNumber: '0900000123', event: 'ringing' });
    expect(story.lanPhone.value).toBe('+84900000123');
  });
});

describe('what is shown is held against what was played', () => {
  const identifier = (of: Scene['customer'], level: string) =>
    ({ id: of.value, class: 'personal', level, ...of }) as Identifier & { level: string };
  const item = (scene: Scene, more: Partial<TimelineItem> = {}): TimelineItem => ({
    kind: 'message',
    at: iso(scene.at),
    channel: scene.channel,
    thread: scene.thread,
    text: scene.told,
    conversationId: scene.customer === story.lanPhone ? story.lan.value : scene.customer.value,
    ...more,
  });
  const change = (from: string, to: string): TimelineItem => ({
    kind: 'channel-switch',
    at: '',
    conversationId: story.lan.value,
    from,
    to,
  });
  const view = (who: Scene['customer'], timeline: TimelineItem[], more: Partial<Conversation> = {}): CustomerView => ({
    person: { id: who.value, formerIds: [], identifiers: [identifier(who, 'verified')], conversations: [] },
    timeline,
    conversations: [
      {
        id: who.value,
        formerIds: [],
        state: 'open',
        channels: [],
        segments: [],
        clock: { waitingSince: null, stage: 'stopped', stoppedBy: 'message', stoppedAt: null },
        ...more,
      },
    ],
  });

  function asPlayed(): Day {
    const [complaint, call, again] = scenesOf('Lan') as [Scene, Scene, Scene];
    const answered = {
      answered: true,
      state: 'ended',
      ringSeconds: 12,
      talkSeconds: 95,
      agent: 'ext-101',
      recordingUrl: 'x',
    };
    const stopped = { stoppedBy: 'call', stoppedAt: iso(complaint.at + LAN_WAITS_MS) };
    const lan = view(
      story.lan,
      [
        item(complaint),
        change('facebook', 'call'),
        item(call, { kind: 'call', call: answered }),
        change('call', 'facebook'),
        item(again),
      ],
      { clock: { waitingSince: iso(again.at), stage: 'running', ...stopped } },
    );
    lan.person.identifiers.push(identifier(story.lanPhone, 'corroborated'));
    const tie = {
      from: identifier(story.lan, ''),
      to: identifier(story.lanPhone, ''),
      level: 'corroborated',
      evidenceIds: ['e1'],
    };
    const step = { ...tie, kind: 'claim-then-call', rule: 'I5', at: iso(call.at) };
    const mai = view(story.mai, [item(scenesOf('Mai')[0]!), change('email', 'sms'), item(shortMessage)], {
      channels: ['email', 'sms'],
    });
    mai.person.identifiers.push(identifier(story.maiPhone, 'corroborated'));
    const comments = story.scenes.filter(({ customer }) => customer === story.minh);
    const calls = story.scenes.filter(({ customer }) => customer === story.hoa);
    const tuan = [...story.scenes.filter(({ customer }) => customer === story.tuan), thanks];
    return {
      lan,
      why: { steps: [step], rejected: [] },
      lookedUp: {
        identifier: identifier(story.lanPhone, ''),
        people: [
          { id: story.lan.value, level: 'corroborated' },
          { id: story.stranger.value, level: 'claimed' },
        ],
      },
      minh: view(
        story.minh,
        comments.map((scene) => item(scene, { kind: 'comment' })),
      ),
      hoa: view(
        story.hoa,
        calls.map((scene) => item(scene, { kind: 'call' })),
        {
          segments: [{ channel: 'call', linkedBy: 'call-back' }],
          clock: { waitingSince: null, stage: 'stopped', stoppedBy: 'call', stoppedAt: null },
        },
      ),
      tuan: view(
        story.tuan,
        tuan.map((scene) => item(scene)),
        { state: 'resolved' },
      ),
      stranger: view(
        story.stranger,
        scenesOf('a stranger').map((scene) => item(scene)),
      ),
      mai,
    };
  }
  const broken = (day: Day) => claimsOfDay(story, day, thanks).flatMap(({ says, holds }) => (holds ? [] : [says]));

  it('holds for the day as it was', () => {
    expect(broken(asPlayed())).toEqual([]);
  });

  it('does not hold for a timeline without a switch, a stranger joined, or a thanks that reopened', () => {
    const lost = asPlayed();
    expect(
      broken({ ...lost, lan: { ...lost.lan, timeline: lost.lan.timeline.filter(({ from }) => !from) } }),
    ).toHaveLength(1);
    expect(broken({ ...lost, stranger: { ...lost.stranger, person: lost.lan.person } })).toHaveLength(1);
    expect(broken({ ...lost, mai: view(story.mai, [...lost.mai.timeline]) })).toHaveLength(1);
    expect(broken({ ...lost, tuan: view(story.tuan, [...lost.tuan.timeline]) })).toHaveLength(1);
  });

  it('tells evidence and refusals in sentences', () => {
    const [step] = asPlayed().why.steps;
    expect(evidenceSentence(step!)).toMatch(
      /^ {2}joined, corroborated: Fanpage id \d+ and number \+84900000123: .*rule I5/,
    );
    expect(evidenceSentence({ ...step!, because: 'shared' })).toMatch(
      /not joined: .*because many people use that number/,
    );
  });

  it('finds an event that a topic lacks or has twice', () => {
    const day = asPlayed();
    const scenes = [...story.scenes, thanks, shortMessage];
    const event = (topic: string, type: string, data: ReadEvent['data'], id = ''): ReadEvent => ({
      topic,
      key: '',
      id,
      type,
      time: '',
      data,
    });
    const sent = scenes.flatMap(({ eventIds, channel }) =>
      eventIds.map((id) => event(`channel.${channel}.v1`, 'x', { vendorEventId: id }, id)),
    );
    const threaded = sent.map(({ id }) => ({ ...event('interaction.events.v1', 'x', {}), causation: id }));
    const told = ['opened', 'linked'].map((what) => event('conversation.events.v1', `conversation.${what}`, {}));
    const switched = (from: string, to: string) =>
      event('conversation.events.v1', 'conversation.channel-switched', { from, to });
    const all = [
      ...sent,
      ...threaded,
      ...told,
      event('conversation.events.v1', 'conversation.resolved', { cause: 'agent', actor: 'operator' }),
      switched('facebook', 'call'),
      switched('call', 'facebook'),
      event('person.changes.v1', 'person.linked', {
        after: [{ identifiers: [story.lan.value, story.lanPhone.value] }],
      }),
      event('target.events.v1', 'target.started', {}),
      event('target.events.v1', 'target.stopped', { stoppedBy: 'call', wallMs: LAN_WAITS_MS }),
    ];
    const notSo = (events: ReadEvent[]) => claimsOfTopics(events, scenes, day).filter(({ holds }) => !holds).length;
    expect(notSo(all)).toBe(0);
    expect(notSo([...all, threaded[0]!])).toBe(1);
    for (const gone of ['person.changes.v1', 'target.events.v1', 'conversation.events.v1', 'interaction.events.v1'])
      expect(notSo(all.filter(({ topic }) => topic !== gone))).toBe(1);
  });
});
