import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { joinKey, schemaUrn, TOPICS, type CustomerRecordData, type Envelope } from '@lienmach/contracts';
import { createGatheringProducer, headerText, type GatheringProducer } from '@lienmach/kafka';
import {
  Api,
  callRequest,
  demo,
  rival,
  startPipeline,
  waitUntil,
  type Person,
  type Pipeline,
} from '../support/index.js';

const minute = 60_000;

interface Job {
  state: string;
  done: number;
  total: number;
  errors: { line: number; reason: string }[];
}

describe('customers of a CRM', () => {
  let pipeline: Pipeline;
  let producer: GatheringProducer;

  beforeAll(async () => {
    pipeline = await startPipeline();
    producer = createGatheringProducer(pipeline.connection);
  }, 120_000);
  afterAll(async () => {
    await producer?.close();
    await pipeline?.stop();
  }, 30_000);

  async function call(customerNumber: string): Promise<void> {
    const callId = `call-${customerNumber}`;
    const event = { callId, event: 'ringing' as const, customerNumber, at: Date.now() - minute };
    const answer = await pipeline.send(callRequest({ eventId: `${callId}-ringing`, ...event }));
    expect(answer.status).toBe(200);
  }

  async function callerOf(number: string): Promise<Person> {
    const id = await waitUntil(`one person with a call from ${number}`, async () => {
      const people = await pipeline.api.peopleOf('phone', number);
      if (people.length !== 1 || !(await pipeline.isIdle())) return undefined;
      return (await pipeline.api.timeline(people[0]!)).length === 1 ? people[0] : undefined;
    });
    return pipeline.api.person(id);
  }

  const put = (value: object, key: string) =>
    producer.send([{ topic: TOPICS.identityImports, key, value: JSON.stringify(value) }], { deadlineMs: 10_000 });
  const recorded = (tenant: string, data: CustomerRecordData): Envelope<CustomerRecordData> => ({
    specversion: '1.0',
    id: randomUUID(),
    source: '/crm/nightly',
    type: 'customer.recorded',
    time: new Date().toISOString(),
    datacontenttype: 'application/json',
    dataschema: schemaUrn('customer-record'),
    subject: data.crmId ?? 'none',
    tenant,
    data,
  });

  it('imported by the API: the one who calls is one verified person, known by name', async () => {
    const line = { crmId: 'KH-7', phones: ['0905 222 001'], emails: ['lan@example.com'], name: 'Nguyễn Thị Lan' };
    const { jobId } = await pipeline.api.import([line, { crmId: 'KH-8', phones: ['12'] }]);
    const job = await waitUntil('the import to be done', async () => {
      const told = await pipeline.api.get<Job>(`/v1/jobs/${jobId}`);
      return told.state === 'done' ? told : undefined;
    });
    expect(job).toMatchObject({
      done: 2,
      total: 2,
      errors: [{ line: 2, reason: 'phones/0: the value is no valid phone' }],
    });

    await call('+84905222001');

    const caller = await callerOf('+84905222001');
    expect(caller.name).toBe('Nguyễn Thị Lan');
    expect(caller.identifiers.map(({ type, value, level }) => [type, value, level])).toEqual([
      ['crm_id', 'KH-7', 'verified'],
      ['phone', '+84905222001', 'verified'],
      ['email', 'lan@example.com', 'verified'],
    ]);
    const { steps } = await pipeline.api.why(caller.id);
    expect(steps.map(({ kind, level, rule }) => [kind, level, rule])).toEqual(
      Array(2).fill(['record', 'verified', 'I3']),
    );
  }, 60_000);

  it('imported by the topic: the same, and what is no record is a dead letter with its reason', async () => {
    await put(recorded(demo.tenant, { crmId: 'KH-11', phones: ['12'] }), joinKey(demo.tenant, 'KH-11'));
    await put(recorded('nobody', { crmId: 'KH-12', phones: ['0905222003'] }), joinKey('nobody', 'KH-12'));
    await put(recorded(demo.tenant, { crmId: 'KH-9', phones: ['0905222002'] }), joinKey(demo.tenant, 'KH-9'));
    await call('+84905222002');

    const caller = await callerOf('0905222002');
    expect(caller.identifiers.map(({ value, level }) => [value, level])).toEqual([
      ['KH-9', 'verified'],
      ['+84905222002', 'verified'],
    ]);
    const letters = await waitUntil('two dead letters', async () => {
      const found = await pipeline.records(TOPICS.deadLetter);
      return found.length === 2 ? found : undefined;
    });
    const reasons = letters.map((letter) =>
      ['topic', 'stage', 'exception.message'].map((name) => headerText(letter, `__connect.errors.${name}`)),
    );
    expect(reasons.sort((a, b) => (a[2]! < b[2]! ? -1 : 1))).toEqual([
      [TOPICS.identityImports, 'place', 'no tenant nobody'],
      [TOPICS.identityImports, 'place', 'phones/0: the value is no valid phone'],
    ]);
  }, 60_000);

  it('are seen by nobody but their tenant', async () => {
    const stranger = new Api(pipeline.app('core').url, rival.tenant);
    expect(await stranger.peopleOf('crm_id', 'KH-7')).toEqual([]);
    expect(await stranger.peopleOf('phone', '0905222001')).toEqual([]);
  });
});
