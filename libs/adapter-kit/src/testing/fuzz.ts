import { MalformedPayload } from '@lienmach/contracts';
import type { ChannelAccount, Door, DoorRequest } from '../channel.js';
import { Dice, mutated } from './mutations.js';
import { doorRequest, type DoorResult } from './test-doors.js';

/** Requests of one vendor that are changed at random. */
export interface FuzzCase {
  readonly name: string;
  readonly door: Door<object>;
  readonly request: DoorRequest;
  readonly account: ChannelAccount<object>;
  /** Through the handler of production. */
  readonly handle: (request: DoorRequest) => Promise<DoorResult>;
  /** What the handler logged as a mistake of ours. */
  readonly mistakes: string[];
  /** Proves a changed request anew, so that it gets past the signature. */
  readonly sign?: (request: DoorRequest) => Readonly<Record<string, string>>;
}

/** What came of it. */
export interface FuzzTally {
  readonly requests: number;
  /** Answered 200 with something kept: events, the raw body, a dead letter. */
  readonly kept: number;
  readonly events: number;
  readonly deadLetters: number;
  readonly refused: number;
}

/** FUZZ_RUNS, requests for each vendor; 300 by default. */
export const fuzzRuns = (): number => Number(process.env['FUZZ_RUNS'] || 300);

/** TEST_SEED; else of chance where FUZZ_RUNS looks for what is wrong, and always the same where a suite shows that nothing has become wrong. */
export const fuzzSeed = (): number =>
  Number(process.env['TEST_SEED'] || (process.env['FUZZ_RUNS'] ? Date.now() % 2 ** 31 : 20_261_130));

/**
 * Sends changed requests through the door. Fails with the request where the door breaks, answers 5xx other than 503, or keeps what nobody has proven; and where
 * reading breaks in another way than MalformedPayload.
 */
export async function fuzz(cases: readonly FuzzCase[], runs: number, seed: number): Promise<FuzzTally> {
  const dice = new Dice(seed);
  const tally = { requests: 0, kept: 0, events: 0, deadLetters: 0, refused: 0 };
  const strays: unknown[] = [];
  const stray = (error: unknown): void => void strays.push(error);
  process.on('unhandledRejection', stray);
  try {
    for (let run = 0; run < runs; run += 1) {
      const one = dice.pick(cases);
      const request = changed(one, dice);
      const problem = await problemOf(one, request, tally);
      if (problem ?? strays.length > 0)
        throw new Error(
          `run ${run} of seed ${seed}, made of ${one.name}: ${problem ?? String(strays[0])}\n${shown(request)}`,
        );
    }
    // what was left to itself is told of a turn later
    await new Promise((resolve) => setImmediate(resolve));
    if (strays.length > 0) throw new Error(`a rejection that nobody handles, seed ${seed}: ${String(strays[0])}`);
  } finally {
    process.off('unhandledRejection', stray);
  }
  return tally;
}

function changed({ request, sign }: FuzzCase, dice: Dice): DoorRequest {
  const isGet = request.method === 'GET';
  const body = isGet ? request.body : mutated(request.body, dice);
  const target = isGet ? changedQuery(request.target, dice) : request.target;
  const headers = dice.below(8) === 0 ? withoutOne(request.headers, dice) : request.headers;
  const made = { ...doorRequest({ ...request, target, headers, body }), publicUrl: request.publicUrl };
  // half of them get past the signature
  return sign && dice.below(2) === 0 ? { ...made, headers: { ...made.headers, ...sign(made) } } : made;
}

function changedQuery(target: string, dice: Dice): string {
  const [path = '', query = ''] = target.split('?');
  const text = mutated(Buffer.from(query, 'latin1'), dice).toString('latin1');
  return `${path}?${text.replace(/[^!$-;=?-~]/g, (letter) => encodeURIComponent(letter))}`;
}

function withoutOne(headers: DoorRequest['headers'], dice: Dice): DoorRequest['headers'] {
  const name = dice.pick(Object.keys(headers));
  return { ...headers, [name ?? 'x-none']: dice.pick([undefined, '', 'x', 'text/plain', '\u0000']) };
}

interface Counts {
  requests: number;
  kept: number;
  events: number;
  deadLetters: number;
  refused: number;
}

/** Why the door may not have done as it did; undefined: it may. */
async function problemOf(one: FuzzCase, request: DoorRequest, tally: Counts): Promise<string | undefined> {
  const { door, account, handle, mistakes } = one;
  let result: DoorResult;
  try {
    result = await handle(request);
  } catch (error) {
    return `the door broke: ${String((error as Error).stack)}`;
  }
  const { answer, records, events, deadLetters } = result;
  tally.requests += 1;
  tally.kept += records.length > 0 ? 1 : 0;
  tally.events += events.length;
  tally.deadLetters += deadLetters.length;
  tally.refused += answer.status >= 400 ? 1 : 0;
  if (answer.status >= 500 && answer.status !== 503) return `answered ${answer.status}`;
  if (mistakes.length > 0) return mistakes.join('; ');
  const isProven = door.accountIn === 'path-secret' || door.accountIn === 'connection' || records.length === 0;
  if (!isProven && !door.verify(request, account)) return 'what nobody has proven was kept';
  return isOurs(one, request);
}

/** The error of another kind than MalformedPayload, as text. */
function isOurs({ door, account }: FuzzCase, request: DoorRequest): string | undefined {
  try {
    door.normalise(door.parse(request), (id) => (id === account.id ? account : undefined), request, account);
    return undefined;
  } catch (error) {
    return error instanceof MalformedPayload ? undefined : `reading broke: ${String((error as Error).stack)}`;
  }
}

const shown = ({ method, target, headers, body }: DoorRequest): string =>
  `${method} ${target} ${JSON.stringify(headers)}\n${body.toString('base64').slice(0, 4_000)}`;
