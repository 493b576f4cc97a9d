import 'reflect-metadata';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { AppProcess } from '@lienmach/tools';
import { customers, Ledger, Load, startApp, startPipeline, waitUntil, type Pipeline } from '../support/index.js';

describe('processes end while webhooks come', () => {
  let pipeline: Pipeline;
  let core: AppProcess;
  let second: AppProcess | undefined;
  let ledger: Ledger;
  let load: Load;

  beforeAll(async () => {
    pipeline = await startPipeline();
    core = pipeline.app('core');
    ledger = new Ledger(pipeline);
  }, 120_000);

  beforeEach(() => {
    load = new Load(ledger, customers(6, 3));
  });

  afterEach(() => load.stop(), 90_000);

  afterAll(async () => {
    await second?.stop();
    await pipeline?.stop();
  }, 60_000);

  /** Waits until core has stored some of what is coming in, so that it is in the middle of its work. */
  async function atWork(): Promise<void> {
    const stored = async () =>
      Number((await pipeline.sql<{ known: string }>('SELECT count(*) AS known FROM core.event'))[0]?.known);
    const before = await stored();
    await waitUntil('core to take in more', async () => (await stored()) > before + 20, { within: 30_000 });
  }

  it('core killed -9 mid-batch, twice: what it left is taken up again, nothing twice', async () => {
    for (let round = 0; round < 2; round += 1) {
      await atWork();
      await core.kill();
      await load.progress(60); // a backlog, so that the next batches are large
      await core.start();
    }
    await atWork();
    await load.stop();
    await ledger.settle();
  }, 150_000);

  it('two cores share the work, one is killed -9, the other goes on with all of it', async () => {
    second = await startApp('core', pipeline.stack.settings);
    await load.progress(60);
    await atWork();
    await core.kill();
    await atWork();
    await core.start();
    await load.progress(60);
    await load.stop();
    await ledger.settle();
    await second.stop();
  }, 150_000);

  it('an adapter killed -9: what it had not acknowledged is repeated, nothing twice', async () => {
    const adapter = pipeline.app('adapter-facebook');
    await load.progress(40);
    await adapter.kill();
    await adapter.start();
    await load.progress(40);
    await load.stop();
    await ledger.settle();
  }, 90_000);

  it('SIGTERM ends adapter and core in order, and loses nothing', async () => {
    const adapter = pipeline.app('adapter-facebook');
    await load.progress(40);
    for (const app of [adapter, core]) {
      await app.stop();
      expect(await app.exited).toEqual({ code: 0, signal: null });
      await app.start();
    }
    await load.progress(40);
    await load.stop();
    await ledger.settle();
  }, 120_000);
});
