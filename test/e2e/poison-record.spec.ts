import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { channelTopic, threadKey, TOPICS, type ChannelEvent } from '@lienmach/contracts';
import { createGatheringProducer, headerText, type GatheringProducer, type KafkaRecord } from '@lienmach/kafka';
import {
  Api,
  demo,
  facebookMessages,
  rival,
  runTool,
  startPipeline,
  waitUntil,
  writeAccountsFile,
  type Pipeline,
  type Shop,
} from '../support/index.js';

const psid = '7200000000000001';
const topic = channelTopic('facebook');
const key = threadKey(demo.tenant, 'facebook', demo.page, psid);
const newcomer: Shop = { ...demo, tenant: 'newcomer', page: '5550001112', pbx: 'pbx-newcomer', hotline: '1900000003' };

describe('records on a channel topic that nobody can read', () => {
  let accountsFile: string;
  let pipeline: Pipeline;
  let producer: GatheringProducer;
  let clock = Date.now() - 60_000;

  beforeAll(async () => {
    accountsFile = writeAccountsFile([demo, rival]);
    pipeline = await startPipeline({ ACCOUNTS_FILE: accountsFile });
    producer = createGatheringProducer(pipeline.connection);
  }, 120_000);

  afterAll(async () => {
    await producer?.close();
    await pipeline?.stop();
  }, 30_000);

  const put = (value: Buffer | string | null, to = key) =>
    producer.send([{ topic, key: to, value, headers: { 'x-mark': 'kept' } }], { deadlineMs: 10_000 });

  async function write(mid: string): Promise<void> {
    clock += 1_000;
    const answer = await pipeline.send(facebookMessages([{ mid, psid, text: mid, at: clock }]));
    expect(answer.status).toBe(200);
  }

  async function deadLetters(count: number): Promise<KafkaRecord[]> {
    return waitUntil(
      `${count} dead letters`,
      async () => {
        const letters = (await pipeline.records(TOPICS.deadLetter)).filter(({ value }) => value || true);
        return letters.length >= count ? letters : undefined;
      },
      { within: 30_000, every: 300 },
    );
  }

  const reasonOf = (letter: KafkaRecord) =>
    Object.fromEntries(
      ['topic', 'partition', 'offset', 'stage', 'exception.class.name', 'exception.message'].map((name) => [
        name,
        headerText(letter, `__connect.errors.${name}`),
      ]),
    );

  it('go to the dead letters with their bytes and the reason, and their neighbours of the same key and batch go on', async () => {
    const garbage = Buffer.from([0xff, 0xfe, 0x00, 0x7b, 0x22]);
    const wrongSchema = JSON.stringify({ specversion: '1.0', id: randomUUID(), type: 'message.received', data: {} });
    await pipeline.app('core').stop(); // so that one batch holds all of it
    await write('m1');
    await put(garbage);
    await write('m2');
    await put(wrongSchema);
    await write('m3');
    await put(null);
    await write('m4');
    await pipeline.app('core').start();

    const letters = await deadLetters(3);
    expect(letters.map(({ value }) => value)).toEqual([garbage, Buffer.from(wrongSchema), null]);
    for (const letter of letters) {
      expect([String(letter.key), headerText(letter, 'x-mark')]).toEqual([key, 'kept']);
      const origin = (await pipeline.records(topic)).find(
        ({ partition, offset }) =>
          String(partition) === reasonOf(letter)['partition'] && String(offset) === reasonOf(letter)['offset'],
      );
      expect(origin?.value).toEqual(letter.value);
    }
    const malformed = { topic, 'exception.class.name': 'MalformedPayload' };
    expect(letters.map(reasonOf)).toMatchObject([
      { ...malformed, stage: 'decode', 'exception.message': 'the value is not UTF-8' },
      { ...malformed, stage: 'validate' },
      { ...malformed, stage: 'decode', 'exception.message': 'a history topic carries no null values' },
    ]);

    const texts = await waitUntil('the neighbours in the timeline', async () => {
      const [person] = await pipeline.api.peopleOf('fb_psid', psid, demo.page);
      const items = person ? await pipeline.api.timeline(person) : [];
      return items.length === 4 ? items.map(({ text }) => text) : undefined;
    });
    expect(texts).toEqual(['m1', 'm2', 'm3', 'm4']);
  }, 90_000);

  it('are sent back by redrive once the cause is mended, and are then taken in once', async () => {
    const [good] = await pipeline.records(topic);
    const event = JSON.parse(String(good?.value)) as ChannelEvent;
    const early = { ...event, id: randomUUID(), tenant: newcomer.tenant, account: newcomer.page };
    await put(JSON.stringify(early), threadKey(newcomer.tenant, 'facebook', newcomer.page, psid));
    const letters = await deadLetters(4);
    expect(letters.map(reasonOf)).toContainEqual(
      expect.objectContaining({ stage: 'place', 'exception.class.name': 'UnknownAccount' }),
    );

    writeAccountsFile([demo, rival, newcomer], accountsFile);
    await pipeline.app('core').restart();
    const { settings } = pipeline.stack;
    expect(await runTool('redrive', ['--all', '--stage', 'place'], settings)).toContain('1 dead letter re-driven.');
    const stored = () => pipeline.sql('SELECT id FROM core.event WHERE tenant = $1', [newcomer.tenant]);
    expect(
      await waitUntil('the re-driven event', async () => ((await stored()).length > 0 ? stored() : undefined)),
    ).toEqual([{ id: early.id }]);
    const api = new Api(pipeline.app('core').url, newcomer.tenant);
    await waitUntil('its timeline', async () => {
      const scope = event.identifier?.split(':')[1];
      const [person] = await api.peopleOf('fb_psid', psid, scope);
      return person && (await api.timeline(person)).length === 1;
    });

    expect(await runTool('redrive', ['--all', '--stage', 'place'], settings)).toContain('0 dead letters re-driven.');
    expect(await runTool('redrive', [], settings)).toMatch(/re-driven/);
  }, 90_000);
});
