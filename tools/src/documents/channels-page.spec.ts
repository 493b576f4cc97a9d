import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { CHANNELS } from '@lienmach/contracts';
import { projectRoot } from '../embedded/project-root.js';
import { channelsPage } from './channels-page.js';

describe('the page of channels', () => {
  let page: string;
  /** Cells of the table of a channel, by `event vendor`. */
  const cells = new Map<string, string>();

  beforeAll(async () => {
    page = await channelsPage(projectRoot);
    for (const section of page.split('\n### ').slice(1)) {
      const [head = [], , ...rows] = section
        .split('\n## ')[0]!
        .split('\n')
        .filter((line) => line.startsWith('|'))
        .map((line) => line.split('|').map((cell) => cell.trim()));
      for (const row of rows) head.forEach((vendor, at) => cells.set(`${row[1]} ${vendor}`, row[at] ?? ''));
    }
  });

  it('tells of each event which fixtures of a vendor show it, and leads to the first', () => {
    expect(cells.get('`comment.sent` facebook')).toBe(
      "[1](../apps/adapter-facebook/fixtures/comment-own.json 'comment-own')",
    );
    expect(cells.get('`call.recorded` omicall')).toBe(
      "[2](../apps/adapter-call/fixtures/omicall/call-history.json 'call-history, cdr')",
    );
    expect(cells.get('`call.recorded` caresoft')).toBe('');
    expect(cells.get('kept raw, no event stringee')).toContain('unknown-status');
  });

  it('has every vendor whose fixtures lie in a folder', () => {
    const vendors = CHANNELS.flatMap(({ name }) => {
      const folder = join(projectRoot, `apps/adapter-${name}/fixtures`);
      const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.json'));
      return files.map((file) => (dirname(file) === '.' ? name : dirname(file)));
    });
    // whole mails, which fixtures of vendors carry
    const wanted = [...new Set(vendors)].filter((vendor) => vendor !== 'mail');
    expect(wanted.filter((vendor) => !cells.has(`kept raw, no event ${vendor}`))).toEqual([]);
    expect(wanted.length).toBeGreaterThan(25);
  });

  it('says what can be sent, and where nothing can', () => {
    const [, out = ''] = page.split('\n## Out\n');
    const rows = out.split('\n').map((line) => line.split('|').map((cell) => cell.trim()));
    expect(rows).toContainEqual(['', 'facebook', 'message', 'facebook', 'within 168 hours', '2000', '']);
    expect(rows).toContainEqual(['', 'call', '-', 'nothing can be sent yet', '', '', '']);
  });
});
