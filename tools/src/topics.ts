import { TOPIC_DEFINITIONS, type TopicDefinition } from '@lienmach/contracts';
import { ensureTopics, type TopicReport } from '@lienmach/kafka';
import { knownBrokers, onBroker, toolConnection } from './broker-address.js';
import { textTable } from './text-table.js';

/**
 * `npm run topics` describes the topics and how those on the broker differ; `npm run topics -- --create` makes the missing ones.
 * Existing topics are never changed.
 */
const DAY = 24 * 60 * 60 * 1000;

const keeps = ({ cleanup, retentionMs }: TopicDefinition): string => {
  if (cleanup === 'compact') return 'newest per key';
  return retentionMs < 0 ? 'for ever' : `${Math.round(retentionMs / DAY)} d`;
};

function describe(): string {
  return textTable(
    ['topic', 'key', 'partitions', 'policy', 'keeps', 'largest', 'for', 'content'],
    TOPIC_DEFINITIONS.map((topic) => [
      topic.name,
      topic.key,
      String(topic.partitions),
      topic.cleanup,
      keeps(topic),
      `${topic.maxMessageBytes / 1024 / 1024} MiB`,
      topic.audience,
      topic.content,
    ]),
  );
}

function report({ created, differences }: TopicReport, address: string): string {
  const lines = created.map((topic) => `made ${topic}`);
  for (const { topic, setting, wanted, found } of differences) {
    if (setting === 'topic') lines.push(`${topic} is missing`);
    else lines.push(`${topic}: ${setting} is ${found}, the contract says ${wanted}`);
  }
  if (differences.length === 0)
    lines.push(`The broker at ${address} has all ${TOPIC_DEFINITIONS.length} topics as described.`);
  else if (differences.some(({ setting }) => setting === 'topic'))
    lines.push('Make what is missing: npm run topics -- --create');
  else
    lines.push(
      'Nothing was changed: an operator decides whether a topic is altered or the contract gets a new version of it.',
    );
  return lines.join('\n');
}

const create = process.argv.includes('--create');
if (!create) console.log(`${describe()}\n`);
if (!create && !knownBrokers(process.env)) {
  console.log('No broker is known to compare with: run "npm start", or set KAFKA_BROKERS to host:port.');
} else {
  const connection = toolConnection(process.env, 'topics');
  const result = await onBroker(connection, () => ensureTopics(connection, TOPIC_DEFINITIONS, { create }));
  console.log(report(result, connection.brokers.join(',')));
}
