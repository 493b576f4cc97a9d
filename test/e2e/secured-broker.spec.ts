import 'reflect-metadata';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startKafka, type EmbeddedKafka } from '@lienmach/tools';
import {
  createTopics,
  demo,
  facebookMessages,
  newSettings,
  runTool,
  startPipeline,
  temporaryFolder,
  waitUntil,
  type Pipeline,
  type Settings,
} from '../support/index.js';

const credentials = { username: 'lienmach', password: 'scram0secret0of0the0test' };
const psid = '7600000000000001';

describe('a broker that speaks TLS and asks who we are', () => {
  let kafka: EmbeddedKafka;
  let broker: Settings;
  let pipeline: Pipeline | undefined;

  beforeAll(async () => {
    kafka = await startKafka({ dir: temporaryFolder('kafka'), credentials });
    broker = {
      KAFKA_BROKERS: kafka.secured.brokers,
      KAFKA_SSL: 'true',
      KAFKA_SSL_CA: kafka.secured.certificate,
      KAFKA_SASL_MECHANISM: 'scram-sha-512',
      KAFKA_SASL_USERNAME: credentials.username,
      KAFKA_SASL_PASSWORD: credentials.password,
    };
  }, 60_000);

  afterAll(async () => {
    await pipeline?.stop();
    await kafka?.stop();
  }, 60_000);

  it('carries a message from the door to the timeline and on to the topics', async () => {
    pipeline = await startPipeline(broker);
    const { api } = pipeline;
    const message = facebookMessages([{ mid: 'm_secured', psid, text: 'đơn của em đâu ạ', at: Date.now() }], demo);
    expect((await pipeline.send(message)).status).toBe(200);

    await waitUntil('the message in the timeline', async () => {
      const [person] = await api.peopleOf('fb_psid', psid, demo.page);
      return person !== undefined && (await api.timeline(person)).at(-1)?.text === 'đơn của em đâu ạ';
    });
    const published = async () => (await pipeline!.events('interaction.events.v1')).map(({ data }) => data.thread);
    await waitUntil('the interaction on its topic', async () => (await published()).includes(psid));
  }, 120_000);

  it('is reached by PLAIN too', async () => {
    await expect(createTopics(await newSettings({ ...broker, KAFKA_SASL_MECHANISM: 'plain' }))).resolves.toContain(
      'made channel.facebook.v1',
    );
  }, 60_000);

  it.each([
    ['a wrong password', { KAFKA_SASL_PASSWORD: 'wrong' }, /Authentication failed.*credentials/],
    ['an authority that it is not of', { KAFKA_SSL_CA: '' }, /self-signed certificate/],
    [
      'a file that is not there',
      { KAFKA_SSL_CA: '/nowhere/ca.pem' },
      /KAFKA_SSL_CA can't be read: .*\/nowhere\/ca.pem/,
    ],
    ['no TLS for its authority', { KAFKA_SSL: 'false' }, /set KAFKA_SSL to true as well/],
  ])(
    'says so when it is given %s',
    async (_, wrong, sentence) => {
      await expect(runTool('topics', [], { ...broker, ...wrong })).rejects.toThrow(sentence);
    },
    60_000,
  );

  it('says so when the authority is no PEM file', async () => {
    const file = join(temporaryFolder('authority'), 'ca.pem');
    writeFileSync(file, 'not a certificate');
    await expect(runTool('topics', [], { ...broker, KAFKA_SSL_CA: file })).rejects.toThrow(
      'KAFKA_SSL_CA is no PEM file',
    );
  }, 60_000);
});
