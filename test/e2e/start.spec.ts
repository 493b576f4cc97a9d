import { spawn, type ChildProcess } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freePorts, isRunning, projectRoot } from '@lienmach/tools';
import type { Running } from '../../tools/src/start/running-file.js';
import { temporaryFolder } from '../support/servers.js';
import { waitUntil } from '../support/wait.js';

interface Page {
  items: { text: string | null }[];
}

const customer = '7788990011223344';
const identifierPath = `/v1/identifiers/fb_psid/${customer}?scope=1234567890`;

/** Everything that `npm start` promises, with its own servers in a folder of its own. */
describe('npm start', () => {
  const dataDir = temporaryFolder('npm-start');
  let env: NodeJS.ProcessEnv;
  let core: string;
  let facebook: string;
  let starter: ChildProcess;
  let output: string;

  beforeAll(async () => {
    const [corePort, facebookPort, callPort] = await freePorts(3);
    const { DATABASE_URL: _database, KAFKA_BROKERS: _brokers, npm_lifecycle_event: _npm, ...inherited } = process.env;
    env = {
      ...inherited,
      DATA_DIR: dataDir,
      CORE_PORT: String(corePort),
      FACEBOOK_PORT: String(facebookPort),
      CALL_PORT: String(callPort),
      EMAIL_SMTP_PORT: '0',
    };
    core = `http://127.0.0.1:${corePort}`;
    facebook = `http://127.0.0.1:${facebookPort}`;
  });

  async function start(): Promise<string> {
    output = '';
    starter = spawn(process.execPath, [join(projectRoot, 'tools', 'run.mjs'), 'start'], { env, cwd: projectRoot });
    starter.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    starter.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    return waitUntil(
      'the line that begins with ready',
      () => {
        if (starter.exitCode !== null) throw new Error(output);
        return /^ready.*$/m.exec(output)?.[0];
      },
      { within: 90_000 },
    );
  }

  const ended = () => new Promise((resolve) => starter.once('exit', resolve));
  const running = () => JSON.parse(readFileSync(join(dataDir, 'running.json'), 'utf8')) as Running;
  const pids = ({ kafka, postgres, processes }: Running) =>
    [kafka, postgres, ...processes].map(({ pid }) => pid as number);

  async function send(id: string): Promise<number> {
    const { FB_APP_SECRET } = JSON.parse(readFileSync(join(dataDir, 'secrets.json'), 'utf8')) as Record<string, string>;
    const at = Date.now();
    const messaging = [
      { sender: { id: customer }, recipient: { id: '1234567890' }, timestamp: at, message: { mid: id, text: id } },
    ];
    const body = JSON.stringify({ object: 'page', entry: [{ id: '1234567890', time: at, messaging }] });
    const signature = `sha256=${createHmac('sha256', FB_APP_SECRET as string)
      .update(body)
      .digest('hex')}`;
    const headers = { 'content-type': 'application/json', 'x-hub-signature-256': signature };
    return (await fetch(`${facebook}/webhooks/facebook`, { method: 'POST', body, headers })).status;
  }

  async function timeline(ready: string): Promise<string[]> {
    const headers = { authorization: `Bearer ${/token (\S+)/.exec(ready)?.[1]}` };
    const get = async <T>(path: string) => (await (await fetch(`${core}${path}`, { headers })).json()) as T;
    const { people } = await get<{ people: { id: string }[] }>(identifierPath);
    if (!people[0]) return [];
    const { items } = await get<Page>(`/v1/people/${people[0].id}/timeline`);
    return items.map(({ text }) => text ?? '').sort();
  }

  afterAll(async () => {
    if (starter.exitCode !== null || starter.signalCode !== null) return;
    starter.kill('SIGTERM');
    await ended();
  }, 60_000);

  it('takes a webhook into a timeline, and a first token opens it', async () => {
    const ready = await start();
    expect(await send('m_one')).toBe(200);
    await waitUntil('the message in the timeline', async () => (await timeline(ready)).length === 1, {
      within: 30_000,
    });
    expect(await timeline(ready)).toEqual(['m_one']);
  }, 150_000);

  it('cleans up after kill -9 of the starter and loses nothing that was acknowledged', async () => {
    expect(await send('m_two')).toBe(200);
    const orphans = pids(running());
    starter.kill('SIGKILL');
    await ended();
    expect(orphans.filter(isRunning)).toEqual(orphans);

    const ready = await start();
    expect(orphans.filter(isRunning)).toEqual([]);
    await waitUntil('both messages', async () => (await timeline(ready)).length === 2, { within: 30_000 });
    expect(await timeline(ready)).toEqual(['m_one', 'm_two']);
  }, 150_000);

  it('refuses a second start on the same folder', async () => {
    const second = spawn(process.execPath, [join(projectRoot, 'tools', 'run.mjs'), 'start'], { env, cwd: projectRoot });
    let said = '';
    second.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const code = await new Promise((resolve) => second.once('exit', resolve));
    expect([code, said]).toEqual([1, expect.stringContaining(`is already run by process ${starter.pid}`)]);
  }, 60_000);

  it('ends everything in order on Ctrl-C and leaves only its data', async () => {
    const before = pids(running());
    starter.kill('SIGINT');
    await ended();
    expect(before.filter(isRunning)).toEqual([]);
    expect([existsSync(join(dataDir, 'running.json')), existsSync(join(dataDir, 'lock'))]).toEqual([false, false]);
    expect(output).toMatch(/stopped; the data stays for the next start\n$/);
  }, 60_000);
});
