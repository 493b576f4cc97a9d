import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { projectRoot } from '@lienmach/tools';

interface Package {
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
}

const read = (name: string) => readFileSync(join(projectRoot, name), 'utf8');
const { dependencies, devDependencies } = JSON.parse(read('package.json')) as Package;
const [, production, development] = read('docs/dependencies.md').split(
  /^## (?:In production|For building and testing)$/m,
);
const named = (section = '') => [...section.matchAll(/^\| `([^`]+)` +\| [^|]{10,} \|/gm)].map(([, name]) => name);

describe('docs/dependencies.md', () => {
  it('gives a reason for every production dependency, and for no other', () => {
    expect(named(production)).toEqual(Object.keys(dependencies).sort());
  });

  it('gives a reason for every development dependency, and for no other', () => {
    expect(named(development)).toEqual(Object.keys(devDependencies).sort());
  });
});

describe('package.json', () => {
  it('pins exact versions', () => {
    const loose = Object.entries({ ...dependencies, ...devDependencies }).filter(
      ([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version),
    );
    expect(loose).toEqual([]);
  });
});
