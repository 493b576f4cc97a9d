import { setTimeout as pause } from 'node:timers/promises';
import { Api } from './api.js';
import type { BenchContext } from './bench-context.js';
import type { Stack } from './bench-servers.js';
import { PAGE, requestsOf, webhooks, type Webhook } from './facebook-requests.js';
import { closedLoop, openLoop } from './http-load.js';
import { absolute, type Measure } from './measure.js';
import { percentile, spread } from './statistics.js';

const PER_SECOND = 500;
/** Of how many messages one is looked for in the API: looking for all would measure the looking. */
const PROBE_EVERY = 50;
const CUSTOMERS = 500;
/**
 * Between two looks for a message, and a tenth of its age once that is more; what was missed by less than this counts as late by it. Were all that wait looked
 * for at the finest, a slow stack would be kept slow by the looking.
 */
const LOOK_MS = 3;
const lookPause = (age: number): number => Math.max(LOOK_MS, age / 10);
const GIVE_UP_MS = 60_000;

interface TimelinePage {
  items: { text: string | null }[];
}

async function peopleOf(api: Api, customers: readonly string[]): Promise<Map<string, string>> {
  const people = new Map<string, string>();
  const deadline = Date.now() + GIVE_UP_MS;
  for (const customer of customers) {
    for (;;) {
      const path = `/v1/identifiers/fb_psid/${customer}?scope=${PAGE}`;
      const { people: found } = await api.read<{ people: { id: string }[] }>(path);
      if (found[0]) {
        people.set(customer, found[0].id);
        break;
      }
      if (Date.now() > deadline) throw new Error('the first messages did not become people');
      await pause(20);
    }
  }
  return people;
}

/** Looks until the message is the newest of its person's timeline. @returns the moment */
async function untilVisible(api: Api, person: string, mid: string, sentAt: number): Promise<number> {
  const deadline = performance.now() + GIVE_UP_MS;
  for (;;) {
    const { items } = await api.read<TimelinePage>(`/v1/people/${person}/timeline?limit=3`);
    if (items.some(({ text }) => text?.startsWith(`${mid} `))) return performance.now();
    if (performance.now() > deadline) throw new Error(`${mid} was acknowledged and is not in the timeline`);
    await pause(lookPause(performance.now() - sentAt));
  }
}

async function probe(
  api: Api,
  port: number,
  people: ReadonlyMap<string, string>,
  list: readonly Webhook[],
): Promise<number[]> {
  const requests = requestsOf(list, 1_000 / PER_SECOND);
  const sentAt = new Map<number, number>();
  const looks: Promise<number>[] = [];
  await openLoop(port, requests, PER_SECOND, {
    sent: (index) => index % PROBE_EVERY === 0 && sentAt.set(index, performance.now()),
    answered(index) {
      if (index % PROBE_EVERY !== 0) return;
      const { mid, customer } = list[index]!;
      const since = sentAt.get(index)!;
      const look = untilVisible(api, people.get(customer)!, mid, since).then((seen) => seen - since);
      look.catch(() => undefined); // told below, when the load has ended
      looks.push(look);
    },
  });
  return Promise.all(looks);
}

async function requireAll(stack: Stack, sent: number): Promise<void> {
  const { count } = await stack.one<{ count: string }>('SELECT count(*) AS count FROM core.item');
  if (Number(count) !== sent) throw new Error(`${sent} messages were acknowledged, the timeline has ${count}`);
}

/** From the sending of a webhook to its row in the answer of the timeline API, the whole stack running, at 500 a second. */
export async function measureFreshness(context: BenchContext): Promise<Measure[]> {
  const { servers, quick, wanted, say } = context;
  const stack = await servers.newStack('freshness');
  const core = await stack.app('core');
  const adapter = await stack.app('adapter-facebook');
  const api = new Api(core.url, servers.adminToken);
  try {
    const first = webhooks('first', CUSTOMERS, CUSTOMERS);
    await closedLoop(adapter.port, requestsOf(first), 8);
    const people = await peopleOf(api, [...new Set(first.map(({ customer }) => customer))]);
    const seconds = quick ? 4 : 15;
    const rounds = quick ? 1 : 3;
    const warm = webhooks('warm', PER_SECOND * (quick ? 2 : 6), CUSTOMERS);
    await probe(api, adapter.port, people, warm);
    let sent = first.length + warm.length;
    const [p50, p99]: [number[], number[]] = [[], []];
    let probes = 0;
    for (let round = 1; round <= rounds; round += 1) {
      const list = webhooks(`f${round}`, PER_SECOND * seconds, CUSTOMERS);
      const found = await probe(api, adapter.port, people, list);
      sent += list.length;
      probes += found.length;
      p50.push(percentile(found, 0.5));
      p99.push(percentile(found, 0.99));
      say(`freshness round ${round} of ${rounds}: p50 ${p50.at(-1)!.toFixed(1)} ms, p99 ${p99.at(-1)!.toFixed(1)} ms`);
    }
    await requireAll(stack, sent);
    const detail = `${PER_SECOND}/s, whole stack on all cores; ${probes} messages looked for in the API every ${LOOK_MS} ms, or tenth of their age`;
    return [
      absolute('freshness-p50-ms', 'ms', spread(p50), 30, detail),
      absolute('freshness-p99-ms', 'ms', spread(p99), 250, detail),
    ].filter(({ name }) => wanted.has(name));
  } finally {
    api.close();
    await adapter.stop();
    await core.stop();
    await stack.discard();
  }
}
