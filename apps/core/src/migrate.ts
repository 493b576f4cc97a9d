import { createDataSource } from './database/data-source.js';

/** Brings the database of DATABASE_URL to the newest version; several processes may try at once. */
const url = process.env['DATABASE_URL'];
if (!url) throw new Error('DATABASE_URL is not set: name the PostgreSQL database to migrate');

const source = await createDataSource({ url, poolSize: 2, applicationName: 'lienmach-migrate' }).initialize();
const guard = source.createQueryRunner();
try {
  // One at a time over all processes: TypeORM itself takes no lock. The lock is this session's, so the runner is held.
  await guard.query('SELECT pg_advisory_lock(726835001)');
  const done = await source.runMigrations();
  process.stdout.write(`${done.length} migrations run\n`);
} finally {
  await guard.release();
  await source.destroy();
}
