import { CORE_EVENT_TYPES, EVENT_TYPES, LINK_LEVELS, schemaUrn } from '@lienmach/contracts';
import { DATA_CLASSES, selfContained } from './data-schemas.js';
import { memberDoc, type TypeDocs } from './doc-comments.js';
import { refTo, type JsonSchema } from './json-schema.js';

const ISO_TIME = '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$';
const UUID = '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$';

const text: JsonSchema = { type: 'string', minLength: 1 };
const time: JsonSchema = { type: 'string', pattern: ISO_TIME };

/** Extensions that core adds when it publishes a channel's event as threaded, or an event of its own. */
const CORE_EXTENSIONS: Record<string, JsonSchema> = {
  causation: { ...text, description: 'Id of the event that caused this one.' },
  rulesversion: { type: 'integer', description: "Version of the tenant's rules that decided." },
  personasof: { ...text, description: 'Person as known when the event was published.' },
  linklevel: {
    type: 'string',
    enum: [...LINK_LEVELS],
    description: 'How strongly the identifier was tied to that person then.',
  },
  conversation: { ...text, description: 'Conversation as known when the event was published.' },
  case: { ...text, description: 'Case as known when the event was published.' },
};

const typesOf = (types: Readonly<Record<string, string>>, family: string): string[] =>
  Object.keys(types).filter((type) => types[type] === family);

/** Types of events of a family; none for a family that is only published as state. */
export const eventTypes = (family: string): string[] => [
  ...typesOf(EVENT_TYPES, family),
  ...typesOf(CORE_EVENT_TYPES, family),
];

const isOfChannel = (family: string): boolean => typesOf(EVENT_TYPES, family).length > 0;

function properties(family: string, dataClass: string): Record<string, JsonSchema> {
  const common: Record<string, JsonSchema> = {
    specversion: { type: 'string', const: '1.0' },
    id: { type: 'string', pattern: UUID },
    source: text,
    type: { type: 'string', enum: eventTypes(family) },
    time,
    datacontenttype: { type: 'string', const: 'application/json' },
    dataschema: { type: 'string', const: schemaUrn(family) },
    subject: text,
    tenant: text,
  };
  const channel: Record<string, JsonSchema> = {
    channel: text,
    account: text,
    identifier: text,
    receivedtime: time,
    late: { type: 'boolean' },
    clock: { type: 'boolean' },
  };
  return { ...common, ...(isOfChannel(family) ? channel : {}), ...CORE_EXTENSIONS, data: { $ref: refTo(dataClass) } };
}

const COMMON_REQUIRED = [
  'specversion',
  'id',
  'source',
  'type',
  'time',
  'datacontenttype',
  'dataschema',
  'subject',
  'tenant',
];
const CHANNEL_REQUIRED = ['channel', 'account', 'receivedtime'];

function eventSchema(
  family: string,
  dataClass: string,
  classes: Readonly<Record<string, JsonSchema>>,
  docs: ReadonlyMap<string, TypeDocs>,
): JsonSchema {
  const described = Object.entries(properties(family, dataClass)).map(([name, schema]): [string, JsonSchema] => {
    const description = schema.description ?? memberDoc(docs, 'ChannelEvent', name);
    return [name, description && !schema.$ref ? { description, ...schema } : schema];
  });
  const schema: JsonSchema = {
    type: 'object',
    properties: Object.fromEntries(described),
    required: [...COMMON_REQUIRED, ...(isOfChannel(family) ? CHANNEL_REQUIRED : []), 'data'],
  };
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    $id: schemaUrn(family).replace(':schema:', ':event:'),
    title: dataClass.replace(/(Event)?Data$/, 'Event'),
    ...selfContained(schema, classes),
  };
}

/** One self-contained schema of the whole event per family that is published as history. */
export function eventSchemas(
  classes: Readonly<Record<string, JsonSchema>>,
  docs: ReadonlyMap<string, TypeDocs>,
): Record<string, JsonSchema> {
  return Object.fromEntries(
    Object.entries(DATA_CLASSES)
      .filter(([family]) => eventTypes(family).length > 0)
      .map(([family, { name }]) => [family, eventSchema(family, name, classes, docs)]),
  );
}
