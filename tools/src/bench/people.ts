import { setTimeout as pause } from 'node:timers/promises';
import { createGatheringProducer } from '@lienmach/kafka';
import { Api } from './api.js';
import type { BenchContext } from './bench-context.js';
import type { Stack } from './bench-servers.js';
import { messageRecords } from './channel-events.js';
import { PAGE } from './facebook-requests.js';
import { absolute, type Measure } from './measure.js';
import { percentile, spread } from './statistics.js';

/** Identifiers of one customer when another is joined with him: as many as one person may have. */
const COMPONENT = 200;
const JOIN_AT_MOST_MS = 50;
const PAGE_AT_MOST_MS = 20;
const GIVE_UP_MS = 120_000;
const THREE_HOURS = 3 * 60 * 60_000;
/** Phones, and addresses, in one line of a CRM. */
const A_LINE = 10;

async function untilNothingWaits(stack: Stack): Promise<void> {
  const deadline = Date.now() + GIVE_UP_MS;
  for (;;) {
    const { waits } = await stack.one<{ waits: boolean }>('SELECT EXISTS (SELECT FROM core.dirty) AS waits');
    if (!waits) return;
    if (Date.now() > deadline) throw new Error('what was fed was not worked off');
    await pause(50);
  }
}

async function publish(stack: Stack, name: string, count: number, options: { customers: number; everyMs?: number }) {
  const producer = createGatheringProducer(stack.connection);
  await producer.send(messageRecords(name, count, options), { deadlineMs: 60_000 });
  await producer.close();
}

/** The person who wrote the messages of a round, once all of them are in. */
async function authorOf(api: Api, stack: Stack, customer: string, items: number): Promise<string> {
  const deadline = Date.now() + GIVE_UP_MS;
  for (;;) {
    const { count } = await stack.one<{ count: string }>('SELECT count(*) AS count FROM core.item');
    if (Number(count) >= items) break;
    if (Date.now() > deadline) throw new Error(`${items} messages were fed, the timeline has ${count}`);
    await pause(50);
  }
  await untilNothingWaits(stack);
  const { people } = await api.read<{ people: { id: string }[] }>(`/v1/identifiers/fb_psid/${customer}?scope=${PAGE}`);
  return people[0]!.id;
}

async function untilDone(api: Api, jobId: string): Promise<void> {
  const deadline = Date.now() + GIVE_UP_MS;
  for (;;) {
    const job = await api.read<{ state: string; errors: unknown[] }>(`/v1/jobs/${jobId}`);
    if (job.errors.length > 0) throw new Error(`a job met errors: ${JSON.stringify(job.errors)}`);
    if (job.state === 'done') return;
    if (Date.now() > deadline) throw new Error(`a job is ${job.state}`);
    await pause(50);
  }
}

/** A customer of a CRM with so many identifiers, his number there included. */
async function importCustomer(api: Api, stack: Stack, identifiers: number): Promise<string> {
  const others = Array.from({ length: identifiers - 1 }, (_, index) => index);
  const lines = [];
  for (let at = 0; at < others.length; at += 2 * A_LINE) {
    const some = others.slice(at, at + 2 * A_LINE);
    lines.push({
      crmId: 'KH-200',
      phones: some.slice(0, A_LINE).map((index) => `+84912${String(index).padStart(6, '0')}`),
      emails: some.slice(A_LINE).map((index) => `an${index}@khach.example`),
    });
  }
  const text = lines.map((line) => JSON.stringify(line)).join('\n');
  const { jobId } = await api.post<{ jobId: string }>('/v1/identities/import', text, 'application/x-ndjson');
  await untilDone(api, jobId);
  await untilNothingWaits(stack);
  const { people } = await api.read<{ people: { id: string }[] }>('/v1/identifiers/crm_id/KH-200');
  return people[0]!.id;
}

interface PersonPage {
  identifiers: unknown[];
}

/** Looks until a person has so many identifiers; the answer to a word waits for it itself, but not for ever. */
async function untilMembers(api: Api, person: string, wanted: number): Promise<void> {
  const deadline = Date.now() + GIVE_UP_MS;
  for (;;) {
    const { identifiers } = await api.read<PersonPage>(`/v1/people/${person}`);
    if (identifiers.length === wanted) return;
    if (Date.now() > deadline) throw new Error(`${wanted} identifiers are wanted, one has ${identifiers.length}`);
    await pause(5);
  }
}

/** From an agent's word until the person is seen as it says: both people computed anew, with their conversations. */
async function measureJoins(api: Api, stack: Stack, rounds: number): Promise<{ join: number[]; undo: number[] }> {
  await publish(stack, 'joined', 10, { customers: 1 });
  const author = await authorOf(api, stack, 'joined-0', 10);
  const own = await api.read<PersonPage>(`/v1/people/${author}`);
  const before = COMPONENT - own.identifiers.length;
  // without it nobody has more than a few numbers by himself (rule I8)
  const caps = { phone: COMPONENT / 2, email: COMPONENT / 2 };
  const { jobId } = await api.put<{ jobId: string }>('/v1/rules', { identity: { caps } });
  await untilDone(api, jobId);
  const customer = await importCustomer(api, stack, before);
  await untilMembers(api, customer, before);
  const [join, undo]: [number[], number[]] = [[], []];
  // the first three only warm up
  for (let round = -3; round < rounds; round += 1) {
    const began = performance.now();
    const said = await api.post<{ evidenceId: string }>(`/v1/people/${customer}/same-as`, {
      personId: author,
      reason: 'bench',
    });
    await untilMembers(api, customer, COMPONENT);
    const joined = performance.now();
    await api.post(`/v1/evidence/${said.evidenceId}/retract`, { reason: 'bench' });
    await untilMembers(api, customer, before);
    const undone = performance.now();
    if (round < 0) continue;
    join.push(joined - began);
    undo.push(undone - joined);
  }
  return { join, undo };
}

/** Every page of a long timeline, one after the other. @returns milliseconds of each */
async function measurePages(api: Api, person: string, items: number): Promise<number[]> {
  const times: number[] = [];
  let seen = 0;
  let cursor: string | null = null;
  do {
    const more: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const began = performance.now();
    const page: { items: unknown[]; next: string | null } = await api.read(
      `/v1/people/${person}/timeline?limit=50${more}`,
    );
    times.push(performance.now() - began);
    seen += page.items.length;
    cursor = page.next;
  } while (cursor !== null);
  if (seen < items) throw new Error(`${items} messages were fed, the timeline showed ${seen}`);
  return times;
}

/** What an agent waits for: a join and its undoing in the largest of people, and the pages of a long timeline. */
export async function measurePeople(context: BenchContext): Promise<Measure[]> {
  const { servers, quick, wanted, say } = context;
  const stack = await servers.newStack('people');
  const core = await stack.app('core');
  const api = new Api(core.url, servers.adminToken);
  const measures: Measure[] = [];
  try {
    if (wanted.has('join-200-ms') || wanted.has('undo-200-ms')) {
      const { join, undo } = await measureJoins(api, stack, quick ? 5 : 30);
      const detail = `a person of ${COMPONENT} identifiers; from the request until the person is read so`;
      measures.push(
        absolute('join-200-ms', 'ms', spread(join), JOIN_AT_MOST_MS, detail),
        absolute('undo-200-ms', 'ms', spread(undo), JOIN_AT_MOST_MS, detail),
      );
      say(`people: join ${spread(join).median.toFixed(1)} ms, undo ${spread(undo).median.toFixed(1)} ms`);
    }
    if (wanted.has('timeline-page-p95-ms')) {
      const items = quick ? 2_000 : 10_000;
      const stood = Number((await stack.one<{ count: string }>('SELECT count(*) AS count FROM core.item')).count);
      await publish(stack, 'long', items, { customers: 1, everyMs: THREE_HOURS });
      const person = await authorOf(api, stack, 'long-0', stood + items);
      await measurePages(api, person, items); // warms up
      const times = await measurePages(api, person, items);
      const detail = `${times.length} pages of 50 of a person with ${items} messages, one at a time; p50 ${percentile(times, 0.5).toFixed(1)} ms`;
      measures.push(absolute('timeline-page-p95-ms', 'ms', spread([percentile(times, 0.95)]), PAGE_AT_MOST_MS, detail));
    }
    return measures.filter(({ name }) => wanted.has(name));
  } finally {
    api.close();
    await core.stop();
    await stack.discard();
  }
}
