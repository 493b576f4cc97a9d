import { basename, dirname } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { CHANNEL_FAMILIES, CHANNELS, FAMILIES, IDENTIFIER_TYPES } from '@lienmach/contracts';
import { adapters, filesBelow, foldersIn, read } from './source-tree.js';

const sources = filesBelow(['apps', 'libs', 'tools/src', 'test']);

/** Roles as docs/architecture.md lists them. */
const roles = (/The roles:\n\n([\s\S]+?); and spec/.exec(read('docs/architecture.md'))?.[1] ?? '')
  .split(/[,\s]+/)
  .filter((role) => role !== '');

describe('names of files', () => {
  it('are kebab-case, with a role of the list or none', () => {
    expect(roles).toEqual(expect.arrayContaining(['channel', 'normalise', 'repository', 'module']));
    const name = new RegExp(`^[a-z0-9]+(-[a-z0-9]+)*(\\.(${[...roles, 'properties'].join('|')}))?(\\.spec)?\\.ts$`);
    expect(sources.filter((file) => !name.test(basename(file)))).toEqual([]);
  });

  it('say what is inside: no utils, common, shared, helpers', () => {
    const vague = /(^|[/.-])(utils?|common|shared|helpers?)([/.-]|$)/;
    expect(sources.filter((file) => vague.test(file))).toEqual([]);
  });
});

describe('core knows no vendor', () => {
  const production = filesBelow(['apps/core/src']).filter(
    (file) => !file.endsWith('.spec.ts') && !/\/(fixtures|testing)$/.test(dirname(file)),
  );
  /** What a channel and an event or an identifier have one word for, such as call or email, belongs to the contract. */
  const contractWords = new Set<string>([...Object.keys(FAMILIES), ...CHANNEL_FAMILIES, ...IDENTIFIER_TYPES]);
  const vendors = adapters.flatMap((channel) => foldersIn(`apps/adapter-${channel}/src`));
  const words = [...CHANNELS.map(({ name }) => name), ...vendors].filter((word) => !contractWords.has(word));

  it.each(words)('%s stands nowhere in apps/core/src', (word) => {
    const found = production.filter((file) => new RegExp(`(?<![a-z])${word}(?![a-z])`, 'i').test(read(file)));
    expect(found).toEqual([]);
  });

  it('looks for the channels and vendors that there are', () => {
    expect(words).toEqual(expect.arrayContaining(['facebook', 'stringee']));
    expect(production.length).toBeGreaterThan(80);
  });
});

describe('kafkajs', () => {
  /** The programs that the bench compares with are written as others write them, and libs/kafka is tested against the client itself. */
  const others = /^(tools\/src\/bench\/|test\/medium\/(embedded-kafka|kafka-[a-z]+)\.spec\.ts$)/;

  it('is imported by libs/kafka alone', () => {
    const importing = sources.filter((file) => /^(import|export) [^;]*from 'kafkajs/m.test(read(file)));
    expect(importing.filter((file) => !file.startsWith('libs/kafka/') && !others.test(file))).toEqual([]);
    expect(importing.length).toBeGreaterThan(0);
  });
});

describe('files past 300 lines', () => {
  /** Why these have one reason to change all the same. */
  const EXCUSED: Record<string, string> = {
    'apps/core/src/database/migrations/1764000002000-core.migration.ts': 'one schema, read from top to bottom',
    'libs/contracts/src/events/core-event.ts': 'shapes alone, one class after the other',
    'tools/src/contract/examples.ts': 'one example for every family',
  };

  it('are none but these; specs may be longer', () => {
    const long = sources.filter((file) => !file.endsWith('.spec.ts') && read(file).split('\n').length > 301);
    expect(long).toEqual(Object.keys(EXCUSED).sort());
  });
});
