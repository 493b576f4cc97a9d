import { describe, expect, it } from '@jest/globals';
import { MalformedPayload } from '@lienmach/contracts';
import type { Door, DoorRequest } from '../channel.js';
import { fuzz, type FuzzCase } from './fuzz.js';
import { Dice, mutated } from './mutations.js';
import { doorRequest, type DoorResult } from './test-doors.js';

const account = { tenant: 't', channel: 'c', vendor: 'v', id: 'a', settings: {}, ownNumbers: [] };
const body = Buffer.from(JSON.stringify({ a: [{ b: 'text', c: 1 }], d: null }));
const result = (status: number, kept = 0): DoorResult => ({
  answer: { status },
  records: Array(kept).fill({}),
  raw: [],
  events: [],
  deadLetters: [],
});
const request = doorRequest({ target: '/x?y=1', headers: { 'content-type': 'application/json' }, body });

/** A door that refuses everything, and is proven by nothing, changed by the test. */
function caseOf(changed: Partial<FuzzCase> = {}, door: Partial<Door<object>> = {}): FuzzCase {
  const made = {
    path: '/x',
    methods: ['POST'],
    accountIn: 'path-id',
    contentTypes: ['application/json'],
    verify: () => false,
    parse: () => {
      throw new MalformedPayload('nothing is readable');
    },
    normalise: () => ({ events: [], unknown: [], malformed: [] }),
    ...door,
  } as unknown as Door<object>;
  const handle = () => Promise.resolve(result(401));
  return {
    name: 'one',
    door: made,
    request,
    account: account,
    handle,
    mistakes: [],
    ...changed,
  };
}

describe('requests changed at random', () => {
  it('are counted, and may be refused', async () => {
    expect(await fuzz([caseOf()], 20, 1)).toEqual({ requests: 20, kept: 0, events: 0, deadLetters: 0, refused: 20 });
  });

  it.each<[string, Partial<FuzzCase>, Partial<Door<object>>, string]>([
    ['where the door breaks', { handle: () => Promise.reject(new Error('down')) }, {}, 'the door broke: Error: down'],
    ['where it answers 500', { handle: () => Promise.resolve(result(500)) }, {}, 'answered 500'],
    ['where it logs a mistake', { mistakes: ['a mistake of ours'] }, {}, 'a mistake of ours'],
    ['where it keeps what is not proven', { handle: () => Promise.resolve(result(200, 1)) }, {}, 'nobody has proven'],
    [
      'where reading breaks',
      {},
      { parse: (one: DoorRequest) => (null as never)[one.target] },
      'reading broke: TypeError',
    ],
  ])('fail the test %s, with the seed', async (_, changed, door, problem) => {
    await expect(fuzz([caseOf(changed, door)], 5, 42)).rejects.toThrow(problem);
    await expect(fuzz([caseOf(changed, door)], 5, 42)).rejects.toThrow('seed 42, made of one');
  });

  it('may be answered 503, and kept where they are proven', async () => {
    await fuzz([caseOf({ handle: () => Promise.resolve(result(503)) })], 5, 1);
    const proven = caseOf({ handle: () => Promise.resolve(result(200, 1)) }, { verify: () => true });
    expect(await fuzz([proven], 5, 1)).toMatchObject({ kept: 5, refused: 0 });
  });

  it('are the same for the same seed, and others for another', async () => {
    const sent = async (seed: number): Promise<string[]> => {
      const bodies: string[] = [];
      const handle = (one: DoorRequest) => {
        bodies.push(one.body.toString('base64'));
        return Promise.resolve(result(401));
      };
      await fuzz([caseOf({ handle })], 30, seed);
      return bodies;
    };
    expect(await sent(7)).toEqual(await sent(7));
    expect(await sent(7)).not.toEqual(await sent(8));
    expect(new Set(await sent(7)).size).toBeGreaterThan(20);
  });
});

it('a body is changed whatever it is', () => {
  const dice = new Dice(3);
  for (const each of [body, Buffer.from('a=1&b=2'), Buffer.from([0xff, 0xfe]), Buffer.alloc(0)]) {
    const changed = Array.from({ length: 40 }, () => mutated(each, dice));
    expect(changed.filter((one) => !one.equals(each)).length).toBeGreaterThan(20);
  }
});
