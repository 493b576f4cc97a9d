import { TOPIC_DEFINITIONS, type TopicDefinition } from '@lienmach/contracts';
import type { Example } from './examples.js';
import { refName, type JsonSchema } from './json-schema.js';

const DAY = 24 * 60 * 60 * 1000;

/** AsyncAPI keeps all schemas in one place. */
function rehome(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(rehome);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) =>
      key === '$ref' ? [key, `#/components/schemas/${refName(inner as string)}`] : [key, rehome(inner)],
    ),
  );
}

function body({ $schema: _schema, $id: _id, definitions: _definitions, ...rest }: JsonSchema): unknown {
  return rehome(rest);
}

const messageName = (family: string): string =>
  family.replace(/(^|-)([a-z])/g, (_all, _dash, letter: string) => letter.toUpperCase());

function message(family: string, payload: string, example: object, topicKeys: readonly string[]): object {
  return {
    name: family,
    contentType: 'application/json',
    payload: { $ref: `#/components/schemas/${payload}` },
    bindings: { kafka: { key: { type: 'string', description: topicKeys.join('; or ') } } },
    examples: [{ payload: example }],
  };
}

const RAW_HEADERS = {
  type: 'object',
  properties: {
    'content-type': { type: 'string' },
    ce_type: { type: 'string', const: 'request.received' },
    http_method: { type: 'string' },
    http_target: { type: 'string' },
    signature: { type: 'string', enum: ['verified', 'path-secret', 'none'] },
  },
};

const DEAD_LETTER_HEADERS = {
  type: 'object',
  properties: Object.fromEntries(
    ['topic', 'partition', 'offset', 'stage', 'exception.class.name', 'exception.message'].map((name) => [
      `__connect.errors.${name}`,
      { type: 'string' },
    ]),
  ),
};

/** Topics that hold original bytes have no schema of their own. */
function bytesMessage(topic: TopicDefinition): object {
  return {
    name: 'bytes',
    summary: topic.content,
    headers: topic.name.startsWith('raw.') ? RAW_HEADERS : DEAD_LETTER_HEADERS,
    payload: { description: 'the original bytes' },
  };
}

function channel(topic: TopicDefinition): object {
  const messages =
    topic.audience === 'operator'
      ? { bytes: bytesMessage(topic) }
      : Object.fromEntries(
          topic.families.map((family) => [family, { $ref: `#/components/messages/${messageName(family)}` }]),
        );
  const retention = topic.retentionMs < 0 ? 'kept for ever' : `kept ${topic.retentionMs / DAY} days`;
  return {
    address: topic.name,
    description: `${topic.content}. Key: ${topic.key}. ${topic.cleanup === 'compact' ? 'Compacted: null means erased, removed or absorbed into another id' : retention}. For: ${topic.audience}.`,
    messages,
    bindings: {
      kafka: {
        topic: topic.name,
        partitions: topic.partitions,
        topicConfiguration: {
          'cleanup.policy': [topic.cleanup],
          'retention.ms': topic.retentionMs,
          'max.message.bytes': topic.maxMessageBytes,
        },
      },
    },
  };
}

/** What somebody outside does with a topic; AsyncAPI says it from our side. */
function operation({ name, audience }: TopicDefinition): [string, object][] {
  const channel = { $ref: `#/channels/${name}` };
  if (audience === 'analysts') return [[`read-${name}`, { action: 'send', channel }]];
  return audience === 'importers' ? [[`write-${name}`, { action: 'receive', channel }]] : [];
}

/** The AsyncAPI 3.0 document of every topic. */
export function asyncApi(
  version: string,
  classes: Readonly<Record<string, JsonSchema>>,
  events: Readonly<Record<string, JsonSchema>>,
  data: Readonly<Record<string, JsonSchema>>,
  examples: Readonly<Record<string, Example>>,
): object {
  const families = Object.keys(data);
  const used = new Set(
    [...Object.values(events), ...Object.values(data)].flatMap(({ definitions }) => Object.keys(definitions ?? {})),
  );
  const titles = Object.fromEntries(
    families.map((family) => [family, (events[family]?.title ?? data[family]!.title)!]),
  );
  const schemas = [
    ...[...used].sort().map((name) => [name, body(classes[name]!)]),
    ...families.map((family) => [titles[family], body(events[family] ?? data[family]!)]),
  ] as [string, unknown][];
  const keysOf = (family: string): string[] => [
    ...new Set(TOPIC_DEFINITIONS.filter((topic) => topic.families.includes(family)).map(({ key }) => key)),
  ];
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Lienmach',
      version,
      description:
        'What happens on every customer channel, threaded. History topics carry CloudEvents 1.0 as structured JSON; state topics carry the plain state with ce_* headers.',
      license: { name: 'Apache-2.0' },
    },
    defaultContentType: 'application/json',
    channels: Object.fromEntries(TOPIC_DEFINITIONS.map((topic) => [topic.name, channel(topic)])),
    operations: Object.fromEntries(TOPIC_DEFINITIONS.flatMap(operation)),
    components: {
      schemas: Object.fromEntries(schemas),
      messages: Object.fromEntries(
        families.map((family) => [
          messageName(family),
          message(family, titles[family]!, examples[family]!.event ?? examples[family]!.data, keysOf(family)),
        ]),
      ),
    },
  };
}
