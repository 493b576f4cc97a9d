import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { BlobStore } from '@lienmach/blobs';
import { TemporarilyUnavailable } from '@lienmach/contracts';
import { defineChannel, defineVendor, type Door } from './channel.js';
import { LARGEST_RAW } from './kept-files.js';
import { sample, SampleSettings } from './testing/sample.channel.js';
import { doorRequest, TestDoors } from './testing/test-doors.js';

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

class MemoryBlobs implements BlobStore {
  readonly kept = new Map<string, Buffer>();
  put(name: string, bytes: Buffer): Promise<void> {
    this.kept.set(name, bytes);
    return Promise.resolve();
  }
  get(name: string): Promise<Buffer | undefined> {
    return Promise.resolve(this.kept.get(name));
  }
}

const base = sample.vendors[0]!.doors.find(({ accountIn }) => accountIn === 'path-secret') as Door<object>;
const file = Buffer.from('an attachment');
const withDoor = (part: Partial<Door<object>>) =>
  defineChannel({
    ...sample,
    vendors: [
      defineVendor<SampleSettings>({
        name: 'sample',
        settings: SampleSettings,
        secrets: ['secret'],
        answerWithinSeconds: 5,
        doors: [{ ...base, ...part }],
      }),
    ],
  });
const account = { id: 'shop-1', settings: { secret: 'path-secret-1' } };
const request = (body: Buffer) =>
  doorRequest({
    target: base.path.replace(':secret', account.settings.secret),
    headers: { 'content-type': 'application/json' },
    body,
  });
const parts = (text: string) =>
  Buffer.from(JSON.stringify([{ account: 'shop-1', id: 'm-1', kind: 'text', at: null, text }]));
const filing = withDoor({
  normalise: (...given) => ({
    ...base.normalise(...given),
    files: [{ sha256: sha256(file), bytes: file }],
  }),
});

describe('what is kept beside the records', () => {
  it('are the attachments that normalise names', async () => {
    const blobs = new MemoryBlobs();
    const { answer, events } = await new TestDoors(filing, [account], { blobs }).handle(
      base.path,
      request(parts('Chào')),
    );
    expect([answer.status, events.length]).toEqual([200, 1]);
    expect([...blobs.kept]).toEqual([[sha256(file), file]]);
  });

  it('is a body that is too large for a record; its raw record names it', async () => {
    const blobs = new MemoryBlobs();
    const body = parts('x'.repeat(LARGEST_RAW));
    const { answer, raw } = await new TestDoors(withDoor({}), [account], { blobs }).handle(base.path, request(body));
    expect(answer.status).toBe(200);
    expect(raw).toEqual([expect.objectContaining({ value: Buffer.alloc(0) })]);
    expect(raw[0]?.headers?.['blob']).toBe(sha256(body));
    expect(blobs.kept.get(sha256(body))).toEqual(body);
  });

  it('comes before the records: where it cannot be kept, nothing is sent', async () => {
    const blobs = {
      put: () => Promise.reject(new TemporarilyUnavailable('full', 30)),
      get: () => Promise.resolve(undefined),
    };
    const { answer, records } = await new TestDoors(filing, [account], { blobs }).handle(
      base.path,
      request(parts('Chào')),
    );
    expect(answer).toMatchObject({ status: 503, headers: { 'retry-after': '30' } });
    expect(records).toEqual([]);
  });
});

describe('a door that has to ask somebody', () => {
  const order: string[] = [];
  const step = (name: string, failure?: Error) => () => {
    order.push(name);
    return failure ? Promise.reject(failure) : Promise.resolve();
  };
  const verify = () => order.push('verify') > 0;

  it('prepares before it verifies and follows after the acknowledgement', async () => {
    order.length = 0;
    const doors = new TestDoors(withDoor({ prepare: step('prepare'), verify, follow: step('follow') }), [account]);
    expect((await doors.handle(base.path, request(parts('Chào')))).answer.status).toBe(200);
    expect(order).toEqual(['prepare', 'verify', 'follow']);
  });

  it.each([
    ['prepare', 0],
    ['follow', 2],
  ] as const)('answers 503 when %s fails', async (name, records) => {
    const doors = new TestDoors(withDoor({ [name]: step(name, new Error('no network')) }), [account]);
    const result = await doors.handle(base.path, request(parts('Chào')));
    expect([result.answer.status, result.records.length]).toEqual([503, records]);
  });

  it('prepares for nobody whom it does not know', async () => {
    order.length = 0;
    const doors = new TestDoors(withDoor({ prepare: step('prepare') }), [account]);
    const { answer } = await doors.handle(
      base.path,
      doorRequest({ target: `${base.path.replace(':secret', 'guessed')}` }),
    );
    expect([answer.status, order]).toEqual([404, []]);
  });
});
