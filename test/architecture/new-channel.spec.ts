import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { projectRoot } from '@lienmach/tools';
import { parse } from 'yaml';
import { scaffoldChannel } from '../../tools/src/scaffold/channel-scaffold.js';

const run = promisify(execFile);
const node = (root: string, program: string, ...args: string[]) =>
  run(process.execPath, ['--experimental-vm-modules', join(projectRoot, 'node_modules', program), ...args], {
    cwd: root,
  });

describe('npm run new:channel', () => {
  let root: string;
  let steps: string[];

  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'lienmach-scaffold-'));
    for (const part of [
      'libs',
      'test/support',
      'tsconfig.json',
      'jest.config.js',
      'package.json',
      'nest-cli.json',
      'docker-compose.yml',
    ]) {
      cpSync(join(projectRoot, part), join(root, part), { recursive: true });
    }
    symlinkSync(join(projectRoot, 'node_modules'), join(root, 'node_modules'));
    mkdirSync(join(root, 'apps'));
    steps = scaffoldChannel(root, 'my-chat');
  });

  afterAll(() => rmSync(root, { recursive: true, force: true }));

  it('makes an app that compiles', async () => {
    // what is checked is the template: the whole project is checked elsewhere
    const options = { extends: './tsconfig.json', compilerOptions: { noEmit: true }, include: ['apps/**/*.ts'] };
    writeFileSync(join(root, 'tsconfig.apps.json'), JSON.stringify(options));
    await expect(node(root, 'typescript/bin/tsc', '-p', 'tsconfig.apps.json')).resolves.toMatchObject({ stdout: '' });
  }, 120_000);

  it('makes an app that conforms', async () => {
    const args = ['--selectProjects', 'unit', '--testPathPatterns', 'adapter-my-chat', '--ci'];
    const { stderr } = await node(root, 'jest/bin/jest.js', ...args);
    expect(stderr).toMatch(/Tests:\s+1\d passed, 1\d total/);
  }, 120_000);

  it('adds the two stanzas beside the others', () => {
    const cli = JSON.parse(readFileSync(join(root, 'nest-cli.json'), 'utf8')) as { projects: Record<string, object> };
    expect(cli.projects['adapter-my-chat']).toEqual({
      ...cli.projects['adapter-facebook'],
      root: 'apps/adapter-my-chat',
      sourceRoot: 'apps/adapter-my-chat/src',
      compilerOptions: { tsConfigPath: 'apps/adapter-my-chat/tsconfig.app.json' },
    });
    const text = readFileSync(join(root, 'docker-compose.yml'), 'utf8');
    const { services } = parse(text, { merge: true }) as {
      services: Record<string, { environment: object; ports: string[] }>;
    };
    expect(services['adapter-my-chat']?.ports).toEqual(['${PUBLISH_HOST:-127.0.0.1}:${MY_CHAT_PORT:-3106}:3106']);
    expect(services['adapter-my-chat']?.environment).toMatchObject({ MY_CHAT_PORT: 3106 });
    expect(services['adapter-my-chat']?.environment).not.toHaveProperty('FB_APP_SECRET');
    expect(services['adapter-facebook']?.environment).toHaveProperty('FB_APP_SECRET');
    expect(steps.join('\n')).toContain('libs/contracts/src/channels.ts');
  });

  it('refuses a bad name and a name that is taken', () => {
    expect(() => scaffoldChannel(root, 'Viber!')).toThrow('is no name for a channel');
    expect(() => scaffoldChannel(root, 'my-chat')).toThrow('exists already');
  });
});
