import 'reflect-metadata';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { EmbeddedPostgres } from '@lienmach/tools';
import { customers, Ledger, Load, startMigratedPostgres, startPipeline, type Pipeline } from '../support/index.js';

describe('PostgreSQL fails while webhooks come', () => {
  let postgres: EmbeddedPostgres;
  let pipeline: Pipeline;
  let ledger: Ledger;
  let load: Load;

  beforeAll(async () => {
    postgres = await startMigratedPostgres();
    pipeline = await startPipeline({ DATABASE_URL: postgres.url });
    ledger = new Ledger(pipeline);
  }, 120_000);

  beforeEach(() => {
    load = new Load(ledger, customers(6, 3));
  });

  afterEach(() => load.stop(), 60_000);

  afterAll(async () => {
    await pipeline?.stop();
    await postgres?.stop();
  }, 60_000);

  it('its connections terminated mid-batch, again and again: core makes new ones and goes on', async () => {
    for (let round = 0; round < 5; round += 1) {
      await load.progress(40);
      await postgres.terminateConnections();
    }
    await load.stop();
    await ledger.settle();
  }, 120_000);

  it('restarted: the doors go on, and core takes in what came meanwhile', async () => {
    await load.progress(40);
    await postgres.stop();
    await load.progress(60);
    await postgres.restart();
    await load.progress(40);
    await load.stop();
    expect(ledger.refusals).toEqual([]);
    await ledger.settle();
    expect(pipeline.app('core').isRunning()).toBe(true);
  }, 120_000);
});
