import { CHANNELS, channelTopic, TOPICS } from '@lienmach/contracts';
import { readToEnd, type KafkaConnection } from '@lienmach/kafka';
import { textTable } from '../text-table.js';
import type { Claim, Day } from './day.js';
import { timeOfDay } from './page.js';
import type { Scene } from './scene.js';
import { LAN_WAITS_MS, type Story } from './story.js';

/** An event as a consumer reads it: no more of it than the demo shows. */
export interface ReadEvent {
  readonly topic: string;
  readonly key: string;
  readonly id: string;
  readonly type: string;
  readonly time: string;
  /** Id of the channel's event that an event of core goes back to. */
  readonly causation?: string;
  readonly data: {
    vendorEventId?: string;
    content?: { text: string | null };
    from?: string | null;
    to?: string | null;
    rule?: string;
    cause?: string;
    actor?: string | null;
    stoppedBy?: string | null;
    wallMs?: number;
    late?: boolean;
    after?: { identifiers: string[] }[];
  };
}

const channelTopics = CHANNELS.map(({ name }) => channelTopic(name));
const coreTopics = [
  TOPICS.interactionEvents,
  TOPICS.personChanges,
  TOPICS.conversationEvents,
  TOPICS.targetEvents,
] as const;

/** Reads every topic that the demo shows to its end, and keeps what belongs to this run, as it stood on the topics. */
export async function readTopics(connection: KafkaConnection, story: Story, day: Day): Promise<ReadEvent[]> {
  const views = [day.lan, day.minh, day.hoa, day.tuan, day.stranger, day.mai];
  const threads = new Set([...story.scenes, story.shortMessage(0)].map(({ thread }) => encodeURIComponent(thread)));
  const subjects = new Set([
    ...views.flatMap(({ person }) => [person.id, ...person.formerIds]),
    ...views.flatMap(({ conversations }) => conversations.flatMap(({ id, formerIds }) => [id, ...formerIds])),
  ]);
  const read = async (topic: string): Promise<ReadEvent[]> => {
    const events: ReadEvent[] = [];
    await readToEnd(connection, topic, ({ key, value }) => {
      const name = key?.toString() ?? '';
      const thread = name.slice(name.lastIndexOf('|') + 1);
      if (value === null || !(threads.has(thread) || subjects.has(name))) return;
      events.push({ ...(JSON.parse(value.toString()) as Omit<ReadEvent, 'topic' | 'key'>), topic, key: name });
    });
    return events;
  };
  return (await Promise.all([...channelTopics, ...coreTopics].map(read))).flat();
}

const on = (events: readonly ReadEvent[], topic: string) => events.filter((event) => event.topic === topic);
const has = (events: readonly ReadEvent[], type: string, more: (data: ReadEvent['data']) => boolean = () => true) =>
  events.some((event) => event.type === type && more(event.data));
const sorted = (list: readonly (string | undefined)[]) => [...list].sort().join();

/** Holds the topics against what was played and what the API shows. */
export function claimsOfTopics(events: readonly ReadEvent[], scenes: readonly Scene[], day: Day): Claim[] {
  const channel = channelTopics.flatMap((topic) => on(events, topic));
  const threaded = on(events, TOPICS.interactionEvents);
  const played = sorted(scenes.flatMap(({ eventIds }) => eventIds));
  const lanIds = day.lan.person.identifiers.map(({ id }) => id);
  const conversations = on(events, TOPICS.conversationEvents);
  const targets = on(events, TOPICS.targetEvents);
  const switches = [
    ['facebook', 'call'],
    ['call', 'facebook'],
  ];
  return [
    {
      says: 'channel.*: every event that a vendor sent stands there once',
      holds: sorted(channel.map(({ data }) => data.vendorEventId)) === played,
    },
    {
      says: 'interaction.events: each of them once more, as threaded, naming its cause',
      holds: sorted(threaded.map(({ causation }) => causation)) === sorted(channel.map(({ id }) => id)),
    },
    {
      says: "person.changes: Lan's two identifiers were linked",
      holds: has(on(events, TOPICS.personChanges), 'person.linked', ({ after = [] }) =>
        after.some(({ identifiers }) => lanIds.every((id) => identifiers.includes(id))),
      ),
    },
    {
      says: 'conversation.events: opened, linked, switched there and back, resolved by an agent',
      holds:
        ['conversation.opened', 'conversation.linked'].every((type) => has(conversations, type)) &&
        has(conversations, 'conversation.resolved', ({ cause, actor }) => cause === 'agent' && actor != null) &&
        switches.every(([from, to]) =>
          has(conversations, 'conversation.channel-switched', (data) => data.from === from && data.to === to),
        ),
    },
    {
      says: "target.events: Lan's wait of 27 minutes, stopped by a call",
      holds:
        has(targets, 'target.started') &&
        has(targets, 'target.stopped', ({ stoppedBy, wallMs }) => stoppedBy === 'call' && wallMs === LAN_WAITS_MS),
    },
  ];
}

function whatOf({ data }: ReadEvent): string {
  if (data.content?.text) return data.content.text;
  if (data.from && data.to) return `${data.from} → ${data.to}`;
  if (data.wallMs) {
    const waited = `${Math.round(data.wallMs / 60_000)} min`;
    if (data.stoppedBy) return `${waited}, stopped by ${data.stoppedBy}`;
    return data.late ? `${waited}, had passed before it was known` : waited;
  }
  if (data.rule) return `rule ${data.rule}, ${data.cause}${data.actor ? ` ${data.actor}` : ''}`;
  return data.vendorEventId ?? '';
}

/** One line for each event, topic by topic. */
export function eventTable(events: readonly ReadEvent[]): string {
  const rows = [...channelTopics, ...coreTopics].flatMap((topic) =>
    on(events, topic)
      .sort((a, b) => a.time.localeCompare(b.time))
      .map((event) => [topic, timeOfDay(event.time), event.type, event.key, whatOf(event)]),
  );
  return textTable(['topic', 'time', 'type', 'key', 'what'], rows);
}
