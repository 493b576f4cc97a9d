import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import fc from 'fast-check';
import type { DoorRequest } from '@lienmach/adapter-kit';
import {
  channelConformance,
  doorRequest,
  readFixtures,
  TestDoors,
  type TestAccount,
} from '@lienmach/adapter-kit/testing';
import { zalo } from './zalo.channel.js';
import { ZaloSettings } from './zalo.config.js';

const fixtures = readFixtures(new URL('../fixtures/', import.meta.url));

/** As the vendor words it: plain hash, the timestamp out of the body. */
function proof({ body }: Pick<DoorRequest, 'body'>, { settings }: TestAccount): Record<string, string> {
  const timestamp = /"timestamp"\s*:\s*"?(\d+)/.exec(body.toString())?.[1] ?? '';
  const text = `${String(settings['appId'])}${body.toString()}${timestamp}${String(settings['oaSecret'])}`;
  return { 'x-zevent-signature': `mac=${createHash('sha256').update(text).digest('hex')}` };
}

channelConformance(zalo, fixtures, {
  sign: proof,
  now: Date.UTC(2026, 6, 29, 9),
  unreadable: () => Buffer.from('{"app_id":"360846524940903967","timestamp":"1785312004001","message":'),
});

const PATH = '/webhooks/zalo';
const account: TestAccount = {
  id: '388613280878808645',
  settings: {
    appId: '360846524940903967',
    oaSecret: 'test-oa-secret-key',
    verifierFile: 'zalo_verifierQd4_x-1.html',
  },
};
const doors = (...accounts: readonly TestAccount[]) => new TestDoors(zalo, accounts);
const post = (text: string, headers: Record<string, string> = {}) =>
  doorRequest({
    method: 'POST',
    target: PATH,
    headers: { 'content-type': 'application/json', ...headers },
    body: Buffer.from(text),
  });
const signed = (text: string, of: TestAccount = account) => post(text, proof({ body: Buffer.from(text) }, of));
const said = (oa: string, more: object = {}) =>
  JSON.stringify({
    app_id: '360846524940903967',
    sender: { id: '246845883529197922' },
    recipient: { id: oa },
    event_name: 'user_send_text',
    message: { text: 'Shop ơi', msg_id: 'm-1' },
    timestamp: '1785312004001',
    ...more,
  });

describe('probes of the console', () => {
  it.each(['{}', ' { } \n'])('are answered without a signature: %j', async (text) => {
    const { answer, records } = await doors(account).handle(PATH, post(text));
    expect({ status: answer.status, records }).toEqual({ status: 200, records: [] });
  });

  const test = said('222222222222222222', {
    message: { msg_id: 'This is message id', text: 'This is testing message' },
  });

  it('are answered and kept nowhere when the test button sends a signed message of nobody', async () => {
    const { answer, records } = await doors(account).handle(PATH, signed(test));
    expect({ status: answer.status, records }).toEqual({ status: 200, records: [] });
  });

  it('are no way in: a test with another signature and an unsigned message are refused', async () => {
    const forged = { ...account, settings: { ...account.settings, oaSecret: 'guessed' } };
    for (const request of [signed(test, forged), post(test), post(said(account.id)), post('{"a":1}')]) {
      const { answer, records } = await doors(account).handle(PATH, request);
      expect({ status: answer.status, records }).toEqual({ status: 401, records: [] });
    }
  });
});

describe('the file of the domain', () => {
  const ask = (target: string) =>
    doors(account).handle(
      '/zalo_verifier:file',
      doorRequest({ method: 'GET', target, headers: {}, body: Buffer.alloc(0) }),
    );

  it('names the code of a file that an account knows', async () => {
    const { answer } = await ask('/zalo_verifierQd4_x-1.html?v=1');
    expect(answer).toMatchObject({ status: 200, contentType: 'text/html; charset=utf-8' });
    expect(answer.body).toContain('content="Qd4_x-1"');
  });

  it('is no other', async () => {
    expect((await ask('/zalo_verifierQd4.html')).answer.status).toBe(404);
  });
});

describe('several official accounts behind one address', () => {
  const other: TestAccount = { id: '388613280878800001', settings: { ...account.settings, oaSecret: 'another-key' } };

  it('are told apart by their ids, each with its own key', async () => {
    const both = doors(account, other);
    expect((await both.handle(PATH, signed(said(other.id), other))).events.map((event) => event.account)).toEqual([
      other.id,
    ]);
    expect((await both.handle(PATH, signed(said(other.id)))).answer.status).toBe(401);
  });

  it('lets no account speak for another that its text names', async () => {
    const text = said(account.id, { oa_id: other.id });
    const { answer, events, deadLetters } = await doors(account, other).handle(PATH, signed(text));
    expect({ status: answer.status, events, letters: deadLetters.length }).toEqual({
      status: 200,
      events: [],
      letters: 1,
    });
  });

  it('refuses what another app has signed', async () => {
    const foreign = { ...account, settings: { ...account.settings, appId: '2553928453557884001' } };
    const text = said(account.id, { app_id: '2553928453557884001' });
    expect((await doors(account).handle(PATH, signed(text, foreign))).answer.status).toBe(401);
  });
});

describe('whatever comes', () => {
  it('unsigned, nothing of it is kept; signed, it is an event, an unknown kind or a dead letter', async () => {
    const junk = fc.json({ maxDepth: 3 }).map((text) => JSON.parse(text) as unknown);
    const bodies = fc
      .tuple(fc.constantFrom(...fixtures), fc.nat(), junk, fc.boolean())
      .map(([{ body, raw }, at, value, cut]) => mutated(raw ?? JSON.stringify(body), at, value, cut));
    await fc.assert(
      fc.asyncProperty(bodies, async (text) => {
        const unsigned = await doors(account).handle(PATH, post(text));
        expect([[], unsigned.answer.status === 200 && text.trim() !== '{}']).toEqual([unsigned.records, false]);
        const { answer, raw } = await doors(account).handle(PATH, signed(text));
        expect([200, 401]).toContain(answer.status);
        expect(raw.length).toBe(answer.status === 200 && text.trim() !== '{}' ? 1 : 0);
      }),
      { numRuns: 1_000 },
    );
  });
});

/** One part of the body replaced, or the bytes cut off. */
function mutated(text: string, at: number, value: unknown, cut: boolean): string {
  if (cut) return text.slice(0, at % text.length);
  const paths: (string | number)[][] = [];
  const root = JSON.parse(text) as unknown;
  const walk = (node: unknown, path: (string | number)[]): void => {
    if (typeof node !== 'object' || node === null) return;
    for (const [name, item] of Object.entries(node)) {
      paths.push([...path, name]);
      walk(item, [...path, name]);
    }
  };
  walk(root, []);
  const path = paths[at % paths.length]!;
  let holder = root as Record<string | number, unknown>;
  for (const name of path.slice(0, -1)) holder = holder[name] as Record<string, unknown>;
  holder[path.at(-1)!] = value;
  return JSON.stringify(root);
}

describe('the settings of an official account', () => {
  const problemsOf = (settings: object): string[] =>
    validateSync(plainToInstance(ZaloSettings, settings)).flatMap(({ constraints }) =>
      Object.values(constraints ?? {}),
    );
  const least = { appId: '360846524940903967', oaSecret: 's' };

  it('are complete with the app and the key', () => {
    expect(problemsOf(least)).toEqual([]);
    expect(
      problemsOf({
        ...least,
        appSecret: 'a',
        accessToken: 't',
        refreshToken: 'r',
        verifierFile: 'zalo_verifierA1.html',
      }),
    ).toEqual([]);
  });

  it.each([
    [{ oaSecret: 's' }, 'appId must be set'],
    // a number that YAML has rounded is not the app's id
    [{ ...least, appId: Number('360846524940903967') }, 'appId must be set'],
    [{ appId: least.appId }, 'oaSecret must be set'],
    [{ ...least, verifierFile: '../etc/passwd' }, 'verifierFile must be'],
    [{ ...least, refreshToken: '' }, 'refreshToken must not be empty'],
  ])('%j: %s', (settings, problem) => {
    expect(problemsOf(settings)).toContainEqual(expect.stringContaining(problem));
  });

  it('name what is secret', () => {
    expect(zalo.vendors[0]!.secrets).toEqual(['oaSecret', 'appSecret', 'accessToken', 'refreshToken']);
  });
});
