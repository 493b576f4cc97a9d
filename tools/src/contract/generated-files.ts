import { join } from 'node:path';
import { TOPIC_DEFINITIONS, schemaUrn } from '@lienmach/contracts';
import { format, resolveConfig } from 'prettier';
import { asyncApi } from './asyncapi.js';
import { consumerTypes } from './consumer-types.js';
import { DATA_CLASSES, classSchemas, dataSchemas } from './data-schemas.js';
import { readDocComments } from './doc-comments.js';
import { eventSchemas, eventTypes } from './event-schemas.js';
import { examples } from './examples.js';
import { CHANNELS_PAGE, channelsPage } from '../documents/channels-page.js';
import type { JsonSchema } from './json-schema.js';

/** Folder of the documents for consumers, and file of the schemas for our own processes, from the project's root. */
export const DOCUMENTS = 'libs/contracts/generated';
export const SCHEMAS_MODULE = 'libs/contracts/src/generated/data.schema.ts';

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** The schemas without the parts that only people read. */
function bare(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(bare);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value as Record<string, unknown>).filter(
    ([key, inner]) => key !== 'description' || typeof inner !== 'string',
  );
  return Object.fromEntries(entries.map(([key, inner]) => [key, bare(inner)]));
}

async function schemasModule(root: string, data: Readonly<Record<string, JsonSchema>>): Promise<string> {
  const code = `// Made by \`npm run gen\` from the classes of this library: do not edit.
import type { ChannelFamily } from '../events/channel-event.js';
import type { CoreFamily } from '../events/core-event.js';

/** JSON Schema (draft-07) of \`data\` per family, each complete in itself: compile it with ajv as it is. Optional fields may be absent or null. */
export const JSON_SCHEMAS: Readonly<Record<ChannelFamily | CoreFamily, object>> = ${JSON.stringify(bare(data))};
`;
  const settings = await resolveConfig(join(root, SCHEMAS_MODULE));
  return format(code, { ...settings, parser: 'typescript' });
}

function index(events: Readonly<Record<string, JsonSchema>>): object {
  const families = Object.keys(DATA_CLASSES).map((family): [string, object] => [
    family,
    {
      dataschema: schemaUrn(family),
      schema: `schemas/${family}.json`,
      event: events[family] ? `schemas/${family}.event.json` : null,
      types: eventTypes(family),
      topics: TOPIC_DEFINITIONS.filter((topic) => topic.families.includes(family)).map(({ name }) => name),
    },
  ]);
  return { asyncapi: 'asyncapi.json', types: 'lienmach.d.ts', families: Object.fromEntries(families) };
}

/** Everything that \`npm run gen\` writes: path from the project's root to content. The same sources give the same bytes. */
export async function generatedFiles(root: string, version: string): Promise<ReadonlyMap<string, string>> {
  const docs = readDocComments(join(root, 'libs/contracts/src/events'));
  const classes = classSchemas(docs);
  const data = dataSchemas(classes);
  const events = eventSchemas(classes, docs);
  const shown = examples();
  const names = Object.values(DATA_CLASSES).map(({ name }) => name);

  const files = new Map<string, string>();
  for (const [family, schema] of Object.entries(data))
    files.set(`${DOCUMENTS}/schemas/${family}.json`, json({ ...schema, examples: [shown[family]!.data] }));
  for (const [family, schema] of Object.entries(events))
    files.set(`${DOCUMENTS}/schemas/${family}.event.json`, json({ ...schema, examples: [shown[family]!.event] }));
  files.set(`${DOCUMENTS}/asyncapi.json`, json(asyncApi(version, classes, events, data, shown)));
  files.set(`${DOCUMENTS}/lienmach.d.ts`, consumerTypes(classes, names, Object.values(events)));
  files.set(`${DOCUMENTS}/index.json`, json(index(events)));
  files.set(SCHEMAS_MODULE, await schemasModule(root, data));
  files.set(CHANNELS_PAGE, await channelsPage(root));
  return files;
}
