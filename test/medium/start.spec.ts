import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { freePorts, isRunning } from '@lienmach/tools';
import type { Plan } from '../../tools/src/start/plan.js';
import type { Running } from '../../tools/src/start/running-file.js';
import { Stack } from '../../tools/src/start/stack.js';
import { kafkaBrokers, temporaryFolder } from '../support/servers.js';
import { waitUntil } from '../support/wait.js';

/** Stands in for an app: ready at once, tells its environment, and writes down when it was asked to end. */
const standIn = (name: string, portSetting: string) => `
  import { appendFileSync } from 'node:fs';
  import { createServer } from 'node:http';
  createServer((request, response) => response.end(JSON.stringify(process.env))).listen(process.env.${portSetting}, process.env.HOST);
  process.on('SIGTERM', () => { appendFileSync(process.env.DIARY, '${name} stopped\\n'); process.exit(0); });
`;
const diarist = (line: string) => `
  import { appendFileSync } from 'node:fs';
  appendFileSync(process.env.DIARY, '${line}\\n');
`;

describe('the stack of npm start', () => {
  let plan: Plan;
  let env: NodeJS.ProcessEnv;
  let said: string[];
  let stack: Stack;
  const running = () => JSON.parse(readFileSync(join(plan.dataDir, 'running.json'), 'utf8')) as Running;
  const diary = () =>
    readFileSync(env['DIARY'] as string, 'utf8')
      .trim()
      .split('\n');
  const environmentOf = async (name: string) => {
    const port = plan.apps.find((app) => app.name === name)?.port;
    return (await (await fetch(`http://127.0.0.1:${port}/`)).json()) as Record<string, string>;
  };

  beforeEach(async () => {
    const folder = temporaryFolder('start');
    const file = (name: string, text: string) => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    const [corePort, facebookPort] = (await freePorts(2)) as [number, number];
    plan = {
      dataDir: join(folder, 'data'),
      host: '127.0.0.1',
      databaseUrl: null,
      kafkaBrokers: kafkaBrokers(),
      accountsFile: file(
        'accounts.yaml',
        'tenants: [{ id: demo, accounts: [{ channel: facebook, appSecret: "${FB_APP_SECRET}" }] }]',
      ),
      apps: [
        { name: 'core', port: corePort, entry: file('core.mjs', standIn('core', 'CORE_PORT')) },
        {
          name: 'adapter-facebook',
          port: facebookPort,
          entry: file('facebook.mjs', standIn('adapter', 'FACEBOOK_PORT')),
        },
      ],
      migrate: file('migrate.mjs', diarist('migrated')),
      topics: file('topics.mjs', diarist('topics made')),
    };
    env = { PATH: process.env['PATH'], DIARY: join(folder, 'diary') };
    said = [];
    stack = new Stack(plan, env, (line) => said.push(line));
  });

  afterEach(() => stack.stop(), 30_000);

  it('starts all in order, tells where it is, and stops adapters before core before servers', async () => {
    await stack.start();
    expect(diary().sort()).toEqual(['migrated', 'topics made']);
    const { postgres, processes } = running();
    expect(processes.map(({ name, port }) => ({ name, port }))).toEqual(
      plan.apps.map(({ name, port }) => ({ name, port })).sort((a, b) => a.port - b.port),
    );
    expect(processes.every(({ pid }) => isRunning(pid))).toBe(true);
    expect(postgres.url).toMatch(/^postgres:\/\/postgres:.+@127\.0\.0\.1:\d+\/lienmach$/);
    expect(said.filter((line) => / ready at /.test(line))).toHaveLength(3);
    expect(stack.summary()).toMatch(/^ready {2}.*core http:\/\/127\.0\.0\.1:\d+.*token [0-9a-f]{64}$/);

    await stack.stop();
    expect(diary().slice(2)).toEqual(['adapter stopped', 'core stopped']);
    expect(existsSync(join(plan.dataDir, 'running.json'))).toBe(false);
    expect([...processes, postgres].filter(({ pid }) => isRunning(pid as number))).toEqual([]);
  }, 60_000);

  it('gives each process what it needs: made secrets stay the same, the token goes to core alone', async () => {
    await stack.start();
    const [core, adapter] = await Promise.all([environmentOf('core'), environmentOf('adapter-facebook')]);
    expect(core).toMatchObject({
      LIENMACH_EMBEDDED: 'true',
      KAFKA_BROKERS: kafkaBrokers(),
      ACCOUNTS_FILE: plan.accountsFile,
    });
    expect(Buffer.from(core['SECRETS_KEY'] as string, 'base64')).toHaveLength(32);
    expect([core['SECRETS_KEY'], core['DATABASE_URL']]).toEqual([adapter['SECRETS_KEY'], adapter['DATABASE_URL']]);
    expect([core['ADMIN_TOKEN']?.length, adapter['ADMIN_TOKEN']]).toEqual([64, undefined]);
    expect(adapter['FB_APP_SECRET']).toHaveLength(64);
    expect(statSync(join(plan.dataDir, 'secrets.json')).mode & 0o777).toBe(0o600);
    expect(statSync(join(plan.dataDir, 'running.json')).mode & 0o777).toBe(0o600);

    await stack.stop();
    stack = new Stack(plan, env, (line) => said.push(line));
    await stack.start();
    expect(await environmentOf('core')).toEqual(core);
  }, 60_000);

  it('starts again what dies, server and app, and says so', async () => {
    await stack.start();
    const before = running();
    for (const { pid } of [...before.processes, before.postgres]) process.kill(pid as number, 'SIGKILL');
    await waitUntil('everything to run again', () => said.filter((line) => line.includes('runs again')).length === 3, {
      within: 30_000,
    });
    const after = running();
    expect(after.postgres.url).toBe(before.postgres.url);
    const pids = [...after.processes, after.postgres].map(({ pid }) => pid as number);
    expect(pids.every(isRunning)).toBe(true);
    expect(pids.filter((pid) => [...before.processes, before.postgres].some((old) => old.pid === pid))).toEqual([]);
    expect(said.filter((line) => line.includes('ended by SIGKILL'))).toHaveLength(3);
  }, 60_000);

  it('names the setting of a port that is taken, and leaves nothing running', async () => {
    const { port } = plan.apps[0] as { port: number };
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', resolve));
    await expect(stack.start()).rejects.toThrow(
      `Port ${port} of core is taken by another program: end that one, or set CORE_PORT to a free port.`,
    );
    other.close();
    await stack.stop();
    expect(existsSync(join(plan.dataDir, 'lock'))).toBe(false);
  }, 30_000);

  it('stops what runs when an app ends before it is ready, and repeats what the app said', async () => {
    writeFileSync(plan.apps[1]?.entry as string, `console.error('FB_APP_SECRET is not usable'); process.exit(1);`);
    await expect(stack.start()).rejects.toThrow(
      /^FB_APP_SECRET is not usable\nadapter-facebook ended \(code 1\) before it was ready: see .*adapter-facebook\.log\.$/,
    );
    const { postgres } = running();
    await stack.stop();
    expect(isRunning(postgres.pid as number)).toBe(false);
    expect(diary().at(-1)).toBe('core stopped');
  }, 60_000);
});
