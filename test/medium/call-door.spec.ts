import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { CallData, ChannelEvent } from '@lienmach/contracts';
import { kafkaConnectionFromEnv, readToEnd } from '@lienmach/kafka';
import type { AppProcess } from '@lienmach/tools';
import {
  createTopics,
  type DoorFixture,
  doorFixture,
  fixtureAccounts,
  newSettings,
  sendFixture,
  type Settings,
  startApp,
} from '../support/index.js';

jest.setTimeout(120_000);

const fixture = (vendor: string, name: string): DoorFixture => doorFixture('call', vendor, name);

const incoming = fixture('twilio', 'voice-incoming');
const answered = fixture('twilio', 'child-leg-answered');
const question = fixture('voicecloud', 'call-in-ring');
const leg = fixture('freeswitch', 'form-encoded');

describe('the doors for calls of a running adapter', () => {
  let settings: Settings;
  let app: AppProcess;

  beforeAll(async () => {
    const file = fixtureAccounts('call', [incoming, question, leg]);
    settings = await newSettings({ ACCOUNTS_FILE: file, CALL_PUBLIC_URL: 'https://hooks.example.com' });
    await createTopics(settings);
    app = await startApp('adapter-call', settings);
  });

  afterAll(() => app?.stop());

  const send = (one: DoorFixture): Promise<[status: number, body: string]> => sendFixture(app, one);

  it('take what each vendor sends as it sends it, and tell Twilio what to do', async () => {
    expect(await send(incoming)).toEqual([
      200,
      expect.stringMatching(/^<\?xml .*<Record action="https:\/\/hooks\.example\.com\//),
    ]);
    expect(await send(answered)).toEqual([200, '']);
    expect(await send(question)).toEqual([200, '']);
    expect(await send(leg)).toEqual([200, '']);
    const told: string[] = [];
    await readToEnd(kafkaConnectionFromEnv(settings, 'test'), 'channel.call.v1', ({ value }) => {
      const { type, data } = JSON.parse(String(value)) as ChannelEvent<CallData>;
      told.push(`${data.vendor} ${type} ${data.callId} ${data.agent?.id ?? ''}`);
    });
    expect(told.sort()).toEqual([
      'freeswitch call.ended f0000000-0000-4000-8000-00000000000a 101',
      'freeswitch call.ringing f0000000-0000-4000-8000-00000000000a 101',
      'twilio call.answered CA00000000000000000000000000000001 agent_101',
      'twilio call.ringing CA00000000000000000000000000000001 ',
      'voicecloud call.ringing 5e012a75-0000-4000-8000-000000000001 101',
    ]);
  });

  it('refuse a changed form and a guessed path', async () => {
    expect((await send({ ...answered, raw: `${answered.raw}&x=1` }))[0]).toBe(401);
    expect((await send({ ...question, target: question.target.replace('path-secret', 'path-secreT') }))[0]).toBe(404);
    expect((await send({ ...question, method: 'POST', raw: '{}' }))[0]).toBe(405);
  });
});
