import 'reflect-metadata';
import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startKafka, type AppProcess, type EmbeddedKafka } from '@lienmach/tools';
import {
  customers,
  Ledger,
  Load,
  Pipeline,
  ShiftedClock,
  startApp,
  startStack,
  temporaryFolder,
  waitUntil,
  writeAccountsFile,
} from '../support/index.js';

const MINUTE = 60_000;
/** Facebook bears an hour of failures; after a third of it its events are kept here. */
const LONG = 21 * MINUTE;

describe('the broker stays away for so long that the vendor would give up', () => {
  const spool = temporaryFolder('spool');
  const clock = new ShiftedClock();
  let kafka: EmbeddedKafka;
  let pipeline: Pipeline;
  let adapter: AppProcess;
  let ledger: Ledger;
  let load: Load;

  beforeAll(async () => {
    kafka = await startKafka({ dir: temporaryFolder('kafka') });
    const stack = await startStack(['core'], { KAFKA_BROKERS: kafka.brokers, ACCOUNTS_FILE: writeAccountsFile() });
    adapter = await startApp('adapter-facebook', {
      ...stack.settings,
      SPOOL_DIR: spool,
      ...clock.settings,
    });
    stack.apps['adapter-facebook'] = adapter;
    pipeline = new Pipeline(stack);
    ledger = new Ledger(pipeline);
  }, 120_000);

  afterAll(async () => {
    await load?.stop().catch(() => undefined);
    await adapter?.stop();
    await pipeline?.stop();
    await kafka?.stop();
  }, 90_000);

  const spooled = (): string[] =>
    (readdirSync(spool, { recursive: true }) as string[]).filter((name) => name.endsWith('.spool'));

  it('its events are refused, then kept on disk, outlive the adapter, and arrive once and in order', async () => {
    load = new Load(ledger, customers(5, 0));
    await load.progress(30);
    await kafka.stop();
    await waitUntil('all customers to be refused', () => ledger.refusals.length >= 5, { within: 20_000 });
    expect(spooled()).toEqual([]);

    clock.setAhead(LONG);
    await load.progress(60);
    expect(spooled().length).toBeGreaterThan(0);
    const ready = await fetch(`${adapter.url}/health/ready`);
    expect({ status: ready.status, body: await ready.json() }).toMatchObject({
      status: 200,
      body: { checks: { broker: { status: 'ok', detail: 'away, requests go into the spool' } } },
    });

    await adapter.kill();
    await adapter.start();
    await load.progress(30);

    await kafka.restart();
    await waitUntil('an empty spool', () => spooled().length === 0, { within: 30_000 });
    await load.progress(30);
    await load.stop();
    await ledger.settle();
  }, 180_000);
});
