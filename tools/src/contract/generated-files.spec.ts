import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  CHANNEL_DATA,
  CORE_DATA,
  CORE_EVENT_TYPES,
  EVENT_TYPES,
  JSON_SCHEMAS,
  TOPIC_DEFINITIONS,
} from '@lienmach/contracts';
import { Ajv } from 'ajv';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import ts from 'typescript';
import { projectRoot } from '../embedded/project-root.js';
import { classSchemas, dataSchemas } from './data-schemas.js';
import { eventSchemas } from './event-schemas.js';
import { examples } from './examples.js';
import { generatedFiles } from './generated-files.js';
import type { JsonSchema } from './json-schema.js';

const DATA: Readonly<Record<string, new () => object>> = { ...CHANNEL_DATA, ...CORE_DATA };
const families = Object.keys(DATA);
const shown = examples();
const strict = () => new Ajv({ strict: true, allErrors: true });

describe('schemas of data', () => {
  it.each(families)('%s compiles in strict mode and accepts its example', (family) => {
    const validate = strict().compile(JSON_SCHEMAS[family as keyof typeof JSON_SCHEMAS]);
    expect({ valid: validate(shown[family]!.data), errors: validate.errors }).toEqual({ valid: true, errors: null });
  });

  it.each(families)(
    '%s says the same as class-validator of an example with one field gone, null or mistyped',
    (family) => {
      const schema = JSON_SCHEMAS[family as keyof typeof JSON_SCHEMAS] as JsonSchema;
      const validate = strict().compile(schema);
      const byClass = (value: object): boolean => validateSync(plainToInstance(DATA[family]!, value)).length === 0;
      const example = shown[family]!.data as Record<string, unknown>;
      expect(byClass(example)).toBe(true);
      for (const field of Object.keys(example)) {
        const { [field]: value, ...without } = example;
        // class-validator lets a required nested object be absent, the schema does not
        const nested = schema.required!.includes(field) && typeof value === 'object' && !Array.isArray(value);
        for (const changed of [without, { ...example, [field]: null }])
          expect({ field, valid: validate(changed) }).toEqual({ field, valid: !nested && byClass(changed) });
        expect({ field, valid: validate({ ...example, [field]: Symbol('mistyped') }) }).toEqual({
          field,
          valid: false,
        });
      }
    },
  );

  it('refuses another family, an unknown attachment and an empty identifier', () => {
    const validate = strict().compile(JSON_SCHEMAS.message);
    const example = shown['message']!.data as { content: object; author: object };
    expect(validate({ ...example, kind: 'comment' })).toBe(false);
    expect(validate({ ...example, content: { ...example.content, attachments: [{ kind: 'hologram' }] } })).toBe(false);
    expect(validate({ ...example, author: { kind: 'customer', identifiers: [{ type: 'phone', value: '' }] } })).toBe(
      false,
    );
  });

  it('takes a field that it does not know, so that older consumers read newer events', () => {
    const validate = strict().compile(JSON_SCHEMAS.message);
    expect(validate({ ...shown['message']!.data, addedLater: true })).toBe(true);
  });
});

describe('schemas of whole events', () => {
  const classes = classSchemas(new Map());
  const events = eventSchemas(classes, new Map());

  it.each(Object.keys(events))('%s compiles in strict mode, accepts its example, refuses a foreign type', (family) => {
    const validate = strict().compile(events[family]!);
    expect({ valid: validate(shown[family]!.event), errors: validate.errors }).toEqual({ valid: true, errors: null });
    expect(validate({ ...shown[family]!.event, type: 'nothing.happened' })).toBe(false);
  });

  it('exist for every family that has types', () => {
    const published = new Set<string>([...Object.values(EVENT_TYPES), ...Object.values(CORE_EVENT_TYPES)]);
    expect(Object.keys(events).sort()).toEqual([...published].sort());
    expect(Object.keys(dataSchemas(classes)).sort()).toEqual([...families].sort());
  });
});

describe('generated files', () => {
  let files: ReadonlyMap<string, string>;
  beforeAll(async () => {
    files = await generatedFiles(projectRoot, '1.2.3');
  });

  it('are the same bytes every time', async () => {
    expect([...(await generatedFiles(projectRoot, '1.2.3'))]).toEqual([
      ...(await generatedFiles(projectRoot, '1.2.3')),
    ]);
  });

  it('declare types that TypeScript accepts, with the doc comments of the classes', () => {
    const types = files.get('libs/contracts/generated/lienmach.d.ts')!;
    const result = ts.transpileModule(types, { reportDiagnostics: true });
    expect(result.diagnostics?.map(({ messageText }) => messageText)).toEqual([]);
    expect(types).toContain('export interface MessageEvent {');
    expect(types).toContain('/** When our door took it in. */');
  });

  it('describe every topic in AsyncAPI, with no reference into nowhere', () => {
    const document = JSON.parse(files.get('libs/contracts/generated/asyncapi.json')!) as Record<string, unknown>;
    expect(document['asyncapi']).toBe('3.0.0');
    expect(Object.keys(document['channels'] as object)).toEqual(TOPIC_DEFINITIONS.map(({ name }) => name));
    const refs = JSON.stringify(document).match(/"\$ref":"[^"]+"/g)!;
    const found = [...new Set(refs)].map((ref) => {
      const path = ref.slice('"$ref":"#/'.length, -1).split('/');
      return path.reduce<unknown>((node, key) => (node as Record<string, unknown> | undefined)?.[key], document);
    });
    expect(found.length).toBeGreaterThan(20);
    expect(found).not.toContain(undefined);
  });
});
