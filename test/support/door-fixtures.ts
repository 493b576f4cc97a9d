import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot, type AppProcess } from '@lienmach/tools';
import { temporaryFolder } from './servers.js';

/** A request of an adapter's `fixtures/`, as its vendor sends it, with the account that it belongs to. */
export interface DoorFixture {
  account: { vendor: string; id: string; settings: Record<string, unknown> };
  method?: string;
  target: string;
  headers?: Record<string, string>;
  raw?: string;
}

export const doorFixture = (channel: string, vendor: string, name: string): DoorFixture =>
  JSON.parse(
    readFileSync(join(projectRoot, `apps/adapter-${channel}/fixtures/${vendor}/${name}.json`), 'utf8'),
  ) as DoorFixture;

/** Writes an ACCOUNTS_FILE with the accounts of these and returns its path. */
export function fixtureAccounts(channel: string, fixtures: readonly DoorFixture[]): string {
  const file = join(temporaryFolder('accounts'), 'accounts.json');
  const accounts = fixtures.map(({ account: { vendor, id, settings } }) => ({ channel, vendor, id, ...settings }));
  writeFileSync(file, JSON.stringify({ tenants: [{ id: 'demo', name: 'demo', accounts }] }));
  return file;
}

export async function sendFixture(
  app: AppProcess,
  { method = 'POST', target, headers, raw }: DoorFixture,
): Promise<[status: number, body: string]> {
  const answer = await fetch(app.url + target, { method, headers, body: method === 'GET' ? undefined : raw });
  return [answer.status, await answer.text()];
}
