import { mkdirSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { RecordTooLarge, TemporarilyUnavailable } from '@lienmach/contracts';
import type { OutgoingRecord } from '@lienmach/kafka';
import { JsonLogger } from '@lienmach/platform';
import { Spool, type SpoolOptions } from '../../libs/adapter-kit/src/spool.js';
import { temporaryFolder } from '../support/servers.js';
import { waitUntil } from '../support/wait.js';

const logger = JsonLogger.create({ name: 'test', level: 'silent' });
const record = (value: string): OutgoingRecord => ({ topic: 'raw.facebook.v1', key: 'k', value });

/** A broker that is there or not, and remembers in which order it was given what. */
class Broker {
  away = true;
  readonly got: string[] = [];

  readonly send = (records: readonly OutgoingRecord[]): Promise<void> => {
    if (this.away) return Promise.reject(new TemporarilyUnavailable('away'));
    this.got.push(...records.map(({ value }) => String(value)));
    return Promise.resolve();
  };

  readonly check = (records: readonly OutgoingRecord[]): void => {
    if (records.some(({ value }) => String(value).startsWith('huge'))) throw new RecordTooLarge('huge');
  };
}

describe('the spool on disk', () => {
  let folder: string;
  let broker: Broker;
  const spools = new Set<Spool>();

  beforeEach(() => {
    folder = temporaryFolder('spool');
    broker = new Broker();
  });
  afterEach(async () => {
    for (const spool of spools) await spool.close();
    spools.clear();
  });

  async function open(options: Partial<SpoolOptions> = {}): Promise<Spool> {
    const spool = await Spool.open({ folder, channel: 'facebook', sender: broker, logger, ...options });
    spools.add(spool);
    return spool;
  }
  const root = () => join(folder, 'facebook');
  const files = (suffix: string): string[] =>
    (readdirSync(folder, { recursive: true }) as string[]).filter((name) => name.endsWith(suffix)).sort();
  const sent = (spool: Spool) => waitUntil('an empty spool', () => spool.waiting === 0);
  const values = (count: number): string[] => Array.from({ length: count }, (_, index) => `body ${index}`);

  it('has written before it says so, and sends in order once the broker is back', async () => {
    const spool = await open({ segmentBytes: 1_000 });
    for (const value of values(60)) {
      await spool.append([record(value)]);
      const [last] = files('.spool').slice(-1);
      expect(readFileSync(join(folder, last!), 'utf8')).toContain(value);
    }
    expect(spool.waiting).toBe(60);
    expect(files('.spool').length).toBeGreaterThan(2);
    broker.away = false;
    await sent(spool);
    expect(broker.got).toEqual(values(60));
    await waitUntil('no file left', () => files('.spool').length === 0);
  });

  it('keeps the order of what comes at once, and of what comes while it sends', async () => {
    const spool = await open();
    await Promise.all(values(500).map((value) => spool.append([record(value)])));
    broker.away = false;
    const more = values(300).map((value) => `more ${value}`);
    for (const value of more) if (spool.waiting > 0) await spool.append([record(value)]);
    await sent(spool);
    expect(broker.got.slice(0, 500)).toEqual(values(500));
    expect(broker.got.slice(500)).toEqual(more.slice(0, broker.got.length - 500));
  });

  it('goes on with what an ended process has left', async () => {
    const first = await open();
    for (const value of values(5)) await first.append([record(value)]);
    await first.close();
    await expect(first.append([record('late')])).rejects.toThrow(TemporarilyUnavailable);

    const second = await open();
    expect(second.waiting).toBe(5);
    await second.append([record('after')]);
    broker.away = false;
    await sent(second);
    expect(broker.got).toEqual([...values(5), 'after']);
  });

  it('takes over from a process that was killed, and puts a torn end beside', async () => {
    const killed = await open();
    for (const value of values(3)) await killed.append([record(value)]);
    const [file] = files('.spool');
    const path = join(folder, file!);
    // as the killed one left it: a dead process owns it, and its last write is half done
    const left = join(root(), 'left');
    mkdirSync(left);
    writeFileSync(join(left, 'owner.json'), JSON.stringify({ host: 'gone.example', pid: 1 }));
    writeFileSync(join(left, '000000001.spool'), readFileSync(path));
    truncateSync(join(left, '000000001.spool'), statSync(path).size - 5);
    await killed.close();

    const hour = 3_600_000;
    const next = await open({ now: () => Date.now() + hour });
    broker.away = false;
    await sent(next);
    expect(broker.got.sort()).toEqual(['body 0', 'body 0', 'body 1', 'body 1', 'body 2']);
    const [unread] = await waitUntil('the torn file', () => (files('.unread').length > 0 ? files('.unread') : null));
    expect(readFileSync(join(folder, unread!), 'utf8')).toContain('body 1');
    // what a later start finds is no spool of anybody
    await next.close();
    expect((await open()).waiting).toBe(0);
  });

  it('leaves alone what another process owns that spoke just now', async () => {
    const theirs = join(root(), 'theirs');
    mkdirSync(theirs, { recursive: true });
    writeFileSync(join(theirs, 'owner.json'), JSON.stringify({ host: 'other.example', pid: 1 }));
    writeFileSync(join(theirs, '000000001.spool'), 'of theirs');
    const spool = await open();
    await spool.append([record('mine')]);
    broker.away = false;
    await sent(spool);
    await spool.close();
    expect(broker.got).toEqual(['mine']);
    expect(readdirSync(root())).toEqual(['theirs']);
    expect(readFileSync(join(theirs, '000000001.spool'), 'utf8')).toBe('of theirs');
  });

  it('refuses what the broker would never take, and what no longer fits', async () => {
    const spool = await open({ maxBytes: 400 });
    await expect(spool.append([record('huge')])).rejects.toThrow(RecordTooLarge);
    expect(spool.waiting).toBe(0);
    let taken = 0;
    const refusal = await (async () => {
      for (; ; taken++) await spool.append([record(`body ${taken}`)]);
    })().catch((error: unknown) => error);
    expect(refusal).toEqual(new TemporarilyUnavailable('the spool is full'));
    expect(spool.isFull).toBe(true);
    expect(taken).toBeGreaterThan(1);
    broker.away = false;
    await sent(spool);
    expect(broker.got).toHaveLength(taken);
    expect(spool.isFull).toBe(false);
  });

  it('says when the folder cannot be used', async () => {
    writeFileSync(join(folder, 'file'), '');
    await expect(open({ folder: join(folder, 'file') })).rejects.toThrow(/ENOTDIR|EEXIST/);
  });
});
