import 'reflect-metadata';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startKafka, type EmbeddedKafka } from '@lienmach/tools';
import { customers, Ledger, Load, startPipeline, temporaryFolder, waitUntil, type Pipeline } from '../support/index.js';

/** The shorter of the two vendors' time-outs: Facebook waits 5 s for an answer. */
const vendorsPatienceMs = 5_000;

describe('the broker fails while webhooks come', () => {
  let kafka: EmbeddedKafka;
  let pipeline: Pipeline;
  let ledger: Ledger;
  let load: Load;

  beforeAll(async () => {
    kafka = await startKafka({ dir: temporaryFolder('kafka') });
    pipeline = await startPipeline({ KAFKA_BROKERS: kafka.brokers });
    ledger = new Ledger(pipeline);
  }, 120_000);

  beforeEach(() => {
    load = new Load(ledger, customers(6, 3));
  });

  afterEach(async () => {
    kafka.thaw();
    await load.stop();
  }, 90_000);

  afterAll(async () => {
    await pipeline?.stop();
    await kafka?.stop();
  }, 60_000);

  /** Every customer was told to come again, in time, and says so. */
  async function refusedInTime(before: number): Promise<void> {
    await waitUntil('all customers to be refused', () => ledger.refusals.length >= before + 9, { within: 20_000 });
    const slowest = Math.max(...ledger.refusals.slice(before).map(({ milliseconds }) => milliseconds));
    expect(slowest).toBeLessThan(vendorsPatienceMs);
  }

  it('stopped: 503 in time; started again, everything arrives once', async () => {
    await load.progress(60);
    const before = ledger.refusals.length;
    await kafka.stop();
    await refusedInTime(before);
    await kafka.restart();
    await load.progress(60);
    await load.stop();
    await ledger.settle();
  }, 120_000);

  it('frozen: 503 in time; thawed, everything arrives once', async () => {
    await load.progress(60);
    const before = ledger.refusals.length;
    kafka.freeze();
    await refusedInTime(before);
    kafka.thaw();
    await load.progress(60);
    await load.stop();
    await ledger.settle();
  }, 120_000);

  it('killed -9 under load: nothing acknowledged is lost, everything arrives once', async () => {
    await load.progress(60);
    await kafka.kill();
    await kafka.restart();
    await load.progress(60);
    await load.stop();
    await ledger.settle();
  }, 120_000);
});
