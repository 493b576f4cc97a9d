import { createRequire } from 'node:module';
import { CHANNEL_DATA, CORE_DATA, schemaUrn } from '@lienmach/contracts';
import { validationMetadatasToSchemas } from 'class-validator-jsonschema';
import { memberDoc, type TypeDocs } from './doc-comments.js';
import { children, refName, refTo, type JsonSchema } from './json-schema.js';

type SchemaOptions = NonNullable<Parameters<typeof validationMetadatasToSchemas>[0]>;

/** class-transformer knows the classes of nested fields, and exports that knowledge nowhere typed. */
const { defaultMetadataStorage } = createRequire(import.meta.url)('class-transformer/cjs/storage.js') as {
  defaultMetadataStorage: NonNullable<SchemaOptions['classTransformerMetadataStorage']>;
};

/** The class of `data` of every family, channel's and core's. */
export const DATA_CLASSES: Readonly<Record<string, { readonly name: string }>> = { ...CHANNEL_DATA, ...CORE_DATA };

/** Optional fields may be absent or null: `@IsOptional` skips both, and so must the schema. */
function nullable(schema: JsonSchema): JsonSchema {
  if (schema.$ref) return { anyOf: [schema, { type: 'null' }] };
  const widened = { ...schema, type: [schema.type as string, 'null'] };
  return schema.enum ? { ...widened, enum: [...schema.enum, null] } : widened;
}

/** `@Equals` comes as an enum of one value, beside what the base class says of the field. */
function constant(schema: JsonSchema): JsonSchema {
  return schema.enum?.length === 1 ? { type: schema.type, const: schema.enum[0] } : schema;
}

function withDescription(schema: JsonSchema, description: string | undefined): JsonSchema {
  return description ? { description, ...schema } : schema;
}

function mend(name: string, schema: JsonSchema, docs: ReadonlyMap<string, TypeDocs>): JsonSchema {
  const required = schema.required ?? [];
  const properties = Object.entries(schema.properties ?? {}).map(([property, raw]): [string, JsonSchema] => {
    const value = required.includes(property) ? constant(raw) : nullable(constant(raw));
    return [property, withDescription(value, memberDoc(docs, name, property))];
  });
  return withDescription(
    { type: 'object', properties: Object.fromEntries(properties), required },
    docs.get(name)?.text,
  );
}

/** Definitions that a schema needs, direct or not. */
function needed(schema: JsonSchema, all: Readonly<Record<string, JsonSchema>>, found: Map<string, JsonSchema>): void {
  if (schema.$ref) {
    const name = refName(schema.$ref);
    const target = all[name];
    if (!target) throw new Error(`no class ${name} in libs/contracts`);
    if (found.has(name)) return;
    found.set(name, target);
    needed(target, all, found);
  }
  for (const child of children(schema)) needed(child, all, found);
}

/** A schema of its own, with the definitions that it needs, sorted by name. */
export function selfContained(schema: JsonSchema, all: Readonly<Record<string, JsonSchema>>): JsonSchema {
  const found = new Map<string, JsonSchema>();
  needed(schema, all, found);
  if (found.size === 0) return schema;
  return { ...schema, definitions: Object.fromEntries([...found].sort(([a], [b]) => (a < b ? -1 : 1))) };
}

/** The schema of every class in libs/contracts, by the class's name, referring to each other as definitions. */
export function classSchemas(docs: ReadonlyMap<string, TypeDocs>): Record<string, JsonSchema> {
  const raw = validationMetadatasToSchemas({
    classTransformerMetadataStorage: defaultMetadataStorage,
    refPointerPrefix: refTo(''),
  }) as Record<string, JsonSchema>;
  return Object.fromEntries(Object.entries(raw).map(([name, schema]) => [name, mend(name, schema, docs)]));
}

/** One self-contained schema of `data` per family. */
export function dataSchemas(classes: Readonly<Record<string, JsonSchema>>): Record<string, JsonSchema> {
  return Object.fromEntries(
    Object.entries(DATA_CLASSES).map(([family, { name }]) => {
      const schema = classes[name];
      if (!schema) throw new Error(`${name} of family ${family} has no validators`);
      return [
        family,
        {
          $schema: 'http://json-schema.org/draft-07/schema#',
          $id: schemaUrn(family),
          title: name,
          ...selfContained(schema, classes),
        },
      ];
    }),
  );
}
