import {
  CHANNEL_DATA,
  EVENT_TYPES,
  ISO_TIME,
  JSON_SCHEMAS,
  MalformedPayload,
  schemaUrn,
  type ChannelEvent,
  type ChannelFamily,
  type CustomerRecordData,
  type Envelope,
} from '@lienmach/contracts';
import { Ajv, type ValidateFunction } from 'ajv';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const ENVELOPE_TEXTS = ['source', 'subject', 'tenant'] as const;
const CHANNEL_TEXTS = ['channel', 'account'] as const;
const RECORDED = 'customer.recorded';
const RECORD_FAMILY = 'customer-record';

const ajv = new Ajv({ allErrors: false, strict: true, allowUnionTypes: true });
const channelData = Object.fromEntries(
  Object.keys(CHANNEL_DATA).map((family) => [family, ajv.compile(JSON_SCHEMAS[family as ChannelFamily])]),
) as Record<ChannelFamily, ValidateFunction>;
const recordData = ajv.compile(JSON_SCHEMAS[RECORD_FAMILY]);

/**
 * The contract of channel events, checked by schemas compiled once.
 * @throws MalformedPayload naming the first field that breaks it
 */
export function validate(event: ChannelEvent): void {
  checkEnvelope(event);
  checkTexts(event, CHANNEL_TEXTS);
  checkTime(event, 'receivedtime');
  const family: ChannelFamily | undefined = EVENT_TYPES[event.type];
  if (!family) throw new MalformedPayload(`type is unknown: ${String(event.type).slice(0, 60)}`);
  checkSchema(event, family);
  checkData(channelData[family], event.data, 'data');
}

/** The same of a `customer.recorded`. @throws MalformedPayload */
export function validateRecordEvent(event: Envelope<CustomerRecordData>): void {
  checkEnvelope(event);
  if (event.type !== RECORDED) throw new MalformedPayload(`type is not ${RECORDED}`);
  checkSchema(event, RECORD_FAMILY);
  checkData(recordData, event.data, 'data');
}

/** The same of a record alone. @throws MalformedPayload */
export function validateRecord(record: CustomerRecordData): void {
  checkData(recordData, record, '');
}

function checkEnvelope(event: Envelope<unknown>): void {
  if (typeof event !== 'object' || event === null) throw new MalformedPayload('an event is an object');
  if (event.specversion !== '1.0') throw new MalformedPayload('specversion is not 1.0');
  if (typeof event.id !== 'string' || !UUID.test(event.id)) throw new MalformedPayload('id is not a uuid');
  checkTexts(event, ENVELOPE_TEXTS);
  checkTime(event, 'time');
}

function checkTexts<T extends object>(event: T, names: readonly (keyof T & string)[]): void {
  for (const name of names) {
    if (typeof event[name] !== 'string' || event[name] === '') throw new MalformedPayload(`${name} is missing`);
  }
}

function checkTime<T extends object>(event: T, name: keyof T & string): void {
  const time = String(event[name]);
  if (!ISO_TIME.test(time) || Number.isNaN(Date.parse(time))) {
    throw new MalformedPayload(`${name} is not a UTC time with milliseconds`);
  }
}

function checkSchema({ type, dataschema }: Envelope<unknown>, family: string): void {
  if (dataschema !== schemaUrn(family)) throw new MalformedPayload(`dataschema of ${type} is not ${schemaUrn(family)}`);
}

function checkData(check: ValidateFunction, data: unknown, name: string): void {
  if (check(data)) return;
  const [error] = check.errors ?? [];
  const path = `${name}${error?.instancePath ?? ''}`.replace(/^\//, '');
  throw new MalformedPayload(`${path} ${error?.message ?? 'breaks its schema'}`.trim());
}
