import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { MalformedPayload, TemporarilyUnavailable } from '@lienmach/contracts';
import type { ChannelAccount, Door, DoorRequest } from '@lienmach/adapter-kit';
import { channelConformance, readFixtures, TestDoors, type TestAccount } from '@lienmach/adapter-kit/testing';
import { call } from './call.channel.js';

/** By Twilio's rule: the address, then the form's parameters sorted by name. */
function twilioProof({ method, publicUrl, target, body }: DoorRequest, token: unknown): string {
  const form = method === 'GET' ? [] : [...new URLSearchParams(body.toString())].sort(([a], [b]) => (a < b ? -1 : 1));
  return createHmac('sha1', String(token))
    .update(publicUrl + target + form.flat().join(''))
    .digest('base64');
}

function proof(request: DoorRequest, { vendor, settings }: TestAccount): Record<string, string> {
  const by = (algorithm: string, secret: unknown) => createHmac(algorithm, String(secret)).update(request.body);
  switch (vendor) {
    case 'stringee':
      return { 'x-stringee-signature': by('sha1', settings['signingSecret']).digest('base64') };
    case 'twilio':
      return { 'x-twilio-signature': twilioProof(request, settings['authToken']) };
    case 'caresoft':
      return { 'x-hub-signature': by('sha1', settings['signingSecret']).digest('hex').toUpperCase() };
    case 'generic':
      return { 'x-lienmach-signature': `sha256=${by('sha256', settings['secret']).digest('hex')}` };
    default:
      return {};
  }
}

const fixturesOf = (vendor: string) => readFixtures(new URL(`../fixtures/${vendor}/`, import.meta.url));
const fixtures = call.vendors.flatMap(({ name }) => fixturesOf(name));
channelConformance(call, fixtures, { sign: proof });

const signedByVendor = ['twilio', 'caresoft'].flatMap(fixturesOf).filter(({ headers }) => headers);
it.each(signedByVendor.map((fixture) => [fixture.name, fixture] as const))(
  '%s is signed as the vendor signed it',
  (_name, { headers = {}, account, target = '', method = 'POST', raw = '' }) => {
    const request = { ...post(target, raw), method };
    expect(headers).toMatchObject(proof(request, account));
  },
);

/** Vendors whose doors have an unguessable path. */
const PATH_SECRET = call.vendors
  .filter(({ doors: [door] }) => door?.accountIn === 'path-secret')
  .map(({ name }) => name);

const PUBLIC_URL = 'https://hooks.example.com';
const STRINGEE = '/webhooks/call/stringee/%2B842471000001';
const GENERIC = '/webhooks/call/generic/pbx-1';

interface Settings {
  secret?: string;
  signingSecret?: string;
  routeTo?: string[];
}

const stringeeAccount: ChannelAccount<Settings> = {
  tenant: 'demo',
  channel: 'call',
  vendor: 'stringee',
  id: '+842471000001',
  settings: { signingSecret: 'stringee-secret', routeTo: ['agent_101'] },
  ownNumbers: ['+842471000001'],
};
const genericAccount: ChannelAccount<Settings> = {
  ...stringeeAccount,
  vendor: 'generic',
  id: 'pbx-1',
  settings: { secret: 'pbx-secret' },
};

const doors: readonly Door<Settings>[] = call.vendors.flatMap(({ doors }) => doors);
const doorAt = (path: string): Door<Settings> => {
  const door = doors.find((candidate) => candidate.path === path);
  if (!door) throw new Error(`no door at ${path}`);
  return door;
};

const post = (target: string, body: string, headers: DoorRequest['headers'] = {}): DoorRequest => ({
  method: 'POST',
  target,
  publicUrl: PUBLIC_URL,
  query: new URL(target, PUBLIC_URL).searchParams,
  headers,
  body: Buffer.from(body),
});

const get = (target: string, headers: DoorRequest['headers'] = {}): DoorRequest => ({
  ...post(target, '', headers),
  method: 'GET',
});

const signed = (data: string) => ({
  'x-stringee-signature': createHmac('sha1', 'stringee-secret').update(data).digest('base64'),
});

it('has the doors that vendors were given', () => {
  expect(doors.map(({ path, methods }) => `${methods.join('/')} ${path}`)).toEqual([
    'POST /webhooks/call/stringee/:account',
    'POST /webhooks/call/stringee/:account/dtmf',
    'GET/POST /webhooks/call/stringee/:account/answer',
    'GET/POST /webhooks/call/twilio/:account',
    'GET/POST /webhooks/call/twilio/:account/status',
    'GET/POST /webhooks/call/twilio/:account/recording',
    'GET/POST /webhooks/call/twilio/:account/gather',
    'GET/POST /webhooks/call/twilio/:account/survey',
    'GET/POST /webhooks/call/twilio/:account/dial-complete',
    'GET/POST /webhooks/call/twilio/:account/voicemail',
    'POST /webhooks/call/omicall/:secret',
    'POST /webhooks/call/omicall/:secret/cdr',
    'POST /webhooks/call/cmc/:secret',
    'POST /webhooks/call/cloudfone/:secret',
    'POST /webhooks/call/southtelecom/:secret',
    'POST /webhooks/call/tel4vn/:secret',
    'GET /webhooks/call/voicecloud/:secret',
    'GET /webhooks/call/voicecloud/:secret/call_in',
    'GET /webhooks/call/voicecloud/:secret/hangup',
    'GET /webhooks/call/voicecloud/:secret/calldata',
    'POST /webhooks/call/voip24h/:secret',
    'POST /webhooks/call/fpt/:secret',
    'POST /webhooks/call/caresoft/:account',
    'POST /webhooks/call/freeswitch/:secret',
    'POST /webhooks/call/3cx/:secret',
    'POST /webhooks/call/generic/:account',
  ]);
});

it.each([
  ['stringee', { hotlines: ['024 7100 0001', '1900000001'] }],
  ['generic', { hotlines: ['+842471000001', '+841900000001'] }],
])('%s knows its own numbers in one notation', (vendor, settings) => {
  expect(call.vendors.find(({ name }) => name === vendor)?.ownNumbers?.(settings, 'pbx-1')).toEqual([
    '+842471000001',
    '1900000001',
  ]);
});

describe('the settings of an account', () => {
  const problemsOf = (vendor: string, settings: object) => {
    const Settings = call.vendors.find(({ name }) => name === vendor)!.settings;
    return validateSync(plainToInstance(Settings, settings)).flatMap(({ constraints }) =>
      Object.values(constraints ?? {}),
    );
  };

  it.each([
    ['stringee', { signingSecret: 's' }],
    [
      'stringee',
      {
        signingSecret: 's',
        apiSid: 'SK',
        apiSecret: 'k',
        hotlines: ['1900 0000 01', '+84 24 7100 0001'],
        routeTo: ['agent_101'],
        ringSeconds: 20,
        record: false,
        greeting: 'Xin chào',
      },
    ],
    [
      'twilio',
      { authToken: 't', accountSid: 'AC', hotlines: ['1900 0000 01'], routeTo: ['agent_101'], ringSeconds: 20 },
    ],
    ['omicall', { secret: 's', apiKey: 'k', hotlines: ['1900 0000 01'] }],
    ['cmc', { secret: 's', apiKey: 'k', domain: 'acme.example' }],
    ['cloudfone', { secret: 's', apiKey: 'k', serviceName: 'n', authUser: 'u', authKey: 'k' }],
    ['southtelecom', { secret: 's', apiKey: 'k' }],
    ['tel4vn', { secret: 's', apiKey: 'k' }],
    ['voicecloud', { secret: 's', apiKey: 'k', domain: 'acme.example' }],
    ['voip24h', { secret: 's', apiKey: 'k', secretKey: 'k' }],
    ['fpt', { secret: 's', domain: 'acme.example', username: 'u', password: 'p' }],
    ['caresoft', { signingSecret: 's', hotlines: ['1900 0000 01'] }],
    ['freeswitch', { secret: 's', user: 'cdr', password: 'p', recordingsUrl: 'http://pbx:8080/rec' }],
    ['3cx', { secret: 's' }],
    ['asterisk', { url: 'http://pbx:8088/ari', user: 'u', password: 'p', app: 'cskh', hotlines: ['1900000001'] }],
    ['generic', { secret: 's' }],
    ['generic', { secret: 's', hotlines: ['(024) 7100.0001'] }],
  ])('%s takes %j', (vendor, settings) => {
    expect(problemsOf(vendor, settings)).toEqual([]);
  });

  it.each([
    ['stringee', {}, 'signingSecret must be set'],
    ['stringee', { signingSecret: '' }, 'signingSecret must be set'],
    ['stringee', { signingSecret: 's', hotlines: '1900' }, 'hotlines must be a list of numbers'],
    ['stringee', { signingSecret: 's', hotlines: ['hotline'] }, 'each of hotlines must be a telephone number'],
    ['stringee', { signingSecret: 's', routeTo: [''] }, 'routeTo must not hold empty names'],
    ['stringee', { signingSecret: 's', ringSeconds: 0 }, 'ringSeconds must not be less than 5'],
    ['twilio', {}, 'authToken must be set'],
    ['twilio', { authToken: 't', routeTo: 'agent_101' }, 'routeTo must be a list'],
    ...PATH_SECRET.map((vendor) => [vendor, {}, 'secret must be set: it is the last part of the webhook'] as const),
    ...PATH_SECRET.map((vendor) => [vendor, { secret: 's', hotlines: '1900' }, 'hotlines must be a list'] as const),
    ['caresoft', {}, 'signingSecret must be set'],
    ['freeswitch', { secret: 's', user: 'cdr' }, 'password must be set where user is'],
    ['freeswitch', { secret: 's', recordingsUrl: '/rec' }, 'recordingsUrl must be an http or https address'],
    ['asterisk', { url: 'pbx:8088', user: 'u', password: 'p', app: 'cskh' }, 'url must be the address of ARI'],
    ['asterisk', { url: 'ws://pbx/ari', user: 'u', password: 'p', app: 'a b' }, 'app must be the name of a Stasis'],
    ['asterisk', { url: 'ws://pbx/ari', app: 'cskh' }, 'user must be set'],
    ['generic', {}, 'secret must be set'],
    ['generic', { secret: 's', hotlines: [1900] }, 'each of hotlines must be a telephone number'],
  ])('%s with %j: %s', (vendor, settings, problem) => {
    expect(problemsOf(vendor, settings)).toContainEqual(expect.stringContaining(problem));
  });

  it('name their secrets', () => {
    expect(call.vendors.map(({ name, secrets }) => [name, secrets])).toEqual([
      ['stringee', ['signingSecret', 'apiSecret']],
      ['twilio', ['authToken']],
      ['omicall', ['secret', 'apiKey']],
      ['cmc', ['secret', 'apiKey']],
      ['cloudfone', ['secret', 'apiKey', 'authKey']],
      ['southtelecom', ['secret', 'apiKey']],
      ['tel4vn', ['secret', 'apiKey']],
      ['voicecloud', ['secret', 'apiKey']],
      ['voip24h', ['secret', 'apiKey', 'secretKey']],
      ['fpt', ['secret', 'password']],
      ['caresoft', ['signingSecret']],
      ['freeswitch', ['secret', 'password']],
      ['3cx', ['secret']],
      ['asterisk', ['password']],
      ['generic', ['secret']],
    ]);
  });
});

describe('the answer_url of Stringee', () => {
  const door = doorAt('/webhooks/call/stringee/:account/answer');
  const ask = (request: DoorRequest, accounts = [genericAccount, stringeeAccount]) =>
    door.handshake?.(request, accounts);
  const actions = (request: DoorRequest) =>
    JSON.parse(ask(request)?.body ?? 'null') as { action: string; onFailEventUrl?: string; eventUrl?: string }[] | null;

  it('puts a caller of the number through, without the broker', () => {
    const target = `${STRINGEE}/answer?from=84900000123&to=842471000001&uuid=890ccbe2&fromInternal=false`;
    expect(ask(get(target, signed(target)))).toMatchObject({
      status: 200,
      contentType: expect.stringMatching(/^application\/json/),
    });
    expect(actions(get(target, signed(target)))).toEqual([
      { action: 'record', eventUrl: `${PUBLIC_URL}${STRINGEE}`, format: 'mp3' },
      expect.objectContaining({
        action: 'connect',
        to: { type: 'internal', number: 'agent_101', alias: '842471000001' },
      }),
    ]);
  });

  it('puts an agent of the project through', () => {
    const target = `${STRINGEE}/answer?from=842471000001&to=84900000123&fromInternal=true&userId=agent_101&projectId=25&custom=a%20b&callId=call-1`;
    expect(actions(get(target, signed(target)))).toContainEqual(
      expect.objectContaining({
        to: { type: 'external', number: '84900000123', alias: '84900000123' },
        customData: 'a b',
      }),
    );
  });

  it('is asked again for the next agent and ends at the voicemail', () => {
    const target = `${STRINGEE}/answer?from=84900000123&to=842471000001&fromInternal=false`;
    const next =
      actions(get(target, signed(target)))?.find(({ onFailEventUrl }) => onFailEventUrl)?.onFailEventUrl ?? '';
    const body = '{"call_status":"connect_failed","call_id":"call-1"}';
    const again = post(next.slice(PUBLIC_URL.length), body, signed(body));
    expect(actions(again)?.map(({ action }) => action)).toEqual(['talk', 'recordMessage']);
  });

  it.each([
    ['unsigned', get(`${STRINGEE}/answer?from=1&to=2`)],
    ['signed for another', get(`${STRINGEE}/answer?from=1&to=2`, signed(`${STRINGEE}/answer?from=1&to=3`))],
  ])('a question that is %s gets none', (_, request) => {
    expect(ask(request)).toBeUndefined();
    expect(door.verify(request, stringeeAccount)).toBe(false);
  });

  it('a question to an unknown account gets none', () => {
    const target = '/webhooks/call/stringee/acme/answer';
    expect(ask(get(target, signed(target)))).toBeUndefined();
  });
});

describe('the event doors', () => {
  it('of Stringee find the account in the path, percent-encoded or not', () => {
    const door = doorAt('/webhooks/call/stringee/:account/dtmf');
    const body = '{"time":"1763605306000","dtmf":"5","call_id":"c-1","customField":""}';
    for (const target of [
      `${STRINGEE}/dtmf?purpose=survey`,
      '/webhooks/call/stringee/+842471000001/dtmf?purpose=survey',
    ]) {
      const request = post(target, body, signed(body));
      expect(door.verify(request, stringeeAccount)).toBe(true);
      const { events } = door.normalise(
        door.parse(request),
        (id) => (id === stringeeAccount.id ? stringeeAccount : undefined),
        request,
        stringeeAccount,
      );
      expect(events).toMatchObject([{ account: '+842471000001', data: { purpose: 'survey' } }]);
    }
  });

  it('of a PBX keep every digit of a number id', () => {
    const door = doorAt('/webhooks/call/generic/:account');
    const request = post(GENERIC, '{"callId":900719925474099312345,"event":"ended","direction":"inbound"}');
    const { events } = door.normalise(door.parse(request), () => genericAccount, request, genericAccount);
    expect(events).toMatchObject([
      { data: { thread: '900719925474099312345', vendorEventId: '900719925474099312345|ended|' } },
    ]);
  });
});

describe('the answer of the call door', () => {
  const door = doorAt('/webhooks/call/generic/:account');
  const answerTo = (body: string) => {
    const request = post(GENERIC, body);
    let payload: unknown;
    try {
      payload = door.parse(request);
    } catch (error) {
      expect(error).toBeInstanceOf(MalformedPayload);
    }
    return JSON.parse(door.answer?.(request, genericAccount, payload)?.body ?? 'null') as unknown;
  };

  it.each([
    ['{"callId":"c","event":"missed"}', { accepted: true }],
    ['{"event":"missed"}', { accepted: false, problems: [expect.stringContaining('callId should not be empty')] }],
    ['{"callId":', { accepted: false, problems: [expect.stringContaining('not JSON')] }],
    [
      '{"callId":"c","event":"wrapped-up"}',
      { accepted: false, problems: [expect.stringContaining('event must be one of ringing')] },
    ],
  ])('to %s says what became of it', (body, outcome) => {
    expect(answerTo(body)).toEqual(outcome);
  });
});

describe('the answer to Twilio', () => {
  const named = (name: string) => fixturesOf('twilio').find((fixture) => fixture.name === name)!;
  const settings = { ...named('voice-incoming').account.settings, routeTo: ['agent_101'] };
  const answerTo = async (name: string, target = named(name).target!) => {
    const { account, door, raw = '' } = named(name);
    const request = post(target, raw, { 'content-type': 'application/x-www-form-urlencoded' });
    const headers = { ...request.headers, ...proof(request, account) };
    const doors = new TestDoors(call, [{ ...account, settings }]);
    return (await doors.handle(door!, { ...request, headers })).answer;
  };
  const BASE = `${PUBLIC_URL}/webhooks/call/twilio/acme`;

  it('puts a caller through, at the address that Twilio knows', async () => {
    expect(await answerTo('voice-incoming')).toMatchObject({
      status: 200,
      contentType: expect.stringMatching(/^text\/xml/),
      body: expect.stringContaining(`<Dial action="${BASE}/dial-complete?rung=1"`),
    });
  });

  it('offers the voicemail when nobody is left to be rung', async () => {
    const target = '/webhooks/call/twilio/acme/dial-complete?rung=1';
    expect((await answerTo('dial-action-missed', target)).body).toContain(`<Record action="${BASE}/voicemail"`);
  });

  it.each(['gather-survey', 'voicemail-recorded'])('to %s is the end of the instructions', async (name) => {
    expect((await answerTo(name)).body).toBe('<?xml version="1.0" encoding="UTF-8"?><Response/>');
  });

  it.each(['child-leg-ringing', 'recording-completed'])('to %s is empty', async (name) => {
    expect(await answerTo(name)).toEqual({ status: 200 });
  });
});

describe('the doors with their accounts', () => {
  const accounts: TestAccount[] = [
    { vendor: 'stringee', id: '+842471000001', settings: { ...stringeeAccount.settings } },
    { vendor: 'generic', id: 'pbx-1', settings: { ...genericAccount.settings } },
  ];
  const away = () => new TemporarilyUnavailable('the broker is away');

  it('answer a caller while the broker is away, and take no event', async () => {
    const doors = new TestDoors(call, accounts, { failure: away });
    const target = `${STRINGEE}/answer?from=84900000123&to=842471000001&uuid=1&fromInternal=false`;
    const asked = await doors.handle('/webhooks/call/stringee/:account/answer', get(target, signed(target)));
    expect(asked.answer).toMatchObject({ status: 200, body: expect.stringContaining('"connect"') });

    const body = '{"call_id":"c-1","call_status":"created"}';
    const told = post(STRINGEE, body, { ...signed(body), 'content-type': 'application/json' });
    const { answer } = await doors.handle('/webhooks/call/stringee/:account', told);
    expect(answer).toMatchObject({ status: 503, headers: { 'retry-after': expect.any(String) } });
  });

  it.each([
    ['unsigned', `${STRINGEE}/answer?from=1&to=2`, 401],
    ['of an account that nobody set up', '/webhooks/call/stringee/acme/answer?from=1&to=2', 404],
  ])('a question %s is refused', async (_, target, status) => {
    const { answer, records } = await new TestDoors(call, accounts).handle(
      '/webhooks/call/stringee/:account/answer',
      get(target),
    );
    expect({ status: answer.status, records }).toEqual({ status, records: [] });
  });

  it('set a signed body without its call aside and say so', async () => {
    const request = post(GENERIC, '{"event":"ringing","direction":"inbound"}', { 'content-type': 'application/json' });
    const headers = { ...request.headers, ...proof(request, accounts[1]!) };
    const { answer, events, deadLetters } = await new TestDoors(call, accounts).handle(
      '/webhooks/call/generic/:account',
      { ...request, headers },
    );
    expect(answer).toMatchObject({ status: 200, body: '{"accepted":false,"problems":["callId should not be empty"]}' });
    expect({ events, bytes: deadLetters.map(({ value }) => String(value)) }).toEqual({
      events: [],
      bytes: [request.body.toString()],
    });
  });
});
