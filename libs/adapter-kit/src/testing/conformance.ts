import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { joinKey, MalformedPayload, replyRulesOf, threadKey } from '@lienmach/contracts';
import { Ajv } from 'ajv';
import { accountDefinitions } from '../account-definitions.js';
import type { ChannelAccount, ChannelDefinition, Door, DoorRequest, VendorDefinition } from '../channel.js';
import { validateEvent } from '../event-validation.js';
import { fuzz, fuzzRuns, fuzzSeed, type FuzzCase } from './fuzz.js';
import { JUNK, pathsOf, replaced } from './mutations.js';
import {
  doorRequest,
  onlyVendor,
  targetOf,
  TENANT,
  TestDoors,
  type DoorResult,
  type TestAccount,
} from './test-doors.js';

/** One real request and what it must become. */
export interface Fixture {
  /** What it shows: text, image, echo. */
  readonly name: string;
  readonly note?: string;
  readonly account: TestAccount;
  /** Path of the door as defined; the vendor's first by default. */
  readonly door?: string;
  readonly method?: 'GET' | 'POST';
  /** Request-URI; by default the door's path with the account in it. */
  readonly target?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The exact bytes as text; or `body`, which is written as JSON. */
  readonly raw?: string;
  readonly body?: unknown;
  /** The events, in order, each with the fields that matter. */
  readonly expect: readonly Readonly<Record<string, unknown>>[];
  /** Something of it belongs on the dead-letter topic. */
  readonly deadLetter?: boolean;
}

export interface ConformanceOptions {
  /** Headers that prove a request, for fixtures that were not signed by the vendor; nothing for doors with a path secret. */
  readonly sign?: (request: DoorRequest, account: TestAccount) => Readonly<Record<string, string>>;
  /** Requests that must be refused; needed where the vendor's signature does not cover the whole body. */
  readonly forge?: (request: DoorRequest, account: TestAccount) => readonly Partial<DoorRequest>[] | undefined;
  /** The body of a request that is signed and cannot be read, where broken JSON is none; null where nothing is unreadable. */
  readonly unreadable?: (request: DoorRequest, account: TestAccount) => Buffer | null;
  /** Receipt, milliseconds since 1970: soon after the fixtures' times, or they are late. */
  readonly now?: number;
}

const GARBAGE = ['', '{', 'null', '[]', '0', '"text"', 'a=b&c', '{"a":1', '\u0000'];
/** Of a body, so that the largest fixture takes milliseconds too. */
const MOST_LEAVES = 150;

/** Reads `*.json` of a folder beside a spec: `readFixtures(new URL('../fixtures/', import.meta.url))`. The file's name is the name unless it has one. */
export function readFixtures<T = Fixture>(folder: URL): (T & { name: string })[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => ({
      name: file.replace(/\.json$/, ''),
      ...(JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as T),
    }));
}

/** What every channel must hold, proven over its own fixtures. Call it at the top of `<name>.channel.spec.ts`. */
export function channelConformance(
  channel: ChannelDefinition,
  fixtures: readonly Fixture[],
  { sign, forge, unreadable, now = Date.UTC(2026, 10, 20, 12) }: ConformanceOptions = {},
): void {
  const cases = fixtures.map((fixture) => caseOf(channel, fixture, sign));
  const doorsAt = (fixture: Fixture, at = now) => new TestDoors(channel, [fixture.account], { now: () => at });
  const run = ({ fixture, door, request }: Case, changed: Partial<DoorRequest> = {}, at = now): Promise<DoorResult> =>
    doorsAt(fixture, at).handle(door.path, { ...request, ...changed });

  describe(`${channel.name} conforms`, () => {
    it('has fixtures', () => expect(fixtures.length).toBeGreaterThan(0));

    it('tells whoever edits accounts what settings it takes', () => {
      const ajv = new Ajv({ validateFormats: false, keywords: ['errorMessage'] });
      const takes = new Map(accountDefinitions(channel).map((each) => [each.vendor, ajv.compile(each.settingsSchema)]));
      for (const { fixture, vendor } of cases) {
        const check = takes.get(vendor.name)!;
        check(fixture.account.settings);
        expect([fixture.name, check.errors]).toEqual([fixture.name, null]);
        expect([vendor.name, check({ ...fixture.account.settings, 'no such setting': 1 })]).toEqual([
          vendor.name,
          false,
        ]);
      }
    });

    it('sends by the vendors by which core lets people answer, and by no other', () => {
      const sending = channel.vendors.filter((vendor) => vendor.send !== undefined);
      const answered = channel.vendors.filter(({ name }) => replyRulesOf(channel.name, 'message', name) !== undefined);
      expect(sending.map(({ name }) => name)).toEqual(answered.map(({ name }) => name));
    });

    describe.each(cases)('$fixture.name', (each) => {
      const { fixture, door, vendor, request } = each;
      const provenByBody = door.accountIn === 'path-id' || door.accountIn === 'body';

      it('becomes the expected events, raw bytes kept', async () => {
        const result = await run(each);
        expect(result.answer.status).toBe(200);
        expect(result.events).toEqual(fixture.expect.map((event) => expect.objectContaining(deep(event)) as unknown));
        expect(result.deadLetters).toHaveLength(fixture.deadLetter ? 1 : 0);
        expect(result.raw.map(({ value }) => value)).toEqual([request.body]);
        expect(result.raw[0]?.key).toBe(joinKey(fixture.account.tenant ?? TENANT, channel.name, fixture.account.id));
      });

      it('makes events of the contract, keyed by their thread', async () => {
        const { events, records } = await run(each);
        for (const event of events) expect([event.id, validateEvent(event)]).toEqual([event.id, undefined]);
        expect(events.every(({ data }) => data.vendor === vendor.name)).toBe(true);
        const keys = events.map(({ tenant, account, data }) => threadKey(tenant, channel.name, account, data.thread));
        expect(records.filter(({ topic }) => topic.startsWith('channel.')).map(({ key }) => key)).toEqual(keys);
      });

      it('has the same ids and keys whenever it comes again, each its own', async () => {
        const first = await run(each);
        const again = await run(each, {}, now + 86_400_000);
        const ids = first.events.map(({ id }) => id);
        expect(again.events.map(({ id }) => id)).toEqual(ids);
        expect(again.records.slice(1).map(({ key }) => key)).toEqual(first.records.slice(1).map(({ key }) => key));
        expect(new Set(ids).size).toBe(ids.length);
      });

      it('is refused, and nothing kept, when a byte or its proof has changed', async () => {
        const refused = provenByBody ? 401 : 404;
        const forged = forge?.(request, fixture.account) ?? forgeries(request);
        for (const changed of provenByBody ? forged : [{ target: targetOf(door, stranger(fixture.account)) }]) {
          const { answer, records } = await run(each, changed);
          expect({ status: answer.status, records }).toEqual({ status: refused, records: [] });
        }
      });

      it('is read without being changed', () => {
        const account = accountOf(each);
        const payload: unknown = door.parse(request);
        door.normalise(payload, (id) => (id === account.id ? account : undefined), request, account);
        expect(payload).toEqual(door.parse(request));
      });

      it('breaks in no other way than MalformedPayload', () => {
        const account = accountOf(each);
        const lookup = (id: string) => (id === account.id ? account : undefined);
        const bodies = [
          ...GARBAGE.map((text) => Buffer.from(text)),
          Buffer.from([0x7b, 0xff]),
          ...mutations(request.body),
        ];
        for (const body of bodies) {
          const broken = { ...request, body };
          const errors = thrownBy(() => door.normalise(door.parse(broken), lookup, broken, account));
          expect([body.toString(), errors]).toEqual([body.toString(), undefined]);
        }
      });

      if (sign && request.method === 'POST') {
        it('goes to the dead letters, signed as it is, when it cannot be read', async () => {
          const body = unreadable ? unreadable(request, fixture.account) : Buffer.from('{"broken":');
          if (body === null) return;
          const headers = { ...request.headers, ...sign({ ...request, body }, fixture.account) };
          const { answer, events, deadLetters } = await run(each, { body, headers });
          expect({ status: answer.status, events }).toEqual({ status: 200, events: [] });
          expect(deadLetters.map(({ value }) => value)).toEqual([body]);
        });
      }
    });

    // last, because a door may remember what it was shown, as Mailgun's does the tokens
    const seed = fuzzSeed();
    const vendors = [...new Set(cases.map(({ vendor }) => vendor))];
    it.each(vendors.map((vendor) => [vendor.name, vendor] as const))(
      `of %s keeps nothing unproven and breaks at no request that is changed at random (TEST_SEED=${seed})`,
      async (name, vendor) => {
        const own = cases.filter((each) => each.vendor === vendor).map((each) => fuzzCaseOf(channel, each, sign, now));
        const tally = await fuzz(own, fuzzRuns(), seed);
        expect(tally.requests).toBe(fuzzRuns());
        if (process.env['FUZZ_RUNS']) process.stdout.write(`${channel.name} ${name}: ${JSON.stringify(tally)}\n`);
      },
      30_000 + 30 * fuzzRuns(),
    );
  });
}

interface Case {
  readonly fixture: Fixture;
  readonly vendor: VendorDefinition;
  readonly door: Door<object>;
  readonly request: DoorRequest;
}

function caseOf(channel: ChannelDefinition, fixture: Fixture, sign: ConformanceOptions['sign']): Case {
  const named = fixture.account.vendor;
  const vendors: readonly VendorDefinition[] = channel.vendors;
  const vendor = named ? vendors.find(({ name }) => name === named) : onlyVendor(channel);
  const doors = vendor ? [...vendor.doors, ...(vendor.server ? [vendor.server.door] : [])] : [];
  const door = doors.find(({ path }) => !fixture.door || path === fixture.door);
  if (!vendor || !door) throw new Error(`${fixture.name}: no vendor ${named} or no door ${fixture.door}`);
  const text = fixture.raw ?? (fixture.body === undefined ? '' : JSON.stringify(fixture.body));
  const method = fixture.method ?? (door.methods.includes('POST') ? 'POST' : 'GET');
  const type = method === 'POST' && door.contentTypes[0] ? { 'content-type': door.contentTypes[0] } : {};
  const bare = doorRequest({
    method,
    target: fixture.target ?? targetOf(door, fixture.account),
    headers: { ...type, ...fixture.headers },
    body: Buffer.from(text),
  });
  const request = { ...bare, headers: { ...bare.headers, ...sign?.(bare, fixture.account) } };
  return { fixture, vendor, door, request };
}

function fuzzCaseOf(
  channel: ChannelDefinition,
  { fixture, door, request, ...rest }: Case,
  sign: ConformanceOptions['sign'],
  now: number,
): FuzzCase {
  const mistakes: string[] = [];
  const silent = (): void => undefined;
  const error = (message: unknown, cause: unknown): void => void mistakes.push(`${String(message)}: ${String(cause)}`);
  const logger = { log: silent, warn: silent, error };
  const doors = new TestDoors(channel, [fixture.account], { now: () => now, logger });
  return {
    name: fixture.name,
    door,
    request,
    account: accountOf({ fixture, door, request, ...rest }),
    handle: doors.inTurn(door.path),
    mistakes,
    sign: sign && ((changed) => sign(changed, fixture.account)),
  };
}

/** An account that nobody has set up. */
function stranger({ id, settings, ...rest }: TestAccount): TestAccount {
  return { ...rest, id: `${id}x`, settings: { ...settings, secret: `${String(settings['secret'])}x` } };
}

/** Requests that nobody who knows the secret has made. */
function forgeries(request: DoorRequest): Partial<DoorRequest>[] {
  const bytes = request.body;
  const flipped = [0, bytes.length >> 1, bytes.length - 1]
    .filter((at) => at >= 0 && at < bytes.length)
    .map((at) => {
      const body = Buffer.from(bytes);
      body[at]! ^= 1;
      return { body };
    });
  const type = { 'content-type': request.headers['content-type'] };
  const query = request.method === 'GET' ? [{ target: `${request.target}&x=1` }] : [];
  return [...flipped, ...query, { headers: type }];
}

function accountOf({ fixture, vendor }: Case): ChannelAccount<object> {
  const { id, settings, tenant = TENANT } = fixture.account;
  const typed = Object.assign(new vendor.settings(), settings) as object;
  const own = vendor.ownNumbers?.(typed, id) ?? [];
  return { tenant, channel: '', vendor: vendor.name, id, settings: typed, ownNumbers: own };
}

/** The error of another kind than MalformedPayload, as text. */
function thrownBy(work: () => unknown): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    return error instanceof MalformedPayload ? undefined : String((error as Error).stack);
  }
}

/** The body with each of its parts in turn replaced by something that does not belong there. */
function mutations(body: Buffer): Buffer[] {
  let root: unknown;
  try {
    root = JSON.parse(body.toString());
  } catch {
    return [];
  }
  const paths = pathsOf(root).slice(0, MOST_LEAVES);
  return paths.flatMap((path) => JUNK.map((junk) => Buffer.from(JSON.stringify(replaced(root, path, junk)))));
}

/** Objects inside match by the fields that they name, lists by all their items. */
function deep(value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, matcher(item)]));
}

function matcher(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => matcher(item));
  if (typeof value !== 'object' || value === null) return value;
  return expect.objectContaining(deep(value as Record<string, unknown>));
}
