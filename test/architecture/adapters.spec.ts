import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { projectRoot } from '@lienmach/tools';
import { adapters, foldersIn, read } from './source-tree.js';

/** Files of one vendor; each but the settings and the definition has its spec. */
const PARTS = ['channel', 'config', 'payload', 'signature', 'normalise'] as const;
const TESTED = ['payload', 'signature', 'normalise'] as const;

describe.each(adapters)('apps/adapter-%s has the shape of every adapter', (channel) => {
  const source = `apps/adapter-${channel}/src`;
  const vendors = foldersIn(source);
  /** Folder and name of each vendor: the channel's own where it has but one. */
  const places = vendors.length > 0 ? vendors.map((vendor) => [join(source, vendor), vendor]) : [[source, channel]];

  it('starts with one statement', () => {
    const statements = read(`${source}/main.ts`)
      .split('\n')
      .filter((line) => line.trim() && !line.startsWith('import '));
    expect(statements).toEqual([`await runAdapter(${channel});`]);
  });

  it('has definition, settings, payload, signature and normalise of each vendor, the last three tested', () => {
    const wanted = places.flatMap(([folder, vendor]) => [
      ...PARTS.map((part) => `${folder}/${vendor}.${part}.ts`),
      ...TESTED.map((part) => `${folder}/${vendor}.${part}.spec.ts`),
    ]);
    expect(wanted.filter((file) => !existsSync(join(projectRoot, file)))).toEqual([]);
  });

  it('runs the conformance suite over fixtures of each vendor', () => {
    expect(read(`${source}/${channel}.channel.spec.ts`)).toContain(`channelConformance(${channel}, `);
    for (const vendor of vendors.length > 0 ? vendors : ['']) {
      const folder = join(projectRoot, `apps/adapter-${channel}/fixtures`, vendor);
      expect(readdirSync(folder).filter((name) => name.endsWith('.json')).length).toBeGreaterThan(3);
    }
  });

  it('defines each vendor under the name of its files', () => {
    for (const [folder, vendor] of places) {
      const definition = read(`${folder}/${vendor}.channel.ts`);
      expect(/defineVendor(?:<\w+>)?\(\{\s*name: '([^']+)'/.exec(definition)?.[1]).toBe(vendor);
    }
  });
});
