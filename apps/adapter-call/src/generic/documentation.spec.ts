import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { getMetadataStorage } from 'class-validator';
import { parse } from 'yaml';
import { parseLosslessJson } from '@lienmach/adapter-kit';
import { ENDERS, GENERIC_EVENTS, GENERIC_FIELDS, GenericCallEvent, PURPOSES, readGeneric } from './generic.payload.js';
import { verifyGeneric } from './generic.signature.js';

const read = (name: string) => readFileSync(new URL(`../../../../docs/${name}`, import.meta.url), 'utf8');

interface OpenApi {
  paths: Record<
    string,
    { post: { requestBody: { content: Record<string, { examples: Record<string, { value: object }> }> } } }
  >;
  components: { schemas: { CallEvent: { required: string[]; properties: Record<string, { enum?: unknown[] }> } } };
}

const page = read('call-door.md');
const openapi = parse(read('call-door.openapi.yaml')) as OpenApi;

/** What follows a `<!-- name -->` mark of the page, up to the next heading. */
const section = (name: string) => page.split(`<!-- ${name} -->`)[1]!.split('\n#')[0]!;
const codeBlocks = (text: string) => [...text.matchAll(/```\w*\n([\s\S]*?)```/g)].map(([, code]) => code!.trim());
/** The first column of a table, without its head. */
const firstColumn = (text: string) => [...text.matchAll(/^\| `(\w+)` +\|/gm)].map(([, name]) => name);

const takes = (body: unknown) => 'event' in readGeneric(body);

describe('docs/call-door.md', () => {
  it('has a body and a signature that fit each other', () => {
    const [body = '', signature = ''] = ['vector:body', 'vector:signature'].map((mark) => codeBlocks(section(mark))[0]);
    expect(verifyGeneric(Buffer.from(body), signature, 'change-me-32-random-bytes')).toBe(true);
    expect(takes(parseLosslessJson(Buffer.from(body)))).toBe(true);
    expect(page.split(body)).toHaveLength(3); // the shell example signs the same
  });

  it('explains every field, and no other', () => {
    expect(firstColumn(section('fields')).sort()).toEqual([...GENERIC_FIELDS].sort());
  });

  it('explains every event, and what it becomes', () => {
    const rows = [...section('events').matchAll(/^\| `(\w+)` .*\| `([\w.]+)` +\|$/gm)].map(([, name, type]) => [
      name,
      type,
    ]);
    expect(Object.fromEntries(rows)).toEqual(GENERIC_EVENTS);
  });

  it.each(codeBlocks(section('examples')))('shows a body that the door takes: %s', (body) => {
    expect(readGeneric(parseLosslessJson(Buffer.from(body)))).toHaveProperty('event');
  });
});

describe('docs/call-door.openapi.yaml', () => {
  const { CallEvent } = openapi.components.schemas;
  const { examples } = openapi.paths['/webhooks/call/generic/{account}']!.post.requestBody.content['application/json']!;
  const ajv = new Ajv2020({ strict: false });
  ajv.addSchema({ $id: 'door', components: openapi.components });
  const matches = ajv.compile({ $ref: 'door#/components/schemas/CallEvent' });

  it('has the fields of the payload class', () => {
    const validated = getMetadataStorage().getTargetValidationMetadatas(GenericCallEvent, '', false, false);
    const declared = new Set(validated.map(({ propertyName }) => propertyName));
    expect(Object.keys(CallEvent.properties).sort()).toEqual([...declared].sort());
    expect([...GENERIC_FIELDS].sort()).toEqual([...declared].sort());
  });

  it('has its words', () => {
    const words = (field: string) => CallEvent.properties[field]?.enum?.filter((word) => word !== null);
    expect(words('event')).toEqual(Object.keys(GENERIC_EVENTS));
    expect(words('endedBy')).toEqual(ENDERS);
    expect(words('purpose')).toEqual(PURPOSES);
    expect(words('direction')).toEqual(['inbound', 'outbound', 'internal']);
  });

  it('has an example of every event', () => {
    const events = Object.entries(examples).map(([name, { value }]) => [name, (value as { event: string }).event]);
    expect(Object.fromEntries(events)).toEqual(
      Object.fromEntries(Object.keys(GENERIC_EVENTS).map((name) => [name, name])),
    );
  });

  it.each(Object.entries(examples))('its example of %s is taken by the door and by its schema', (_, { value }) => {
    expect({ door: readGeneric(value), schema: matches(value) }).toMatchObject({ door: { event: {} }, schema: true });
  });

  const ringing = { callId: 'c-77', event: 'ringing', direction: 'inbound' };
  it.each<[boolean, object]>([
    [true, ringing],
    [true, { ...ringing, callId: 77, agent: null, at: null, more: {} }],
    [true, { callId: 'c', event: 'ended', direction: 'outbound', durationSeconds: '107' }],
    [true, { callId: 'c', event: 'recording' }],
    [true, { callId: 'c', event: 'keyed', digits: 5 }],
    [false, { event: 'ringing', direction: 'inbound' }],
    [false, { callId: 'c', direction: 'inbound' }],
    [false, { callId: 'c', event: 'answered' }],
    [false, { callId: 'c', event: 'answered', direction: null }],
    [false, { callId: 'c', event: 'keyed' }],
    [false, { callId: 'c', event: 'keyed', digits: null }],
    [false, { callId: 'c', event: 'keyed', digits: 'five' }],
    [false, { ...ringing, at: 'yesterday' }],
    [false, { ...ringing, agent: { name: 'Lan' } }],
    [false, { ...ringing, talkSeconds: -1 }],
    [false, { ...ringing, talkSeconds: 'long' }],
    [false, { ...ringing, endedBy: 'caller' }],
    [false, { ...ringing, purpose: 'csat' }],
    [false, { ...ringing, recordingUrl: 'ftp://pbx.example/1' }],
    [false, { ...ringing, callId: 'c'.repeat(257) }],
  ])('and the door agree: %s for %j', (verdict, body) => {
    expect({ door: takes(body), schema: matches(body) }).toEqual({ door: verdict, schema: verdict });
  });
});
