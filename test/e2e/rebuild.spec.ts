import 'reflect-metadata';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TOPICS } from '@lienmach/contracts';
import { projectRoot } from '@lienmach/tools';
import { customers, Ledger, runTool, startPipeline, waitUntil, type Pipeline } from '../support/index.js';

describe('npm run rebuild', () => {
  let pipeline: Pipeline;
  beforeAll(async () => {
    pipeline = await startPipeline();
  }, 120_000);
  afterAll(() => pipeline?.stop(), 30_000);

  const run = async (...args: string[]): Promise<{ code: number; out: string }> => {
    try {
      return { code: 0, out: await runTool('rebuild', args, pipeline.stack.settings) };
    } catch (error) {
      const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
      return { code, out: stdout + stderr };
    }
  };

  /** Begins one and kills it at its first word. */
  async function killOne(): Promise<void> {
    const file = join(projectRoot, 'dist', 'tools', 'src', 'rebuild.js');
    const env = { ...process.env, ...pipeline.stack.settings };
    const child = spawn(process.execPath, [file], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  it('goes on beside processes at work, may be killed, and what is told stays told once', async () => {
    const ledger = new Ledger(pipeline);
    const people = customers(4, 3);
    let running = true;
    const worker = async (customer: string) => {
      while (running) {
        await ledger.deliver(ledger.nextOf(customer));
        await pause(100);
      }
    };
    const traffic = people.map(worker);
    try {
      await waitUntil('the first events', () => ledger.acknowledged.size > 20);
      await killOne();
      const looked = await run('--dry-run');
      expect(looked).toMatchObject({ code: 0, out: expect.stringContaining('Nothing was changed.') });
      for (let time = 0; time < 2; time += 1) {
        const { code, out } = await run();
        expect(out).toContain('They are equal');
        expect(/checksum live +(\w+)/.exec(out)?.[1]).toBe(/checksum rebuilt +(\w+)/.exec(out)?.[1]);
        expect(code).toBe(0);
      }
    } finally {
      running = false;
      await Promise.all(traffic);
    }
    await ledger.settle();
    const ids = (await pipeline.events(TOPICS.conversationEvents)).map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  }, 180_000);

  it('names what differs, mends it, tells the topics, and ends with 1', async () => {
    const [{ id } = { id: '' }] = await pipeline.sql<{ id: string }>(
      `UPDATE core.conversation SET state = 'resolved', resolved_at = last_at
       WHERE id = (SELECT id FROM core.conversation WHERE state = 'open' LIMIT 1) RETURNING id`,
    );
    const { code, out } = await run();
    expect(code).toBe(1);
    expect(out).toMatch(/conversation .*DIFFERENT/);
    expect(out).toContain(`other than computed  conversation ${id}`);
    expect(await pipeline.sql('SELECT state FROM core.conversation WHERE id = $1', [id])).toEqual([{ state: 'open' }]);
    await waitUntil('the topics to have it', () => pipeline.isIdle());
    const told = (await pipeline.events(TOPICS.conversationEvents)).filter(({ subject }) => subject === id);
    expect(told.map(({ type }) => type)).toContain('conversation.reopened');

    expect((await run()).code).toBe(0);
    expect((await run('--drop')).code).toBe(0);
    expect(await pipeline.sql(`SELECT FROM pg_namespace WHERE nspname LIKE 'core\\_%'`)).toEqual([]);
  }, 120_000);

  it('says in a sentence what is missing', async () => {
    const { DATABASE_URL: _, ...settings } = pipeline.stack.settings;
    await expect(runTool('rebuild', [], settings)).rejects.toThrow(/No database is known: run "npm start" first/);
  }, 60_000);
});
