import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { projectRoot } from '@lienmach/tools';
import { adapters, foldersIn, read } from './source-tree.js';

/** Files of one vendor. */
const PARTS = ['channel', 'config', 'payload', 'signature', 'normalise'] as const;

/** A vendor whose way in is a server or client of ours signs nothing, and may bring what another vendor's reader reads. */
function partsOf(folder: string, vendor: string): string[] {
  const isWebhook = !['server', 'client'].some((role) => existsSync(join(projectRoot, folder, `${vendor}.${role}.ts`)));
  return isWebhook ? [...PARTS] : ['channel', 'config'];
}

describe.each(adapters)('apps/adapter-%s has the shape of every adapter', (channel) => {
  const source = `apps/adapter-${channel}/src`;
  const vendors = foldersIn(source);
  const definition = channel.replace(/-(.)/g, (_dash, letter: string) => letter.toUpperCase());
  /** Folder and name of each vendor: the channel's own where it has but one. */
  const places = vendors.length > 0 ? vendors.map((vendor) => [join(source, vendor), vendor]) : [[source, channel]];

  it('starts with one statement', () => {
    const statements = read(`${source}/main.ts`)
      .split('\n')
      .filter((line) => line.trim() && !line.startsWith('import '));
    expect(statements).toEqual([`await runAdapter(${definition});`]);
  });

  it('has definition, settings, payload, signature and normalise of each vendor', () => {
    const wanted = places.flatMap(([folder = '', vendor = '']) =>
      partsOf(folder, vendor).map((part) => `${folder}/${vendor}.${part}.ts`),
    );
    expect(wanted.filter((file) => !existsSync(join(projectRoot, file)))).toEqual([]);
  });

  it('runs the conformance suite over fixtures of each vendor', () => {
    expect(read(`${source}/${channel}.channel.spec.ts`)).toContain(`channelConformance(${definition}, `);
    for (const vendor of vendors.length > 0 ? vendors : ['']) {
      const folder = join(projectRoot, `apps/adapter-${channel}/fixtures`, vendor);
      expect(readdirSync(folder).filter((name) => name.endsWith('.json')).length).toBeGreaterThan(3);
    }
  });

  it('defines each vendor under the name of its files', () => {
    for (const [folder, vendor] of places) {
      const text = read(`${folder}/${vendor}.channel.ts`);
      expect(/defineVendor(?:<\w+>)?\(\{\s*name: '([^']+)'/.exec(text)?.[1]).toBe(vendor);
    }
  });
});
