import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AppProcess } from '../embedded/index.js';
import type { BenchContext } from './bench-context.js';
import { TENANT, type Stack } from './bench-servers.js';
import { doorCases, PUBLIC_URL, type DoorCase } from './door-requests.js';
import { webhookRequest, webhooks } from './facebook-requests.js';
import { closedLoop } from './http-load.js';
import { compared, type Measure } from './measure.js';
import { processorSeconds } from './process-time.js';
import { spread, type Spread } from './statistics.js';

/** Of the Fanpage door's: what a door may cost. */
const MOST = 1.5;
/** Below it a message of the Fanpage has no room for a text. */
const SMALLEST_BODY = 300;

interface Cost {
  readonly door: DoorCase;
  /** Microseconds of the adapter's process for a request. */
  readonly ours: Spread;
  readonly fanpage: Spread;
}

/**
 * Processor time of each vendor's door beside that of the Fanpage's, for a body of the same size: both adapters run at once and are asked in turns. What is measured
 * is the whole process, from the connection to the broker's acknowledgement.
 */
export async function measureDoors(context: BenchContext): Promise<Measure[]> {
  const { servers, quick, say } = context;
  const stack = await servers.newStack('doors');
  const rounds = quick ? 1 : 3;
  const count = quick ? 1_000 : 4_000;
  const cases = doorCases();
  const costs: Cost[] = [];
  const fanpage = await stack.app('adapter-facebook');
  try {
    await closedLoop(fanpage.port, fanpageRequests('warm', 5 * count, 1_024));
    for (const channel of new Set(cases.map((each) => each.channel))) {
      const ofChannel = cases.filter((each) => each.channel === channel);
      const app = await startAdapter(stack, channel, ofChannel);
      try {
        for (const { request } of ofChannel) await closedLoop(app.port, Array<Buffer>(count).fill(request));
        for (const door of ofChannel) {
          const requests = Array<Buffer>(count).fill(door.request);
          await closedLoop(app.port, requests);
          const [ours, theirs]: [number[], number[]] = [[], []];
          for (let round = 1; round <= rounds; round += 1) {
            ours.push(await costOf(app, requests));
            const bytes = Math.max(door.bodyBytes, SMALLEST_BODY);
            theirs.push(await costOf(fanpage, fanpageRequests(`${channel}-${door.vendor}-${round}`, count, bytes)));
          }
          costs.push({ door, ours: spread(ours), fanpage: spread(theirs) });
          say(`door ${told(costs.at(-1)!)}`);
        }
      } finally {
        await app.stop();
      }
    }
  } finally {
    await fanpage.stop();
    await stack.discard();
  }
  const worst = [...costs].sort((a, b) => ratioOf(b) - ratioOf(a));
  const [first] = worst as [Cost];
  return [
    compared({
      name: 'doors-vs-fanpage',
      unit: 'µs',
      ours: first.ours,
      comparator: first.fanpage,
      comparatorName: 'Fanpage',
      atMost: MOST,
      detail: `processor time a request of the door that costs most for its size, without those that parse MIME; all: ${worst.map(told).join('; ')}`,
    }),
  ];
}

const ratioOf = ({ ours, fanpage }: Cost): number => ours.median / fanpage.median;
const told = (cost: Cost): string =>
  `${cost.door.channel} ${cost.door.vendor} ${Math.round(cost.ours.median)} µs, ${ratioOf(cost).toFixed(2)} ×`;

function startAdapter(stack: Stack, channel: string, cases: readonly DoorCase[]): Promise<AppProcess> {
  const file = join(stack.folder, `accounts-${channel}.json`);
  const accounts = cases.map(({ account: { vendor, id, settings } }) => ({
    channel,
    ...(vendor !== undefined && { vendor }),
    id,
    ...settings,
  }));
  writeFileSync(file, JSON.stringify({ tenants: [{ id: TENANT, name: 'Bench', brand: TENANT, accounts }] }));
  return stack.app(`adapter-${channel}`, { ACCOUNTS_FILE: file, PUBLIC_URL });
}

function fanpageRequests(round: string, count: number, bytes: number): Buffer[] {
  const now = Date.now();
  return webhooks(`doors-${round}`, count).map((webhook) => webhookRequest(webhook, now, bytes));
}

/** @returns microseconds a request */
async function costOf({ port, pid }: AppProcess, requests: readonly Buffer[]): Promise<number> {
  const before = processorSeconds(pid);
  await closedLoop(port, requests);
  const after = processorSeconds(pid);
  if (before === null || after === null) throw new Error('this system does not tell the processor time of a process');
  return ((after - before) * 1e6) / requests.length;
}
