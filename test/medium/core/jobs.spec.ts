import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { JobRefused, JobWorkService, type Job, type JobKind, type Step } from '../../../apps/core/src/public.js';
import { waitUntil } from '../../support/index.js';
import { CoreDatabase } from './core-database.js';
import { TENANT } from './stories.js';

let core: CoreDatabase;
beforeEach(async () => {
  core = await CoreDatabase.create();
});
afterEach(() => core.close());

const kind = (step: JobKind['step']): JobKind[] => [{ kind: 'counting', step }];
const service = (step: JobKind['step']) => new JobWorkService(core.source, kind(step));

async function newJob(total: number, tenant = TENANT): Promise<string> {
  const id = randomUUID();
  await core.query(
    `INSERT INTO core.job (tenant, id, kind, total, actor, at) VALUES ($1, $2, 'counting', $3, 'somebody', now())`,
    [tenant, id, total],
  );
  return id;
}
const jobOf = async (id: string) =>
  (await core.query(`SELECT state, done, total, refused, reason, broken FROM core.job WHERE id = $1`, [id]))[0];
/** Lets a job that rests go on at once. */
const wakeUp = () => core.query('UPDATE core.job SET next_at = now()');

/** One piece done, and written down in the step's own transaction. */
const counted: JobKind['step'] = async (manager, { tenant, id, done, total }): Promise<Step> => {
  await manager.query(`INSERT INTO core.import_part (tenant, job_id, first_line, bytes) VALUES ($1, $2, $3, '')`, [
    tenant,
    id,
    done,
  ]);
  return { done: 1, errors: [], finished: done + 1 === total };
};
const piecesOf = async (id: string): Promise<number[]> =>
  (
    await core.query<{ n: number }>('SELECT first_line AS n FROM core.import_part WHERE job_id = $1 ORDER BY n', [id])
  ).map(({ n }) => n);

describe('jobs', () => {
  it('are worked step by step, those of several tenants in turn', async () => {
    const [one, other] = [await newJob(2), await newJob(2, 'other')];
    const order: string[] = [];
    const work = service((manager, job) => {
      order.push(job.id);
      return counted(manager, job);
    });

    while (await work.workSome());

    expect(order).toEqual([one, other, one, other]);
    for (const id of [one, other]) expect(await jobOf(id)).toMatchObject({ state: 'done', done: 2, total: 2 });
  });

  it('are never worked by two processes at once', async () => {
    const ids = [await newJob(20), await newJob(20)];
    const at = new Set<string>();
    const step: JobKind['step'] = async (manager, job) => {
      expect(at.has(job.id)).toBe(false);
      at.add(job.id);
      await manager.query('SELECT pg_sleep(0.002)');
      at.delete(job.id);
      return counted(manager, job);
    };
    const unfinished = async () => (await core.query('SELECT 1 FROM core.job WHERE finished_at IS NULL')).length > 0;
    const process = async (): Promise<void> => {
      const work = service(step);
      while (await unfinished()) {
        const worked = await work.workSome();
        if (worked?.error) throw worked.error;
      }
    };

    await Promise.all([process(), process(), process(), process()]);

    for (const id of ids) expect(await piecesOf(id)).toEqual(Array.from({ length: 20 }, (_, n) => n));
  });

  it('go on elsewhere when the process at them dies in the midst of a step, which leaves nothing', async () => {
    const id = await newJob(2);
    let pid = 0;
    const dying = service(async (manager, job) => {
      await counted(manager, job);
      [{ pid }] = await manager.query<[{ pid: number }]>('SELECT pg_backend_pid() AS pid');
      await manager.query('SELECT pg_sleep(30)');
      return { done: 1, errors: [], finished: false };
    });
    const death = dying.workSome();
    await waitUntil('the step to be under way', () => pid > 0);
    expect(await service(counted).workSome()).toBeUndefined();

    await core.write('SELECT pg_terminate_backend($1)', [pid]);
    expect((await death)?.error).toBeDefined();
    await wakeUp();
    const other = service(counted);
    while (await other.workSome());

    expect(await jobOf(id)).toMatchObject({ state: 'done', done: 2, broken: 0 });
    expect(await piecesOf(id)).toEqual([0, 1]);
  });

  it('rest when a step breaks, longer each time, and hold up nobody; after twelve times they have failed', async () => {
    const [broken, sound] = [await newJob(1), await newJob(1)];
    const work = service(async (manager, job: Job) => {
      if (job.id === broken) throw new Error('no luck');
      return counted(manager, job);
    });
    const rests: number[] = [];

    for (let times = 1; times <= 12; times += 1) {
      const { job, error } = (await work.workSome())!;
      expect([job.id, error?.message]).toEqual([broken, 'no luck']);
      const [row] = await core.query<{ rest: number }>(
        `SELECT round(extract(epoch FROM next_at - clock_timestamp()))::int AS rest FROM core.job WHERE id = $1`,
        [broken],
      );
      rests.push(row!.rest);
      if (times === 1) expect((await work.workSome())?.job.id).toBe(sound);
      expect(await work.workSome()).toBeUndefined();
      await wakeUp();
    }

    expect(rests.slice(0, 3)).toEqual([1, 2, 4]);
    expect(rests.at(-1)).toBe(300);
    expect(await jobOf(broken)).toMatchObject({
      state: 'failed',
      done: 0,
      reason: expect.stringContaining('12 times'),
    });
    expect(await work.workSome()).toBeUndefined();
  });

  it('fail at once, with the reason, where no later try can succeed', async () => {
    const id = await newJob(1);

    await service(() => Promise.reject(new JobRefused('the tenant is no longer set up'))).workSome();

    expect(await jobOf(id)).toMatchObject({ state: 'failed', reason: 'the tenant is no longer set up' });
  });

  it('of a kind that this process does not know are left to others', async () => {
    const id = await newJob(1);

    expect(await new JobWorkService(core.source, []).workSome()).toBeUndefined();
    expect(await jobOf(id)).toMatchObject({ state: 'waiting' });
  });
});
