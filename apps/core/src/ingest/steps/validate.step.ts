import {
  CHANNEL_DATA,
  EVENT_TYPES,
  ISO_TIME,
  JSON_SCHEMAS,
  MalformedPayload,
  schemaUrn,
  type ChannelEvent,
  type ChannelFamily,
} from '@lienmach/contracts';
import { Ajv, type ValidateFunction } from 'ajv';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const TEXTS = ['source', 'subject', 'tenant', 'channel', 'account'] as const;
const TIMES = ['time', 'receivedtime'] as const;

const ajv = new Ajv({ allErrors: false, strict: true, allowUnionTypes: true });
const data = Object.fromEntries(
  Object.keys(CHANNEL_DATA).map((family) => [family, ajv.compile(JSON_SCHEMAS[family as ChannelFamily])]),
) as Record<ChannelFamily, ValidateFunction>;

/**
 * The contract, checked by schemas compiled once.
 * @throws MalformedPayload naming the first field that breaks it
 */
export function validate(event: ChannelEvent): void {
  if (typeof event !== 'object' || event === null) throw new MalformedPayload('an event is an object');
  if (event.specversion !== '1.0') throw new MalformedPayload('specversion is not 1.0');
  if (typeof event.id !== 'string' || !UUID.test(event.id)) throw new MalformedPayload('id is not a uuid');
  for (const name of TEXTS) {
    if (typeof event[name] !== 'string' || event[name] === '') throw new MalformedPayload(`${name} is missing`);
  }
  for (const name of TIMES) {
    if (!ISO_TIME.test(String(event[name])) || Number.isNaN(Date.parse(event[name]))) {
      throw new MalformedPayload(`${name} is not a UTC time with milliseconds`);
    }
  }
  const family: ChannelFamily | undefined = EVENT_TYPES[event.type];
  if (!family) throw new MalformedPayload(`type is unknown: ${String(event.type).slice(0, 60)}`);
  if (event.dataschema !== schemaUrn(family)) {
    throw new MalformedPayload(`dataschema of ${event.type} is not ${schemaUrn(family)}`);
  }
  const check = data[family];
  if (!check(event.data)) {
    const [error] = check.errors ?? [];
    throw new MalformedPayload(`data${error?.instancePath ?? ''} ${error?.message ?? 'breaks its schema'}`);
  }
}
