import { describe, expect, it } from '@jest/globals';
import { CHANNELS } from '@lienmach/contracts';
import { parse } from 'yaml';
import { adapters, foldersIn, read } from './source-tree.js';

interface Projects {
  projects: Record<string, { type: string; root: string }>;
}

const nest = JSON.parse(read('nest-cli.json')) as Projects;
const projects = Object.entries(nest.projects);
const tsconfig = JSON.parse(read('tsconfig.json')) as { compilerOptions: { paths: Record<string, string[]> } };
const libs = foldersIn('libs');
const adapterOf = (names: readonly string[]) => names.flatMap((name) => /^adapter-(.+)$/.exec(name)?.[1] ?? []).sort();

describe('every list of channels names the same ones: the folders apps/adapter-*', () => {
  it('libs/contracts, CHANNELS', () => {
    expect(CHANNELS.map(({ name }) => name).sort()).toEqual(adapters);
  });

  it('nest-cli.json', () => {
    const applications = projects.filter(([, { type }]) => type === 'application');
    expect(adapterOf(applications.map(([name]) => name))).toEqual(adapters);
    for (const [name, { root }] of applications) expect(root).toBe(`apps/${name}`);
  });

  it('docker-compose.yml', () => {
    const { services } = parse(read('docker-compose.yml'), { merge: true }) as { services: object };
    expect(adapterOf(Object.keys(services))).toEqual(adapters);
  });

  it("README.md's table of ports, with the port that each definition names", () => {
    const rows = [...read('README.md').matchAll(/^\| `adapter-([a-z-]+)` +\| `([A-Z_]+)_PORT` (\d+) /gm)];
    expect(rows.map(([, name]) => name).sort()).toEqual(adapters);
    for (const [, name = '', setting, port] of rows) {
      expect(setting).toBe(name.toUpperCase().replaceAll('-', '_'));
      const definition = read(`apps/adapter-${name}/src/${name}.channel.ts`);
      expect(/defaultPort: (\d+)/.exec(definition)?.[1]).toBe(port);
    }
  });
});

describe('every list of libraries names the same ones: the folders libs/*', () => {
  it('tsconfig.json, each by its index', () => {
    for (const lib of libs)
      expect(tsconfig.compilerOptions.paths[`@lienmach/${lib}`]).toEqual([`./libs/${lib}/src/index.ts`]);
    const named = Object.keys(tsconfig.compilerOptions.paths).map((path) => path.split('/')[1] ?? '');
    expect([...new Set(named)].sort()).toEqual([...libs, 'tools'].sort());
  });

  it('nest-cli.json', () => {
    const libraries = projects.filter(([, { root }]) => root.startsWith('libs/'));
    expect(libraries.map(([name]) => name).sort()).toEqual(libs);
    for (const [name, { root }] of libraries) expect(root).toBe(`libs/${name}`);
  });

  it("Jest's module mapper", () => {
    const group = /'\^@lienmach\/\(([^)]+)\)\$'/.exec(read('jest.config.js'))?.[1];
    expect(group?.split('|').sort()).toEqual(libs);
  });

  it('a row of the import table, as a rule and in docs/architecture.md', () => {
    const ruled = [...read('.dependency-cruiser.cjs').matchAll(/only\('([a-z-]+)', '\^libs\//g)].map(
      ([, name]) => name,
    );
    expect(ruled.sort()).toEqual(libs);
    const rows = [...read('docs/architecture.md').matchAll(/^\| `libs\/([a-z-]+)` +\|/gm)].map(([, name]) => name);
    expect([...new Set(rows)].sort()).toEqual(libs);
  });
});
