import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { projectRoot } from '@lienmach/tools';
import { filesBelow, read } from './source-tree.js';

const documents = ['README.md', 'CONTRIBUTING.md', ...filesBelow(['docs'], '.md')];
const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };

/** The anchor that GitHub gives a heading. */
const anchorOf = (heading: string) =>
  heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-');
const anchorsIn = (document: string) =>
  new Set([...read(document).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchorOf(heading)));

describe.each(documents)('%s', (document) => {
  const text = read(document);

  it('links to files and headings that exist', () => {
    const broken = [...text.matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, target = '']) => {
      if (/^[a-z]+:/.test(target)) return [];
      const [path = '', anchor] = target.split('#');
      const file = path === '' ? document : join(dirname(document), path);
      if (!existsSync(join(projectRoot, file))) return [target];
      return anchor && !anchorsIn(file).has(anchor) ? [target] : [];
    });
    expect(broken).toEqual([]);
  });

  it('names only commands that exist', () => {
    const named = [...text.matchAll(/\bnpm run ([a-z:-]+)/g)].flatMap(([, name = '']) => name);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });

  it('speaks of programs of dist that have a source', () => {
    const programs = [...text.matchAll(/\bdist\/([\w/-]+)\.js\b/g)].map(([, path]) => `${path}.ts`);
    expect(programs.filter((path) => !existsSync(join(projectRoot, path)))).toEqual([]);
  });
});

describe('scripts of package.json', () => {
  it('have a program behind them, and a place in a document', () => {
    const own = new Set(['test', 'check']);
    const text = documents.map(read).join('\n');
    for (const [name, script] of Object.entries(scripts)) {
      const command = /^node tools\/run\.mjs ([a-z-]+)$/.exec(script)?.[1];
      if (!command) continue;
      if (!own.has(command))
        expect([name, existsSync(join(projectRoot, `tools/src/${command}.ts`))]).toEqual([name, true]);
      expect([name, new RegExp(`npm (run )?${name}\\b`).test(text)]).toEqual([name, true]);
    }
  });
});

describe('docs/operations.md', () => {
  it('explains every metric, and no other', () => {
    const code = filesBelow(['apps', 'libs']).filter((file) => !file.endsWith('.spec.ts'));
    const made = code.flatMap((file) =>
      [...read(file).matchAll(/\b(?:counter|gauge|histogram)\(\s*'([a-z_]+)'/g)].map(([, name]) => name),
    );
    const [, table = ''] = read('docs/operations.md').split('## Metrics');
    const rows = (table.split('\n## ')[0] ?? '').split('\n').filter((line) => line.startsWith('| `'));
    const explained = rows.flatMap((line) =>
      [...(line.split('|')[1] ?? '').matchAll(/`([a-z_]+)`/g)].map(([, name]) => name),
    );
    expect(explained.sort()).toEqual([...new Set(made)].sort());
  });
});

describe("README.md's table of settings", () => {
  it('has every setting that a process reads', () => {
    const classes = filesBelow(['apps', 'libs'], '.config.ts').filter((file) => /@Setting\(/.test(read(file)));
    const settings = classes.flatMap((file) =>
      [...read(file).matchAll(/@Setting\([\s\S]*?\n {2}(\w+)[!?]?:/g)].map(([, name = '']) => name),
    );
    const asEnvironment = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
    /** Carries the app's name: CORE_PORT, FACEBOOK_PUBLIC_URL. LIENMACH_EMBEDDED is said by `npm start` alone. */
    const other = new Set(['PORT', 'PUBLIC_URL', 'LIENMACH_EMBEDDED']);
    const wanted = [...new Set(settings.map(asEnvironment))].filter((name) => !other.has(name));
    expect(wanted).toEqual(expect.arrayContaining(['DATABASE_URL', 'KAFKA_BROKERS', 'CORE_ROLES']));
    const text = read('README.md');
    expect(wanted.filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
  });
});
