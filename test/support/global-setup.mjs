// One Kafka and one PostgreSQL for all files of a run, on free ports, in a folder that goes away with them.
// Plain JavaScript: Jest runs this file outside its module mapping, so it takes the compiled tools.
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureBuilt } from '../../tools/run/build.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const prefix = 'lienmach-test-';

/** Removes what a run that was killed left in the temporary folder. */
async function sweep({ endLeftovers, isRunning }) {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(prefix))) {
    const folder = join(tmpdir(), name);
    const owner = join(folder, 'owner');
    if (!existsSync(owner) || isRunning(Number(readFileSync(owner, 'utf8')))) continue;
    await endLeftovers(folder);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs a compiled program to its end; what it says is shown only if it fails. */
function runToEnd(file, env) {
  return new Promise((fulfil, reject) => {
    const child = spawn(process.execPath, ['--enable-source-maps', file], {
      env: { ...process.env, ...env },
      cwd: root,
    });
    const said = [];
    child.stdout.on('data', (chunk) => said.push(chunk));
    child.stderr.on('data', (chunk) => said.push(chunk));
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0 ? fulfil() : reject(new Error(`${file} ended with code ${code}:\n${Buffer.concat(said)}`)),
    );
  });
}

export default async function globalSetup() {
  await ensureBuilt(root);
  const tools = await import('../../dist/tools/src/index.js');
  await sweep(tools);
  const folder = mkdtempSync(join(tmpdir(), prefix));
  chmodSync(folder, 0o755); // PostgreSQL runs as another user when we are root
  writeFileSync(join(folder, 'owner'), String(process.pid));
  const say = (line) => process.stderr.write(`${line}\n`);
  const servers = [];
  globalThis.lienmachTestServers = { servers, folder };

  const kafka = async () => {
    const server = await tools.startKafka({ dir: join(folder, 'kafka'), say });
    servers.push(server);
    process.env.TEST_KAFKA_BROKERS = server.brokers;
  };
  const postgres = async () => {
    // nothing here must survive the machine: without fsync a copy of the template takes a fraction of the time
    const settings = { fsync: 'off', full_page_writes: 'off' };
    const server = await tools.startPostgres({ dir: join(folder, 'postgres'), database: 'template', settings, say });
    servers.push(server);
    await runToEnd(join(root, 'dist', 'apps', 'core', 'src', 'migrate.js'), { DATABASE_URL: server.url });
    process.env.TEST_DATABASE_URL = server.urlOf('postgres');
  };
  const results = await Promise.allSettled([kafka(), postgres()]);
  process.env.TEST_FOLDER = folder;
  const failure = results.find(({ status }) => status === 'rejected');
  if (failure) {
    await stopServers();
    throw failure.reason;
  }
}

/** Stops the servers of globalSetup and removes their folder. */
export async function stopServers() {
  const { servers, folder } = globalThis.lienmachTestServers;
  await Promise.allSettled(servers.map((server) => server.stop()));
  rmSync(folder, { recursive: true, force: true });
}
