import type { EntityManager } from 'typeorm';
import { SHARDS } from './outbox.repository.js';

/** First halves of our advisory locks' keys: they only have to differ from other programs' in the same database. */
const SHARD_LOCK = 726_835_100;
const PRESENCE_LOCK = 726_835_101;

/**
 * The shards that this session may publish. Every relay shows its presence by a shared lock, takes its fair share of the shards and gives back
 * what is more, so that several share the work and one that dies leaves its shards to the others.
 */
export class ShardLocks {
  readonly held: number[] = [];

  constructor(private readonly manager: EntityManager) {}

  async join(): Promise<void> {
    await this.manager.query('SELECT pg_advisory_lock_shared($1, 0)', [PRESENCE_LOCK]);
  }

  /** To be called between rounds only: a shard that is given back must have nothing under way. */
  async balance(): Promise<void> {
    const [{ present }] = await this.manager.query<[{ present: string }]>(
      `SELECT count(*) AS present FROM pg_locks
       WHERE locktype = 'advisory' AND classid = $1 AND granted
         AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
      [PRESENCE_LOCK],
    );
    const share = Math.ceil(SHARDS / Math.max(1, Number(present)));
    while (this.held.length > share) {
      await this.manager.query('SELECT pg_advisory_unlock($1, $2)', [SHARD_LOCK, this.held.pop()]);
    }
    for (let shard = 0; shard < SHARDS && this.held.length < share; shard += 1) {
      if (this.held.includes(shard)) continue;
      const [{ locked }] = await this.manager.query<[{ locked: boolean }]>(
        'SELECT pg_try_advisory_lock($1, $2) AS locked',
        [SHARD_LOCK, shard],
      );
      if (locked) this.held.push(shard);
    }
  }
}
