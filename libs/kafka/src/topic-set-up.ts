import type { TopicDefinition } from '@lienmach/contracts';
import kafkajs from 'kafkajs';
import type { Admin } from 'kafkajs';
import { createClient, withPrefix } from './connection.js';
import type { KafkaConnection, KafkaLogger } from './connection.js';
import { pause } from './pause.js';

// not among the names that Node finds in this CommonJS module
const { ConfigResourceTypes } = kafkajs;

/** Half a minute: a broker under load takes its time to make hundreds of partitions. */
const LEADER_ATTEMPTS = 300;
const LEADER_PAUSE_MS = 100;

/** Where a topic on the broker is not as the contract has it. `found` is null if there is no such topic. */
export interface TopicDifference {
  /** Name in the contract. */
  readonly topic: string;
  readonly setting: 'topic' | 'partitions' | 'cleanup.policy' | 'retention.ms' | 'max.message.bytes';
  readonly wanted: string;
  readonly found: string | null;
}

export interface TopicReport {
  /** Names in the contract. */
  readonly created: readonly string[];
  readonly differences: readonly TopicDifference[];
}

/**
 * Creates what is missing (unless `create` is false) and reports how existing topics differ. Changes none: a difference is an
 * operator's decision, and a changed number of partitions would break the order of keys.
 */
export async function ensureTopics(
  connection: KafkaConnection,
  definitions: readonly TopicDefinition[],
  { create = true, logger }: { create?: boolean; logger?: KafkaLogger } = {},
): Promise<TopicReport> {
  const retry = { retries: 5, initialRetryTime: 100, maxRetryTime: 1_000 };
  const admin = createClient(connection, { requestTimeoutMs: 10_000, retry, logger }).admin();
  await admin.connect();
  try {
    const physical = (topic: string): string => withPrefix(connection, topic);
    const missingFrom = (existing: readonly string[]): TopicDefinition[] =>
      definitions.filter(({ name }) => !existing.includes(physical(name)));
    const missing = missingFrom(await admin.listTopics());
    // another process may make them at the same time: kafkajs then answers false
    if (create && missing.length > 0) {
      await createTopics(admin, missing, physical);
      for (const { name } of missing) await untilLed(admin, physical(name));
    }
    const stillMissing = create ? [] : missing;
    const existing = definitions.filter((definition) => !stillMissing.includes(definition));
    return {
      created: create ? missing.map(({ name }) => name) : [],
      differences: [
        ...stillMissing.map(({ name }) => ({ topic: name, setting: 'topic', wanted: 'exists', found: null }) as const),
        ...(await compare(admin, existing, physical)),
      ],
    };
  } finally {
    await admin.disconnect();
  }
}

async function createTopics(
  admin: Admin,
  missing: TopicDefinition[],
  physical: (topic: string) => string,
): Promise<void> {
  await admin.createTopics({
    // kafkajs' own wait gives up at the first broker that has not heard of the topic yet; `untilLed` does not
    waitForLeaders: false,
    timeout: 10_000,
    topics: missing.map((definition) => ({
      topic: physical(definition.name),
      numPartitions: definition.partitions,
      configEntries: Object.entries(settingsOf(definition)).map(([name, value]) => ({ name, value })),
    })),
  });
}

/** A new topic is in the metadata before its leaders take records. */
async function untilLed(admin: Admin, topic: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await admin.fetchTopicOffsets(topic);
      return;
    } catch (error) {
      if (attempt === LEADER_ATTEMPTS) throw error;
      await pause(LEADER_PAUSE_MS);
    }
  }
}

const settingsOf = ({ cleanup, retentionMs, maxMessageBytes }: TopicDefinition) => ({
  'cleanup.policy': cleanup as string,
  'retention.ms': String(retentionMs),
  'max.message.bytes': String(maxMessageBytes),
});

async function compare(
  admin: Admin,
  definitions: readonly TopicDefinition[],
  physical: (topic: string) => string,
): Promise<TopicDifference[]> {
  if (definitions.length === 0) return [];
  const { topics } = await admin.fetchTopicMetadata({ topics: definitions.map(({ name }) => physical(name)) });
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: definitions.map((definition) => ({
      type: ConfigResourceTypes.TOPIC,
      name: physical(definition.name),
      configNames: Object.keys(settingsOf(definition)),
    })),
  });
  return definitions.flatMap((definition) => {
    const name = physical(definition.name);
    const entries = resources.find(({ resourceName }) => resourceName === name)?.configEntries ?? [];
    const found: Record<string, string> = Object.fromEntries(
      entries.map(({ configName, configValue }) => [configName, configValue]),
    );
    found.partitions = String(topics.find((topic) => topic.name === name)?.partitions.length ?? 0);
    const wanted = { partitions: String(definition.partitions), ...settingsOf(definition) };
    return Object.entries(wanted)
      .filter(([setting, value]) => found[setting] !== value)
      .map(([setting, value]) => ({
        topic: definition.name,
        setting: setting as TopicDifference['setting'],
        wanted: value,
        found: found[setting] ?? null,
      }));
  });
}
