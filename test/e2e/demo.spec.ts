import { execFile } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { projectRoot } from '@lienmach/tools';
import { adminToken, startStack, temporaryFolder, type Settings, type Stack } from '../support/index.js';

const secrets = {
  FB_APP_SECRET: 'app-secret-of-the-demo',
  FB_VERIFY_TOKEN: 'verify-token-of-the-demo',
  FB_PAGE_TOKEN: 'page-token-of-the-demo',
  STRINGEE_SECRET: 'stringee-secret-of-the-demo',
  STRINGEE_API_SECRET: 'stringee-api-secret-of-the-demo',
  PBX_SECRET: 'pbx-secret-of-the-demo',
  POSTMARK_PATH_SECRET: 'postmark-secret-of-the-demo',
  TWILIO_TOKEN: 'twilio-token-of-the-demo',
};

interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs `npm run demo` as a user's shell would, without the secrets in its environment. */
async function runDemo(settings: Settings): Promise<Ended> {
  const { KAFKA_BROKERS, TOPIC_PREFIX, DATA_DIR } = settings;
  const env = { ...process.env, KAFKA_BROKERS, TOPIC_PREFIX, DATA_DIR };
  const file = join(projectRoot, 'dist', 'tools', 'src', 'demo.js');
  const program = `import { pathToFileURL } from 'node:url';
    await import(pathToFileURL(${JSON.stringify(file)})).catch((error) => { console.error(error.message); process.exitCode = 1; });`;
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], {
      env,
      cwd: projectRoot,
    });
    return { code: 0, stdout, stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as Ended;
    return { code, stdout, stderr };
  }
}

describe('npm run demo', () => {
  let stack: Stack;

  /** What `npm start` keeps beside its data. */
  function writeRunningFile(): void {
    const processes = Object.entries(stack.apps).map(([name, { port }]) => ({ name, pid: process.pid, port }));
    writeFileSync(join(stack.settings['DATA_DIR'] ?? '', 'running.json'), JSON.stringify({ processes }));
  }

  beforeAll(async () => {
    stack = await startStack(['core', 'adapter-facebook', 'adapter-call', 'adapter-email', 'adapter-sms'], {
      ...secrets,
      ACCOUNTS_FILE: join(projectRoot, 'tools', 'demo', 'accounts.yaml'),
    });
    const kept = { ...secrets, ADMIN_TOKEN: adminToken };
    writeFileSync(join(stack.settings['DATA_DIR'] ?? '', 'secrets.json'), JSON.stringify(kept));
  }, 120_000);

  afterAll(() => stack?.stop(), 30_000);

  it('plays a day, shows it from the API and from the topics, and can be repeated', async () => {
    writeRunningFile();
    for (const _run of [1, 2]) {
      const { code, stdout, stderr } = await runDemo(stack.settings);
      expect([code, stderr]).toEqual([0, '']);
      expect(stdout).not.toContain('NOT SO');
      expect(stdout).toMatch(/All 16 statements hold/);

      const [timeline] = stdout.split("One timeline: Lan's").slice(1);
      const [shown] = (timeline ?? '').split('One conversation');
      const order = ['đơn DH1024', 'Fanpage → Hotline', 'answered by ext-101', 'Hotline → Fanpage', 'Em gọi rồi'];
      const places = order.map((text) => shown?.indexOf(text) ?? -1);
      expect(places).toEqual([...places].sort((a, b) => a - b));
      expect(places[0]).toBeGreaterThan(0);

      expect(stdout).toMatch(/open, over Fanpage and Hotline; waiting since \d\d:\d\d \(2 min\)/);
      expect(stdout).toMatch(/the wait before lasted 27 min and was stopped by a call/);
      expect(stdout).toMatch(/joined, corroborated: .*Fanpage id \d+ and number \+84900000\d{3}.*rule I5/);
      const topics = [
        'channel.facebook.v1',
        'channel.call.v1',
        'channel.email.v1',
        'channel.sms.v1',
        'interaction.events.v1',
        'person.changes.v1',
      ];
      for (const topic of [...topics, 'conversation.events.v1', 'target.events.v1'])
        expect(stdout).toContain(`\n${topic} `);
    }
  }, 120_000);

  it('says in one sentence that nothing runs', async () => {
    const empty = temporaryFolder('nothing');
    expect(await runDemo({ ...stack.settings, DATA_DIR: empty })).toEqual({
      code: 1,
      stdout: '',
      stderr: `No stack runs in ${empty}: run "npm start" in another terminal, wait for its line "ready", then try again.\n`,
    });
  }, 60_000);

  it('says in one sentence that the stack was killed', async () => {
    writeRunningFile();
    await stack.apps['core']?.stop();
    const stopped = await runDemo(stack.settings);
    expect(stopped.code).toBe(1);
    expect(stopped.stderr).toMatch(
      /^Nothing answers at http:\/\/127\.0\.0\.1:\d+.*: the stack has stopped or was killed/,
    );
    rmSync(join(stack.settings['DATA_DIR'] ?? '', 'running.json'));
  }, 60_000);
});
