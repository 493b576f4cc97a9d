import { describe, expect, it } from '@jest/globals';
import { findBreaks } from './compatibility.js';
import type { JsonSchema } from './json-schema.js';

const released: JsonSchema = {
  $id: 'urn:lienmach:schema:message:1',
  type: 'object',
  properties: {
    kind: { type: 'string', const: 'message' },
    count: { type: 'integer' },
    where: { type: 'string', enum: ['text', 'form'] },
    content: { $ref: '#/definitions/Content' },
    author: { anyOf: [{ $ref: '#/definitions/Author' }, { type: 'null' }] },
  },
  required: ['kind', 'content'],
  definitions: {
    Content: {
      type: 'object',
      properties: { files: { type: 'array', items: { $ref: '#/definitions/File' } } },
      required: ['files'],
    },
    File: {
      type: 'object',
      properties: { size: { type: ['integer', 'null'] }, name: { type: 'string' } },
      required: [],
    },
    Author: { type: 'object', properties: { name: { type: 'string', minLength: 1 } }, required: ['name'] },
  },
};

/** The released schema after a change to a copy of it. */
function after(change: (schema: JsonSchema) => void): string[] {
  const changed = structuredClone(released);
  change(changed);
  return findBreaks({ message: released }, { message: changed }).map(
    ({ family, field, what }) => `${family} ${field}: ${what}`,
  );
}

describe('findBreaks lets through', () => {
  const harmless: [string, (schema: JsonSchema) => void][] = [
    ['nothing changed', () => undefined],
    ['a new optional field', (schema) => (schema.properties!['added'] = { type: ['string', 'null'] })],
    [
      'a new optional field deep inside',
      (schema) => (schema.definitions!['File']!.properties!['width'] = { type: 'integer' }),
    ],
    ['a new value of a list', (schema) => schema.properties!['where']!.enum!.push('card')],
    ['a new description', (schema) => (schema.properties!['count']!.description = 'How many.')],
    ['a definition that is inlined', (schema) => (schema.properties!['content'] = schema.definitions!['Content']!)],
  ];
  it.each(harmless)('%s', (_name, change) => expect(after(change)).toEqual([]));

  it('a new family', () => expect(findBreaks({}, { message: released })).toEqual([]));
});

describe('findBreaks names the family and the field of', () => {
  const harmful: [string, (schema: JsonSchema) => void, string][] = [
    ['a removed field', (s) => delete s.properties!['count'], 'message count: was removed (or renamed)'],
    [
      'a removed field deep inside',
      (s) => delete s.definitions!['File']!.properties!['name'],
      'message content.files[].name: was removed (or renamed)',
    ],
    [
      'another type',
      (s) => (s.properties!['count']!.type = 'string'),
      'message count: changed its type from integer to string',
    ],
    [
      'a type that now may be null',
      (s) => (s.properties!['count']!.type = ['integer', 'null']),
      'message count: changed its type from integer to integer or null',
    ],
    [
      'a type deep inside',
      (s) => (s.definitions!['File']!.properties!['size']!.type = ['number', 'null']),
      'message content.files[].size: changed its type from integer or null to null or number',
    ],
    ['a field newly required', (s) => s.required!.push('count'), 'message count: became required'],
    ['a field no longer required', (s) => (s.required = ['kind']), 'message content: is no longer required'],
    [
      'a new required field',
      (s) => {
        s.properties!['added'] = { type: 'string' };
        s.required!.push('added');
      },
      'message added: is new and required: a new field must be optional',
    ],
    ['a lost value', (s) => (s.properties!['where']!.enum = ['text']), 'message where: lost the value form'],
    [
      'a list of values where there was none',
      (s) => (s.definitions!['Author']!.properties!['name']!.enum = ['a']),
      'message author.name: has now a list of values',
    ],
    [
      'another constant',
      (s) => (s.properties!['kind']!.const = 'note'),
      'message kind: changed its const from message to note',
    ],
    [
      'a tighter constraint',
      (s) => (s.definitions!['Author']!.properties!['name']!.minLength = 2),
      'message author.name: changed its minLength from 1 to 2',
    ],
    ['fewer alternatives', (s) => s.properties!['author']!.anyOf!.pop(), 'message author: changed its alternatives'],
    [
      'another id',
      (s) => (s.$id = 'urn:lienmach:schema:message:2'),
      'message : changed its id from urn:lienmach:schema:message:1 to urn:lienmach:schema:message:2: the old version must stay beside the new one',
    ],
  ];
  it.each(harmful)('%s', (_name, change, expected) => expect(after(change)).toEqual([expected]));

  it('a removed family', () => {
    expect(findBreaks({ message: released }, {})).toEqual([{ family: 'message', field: '', what: 'was removed' }]);
  });

  it('a change of elements', () => {
    expect(after((s) => delete s.definitions!['Content']!.properties!['files']!.items)).toEqual([
      'message content.files: changed what its elements are',
    ]);
  });
});

describe('findBreaks', () => {
  it('ends with a type that contains itself', () => {
    const tree: JsonSchema = {
      $id: 'urn:lienmach:schema:tree:1',
      $ref: '#/definitions/Tree',
      definitions: { Tree: { type: 'object', properties: { left: { $ref: '#/definitions/Tree' } } } },
    };
    expect(findBreaks({ tree }, { tree: structuredClone(tree) })).toEqual([]);
  });
});
