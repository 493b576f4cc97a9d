import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ResolveRepository } from '../../../apps/core/src/public.js';
import { CoreDatabase } from './core-database.js';
import { TENANT } from './stories.js';

describe('two processes at the marks', () => {
  let database: CoreDatabase;

  beforeAll(async () => {
    database = await CoreDatabase.create();
  }, 60_000);

  afterAll(() => database.close());

  it('leave the later marks of a thread to whoever holds its earlier ones, and take them in order when it gives them back', async () => {
    const [one, other] = [randomUUID(), randomUUID()] as const;
    for (const thread of [one, one, other]) {
      await database.query(
        'INSERT INTO core.dirty (tenant, thread_id, thread_key, at, identity, refold) VALUES ($1, $2::uuid, $2::uuid::text, now(), false, false)',
        [TENANT, thread],
      );
    }
    const threadsOf = async (work: ResolveRepository, limit: number) =>
      (await work.takeMarks(limit)).map(({ threadId }) => threadId);

    await database.source
      .transaction(async (first) => {
        expect(await threadsOf(new ResolveRepository(first), 1)).toEqual([one]);
        await database.source.transaction(async (second) => {
          expect(await threadsOf(new ResolveRepository(second), 10)).toEqual([other]);
        });
        throw new Error('killed');
      })
      .catch((error: Error) => expect(error.message).toBe('killed'));
    expect(await threadsOf(new ResolveRepository(database.source.manager), 10)).toEqual([one, one]);
  });
});
