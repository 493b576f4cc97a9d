import { afterEach, describe, expect, it } from '@jest/globals';
import nock from 'nock';
import { fetchAttachments } from './attachment.client.js';

const HOST = 'https://files.example.com';
const context = { signal: AbortSignal.timeout(20_000), env: {} };
const file = (path: string, name: string | null = null, kind: 'image' | 'file' = 'file') => ({
  kind,
  url: `${HOST}${path}`,
  name,
});
const serve = (path: string, body: string | Buffer, type: string): void =>
  void nock(HOST).get(path).reply(200, body, { 'Content-Type': type });

afterEach(() => nock.cleanAll());

describe('what a mail carries along', () => {
  it('has the name that the agent gave, else that of its address, else one of its own', async () => {
    serve('/1', 'a', 'application/pdf');
    serve('/bi%E1%BB%83u%20ph%C3%AD.xlsx?v=2', 'b', 'application/vnd.ms-excel');
    serve('/', 'c', 'image/png');
    const files = [file('/1', '../Hoá đơn?.pdf'), file('/bi%E1%BB%83u%20ph%C3%AD.xlsx?v=2'), file('/', null, 'image')];
    expect(await fetchAttachments(files, context)).toEqual([
      { filename: 'Hoá đơn.pdf', contentType: 'application/pdf', content: Buffer.from('a') },
      { filename: 'biểu phí.xlsx', contentType: 'application/vnd.ms-excel', content: Buffer.from('b') },
      { filename: 'attachment-3.png', contentType: 'image/png', content: Buffer.from('c') },
    ]);
  });

  it('is no page that shows a picture', async () => {
    serve('/share', '<html>', 'text/html');
    expect(await fetchAttachments([file('/share', null, 'image')], context)).toEqual({
      kind: 'failed',
      reason: "attachment-mismatch: the address of attachment 1 gives text/html, no image: give the file's own",
    });
  });

  it('is not larger than a mail, all together', async () => {
    serve('/1', Buffer.alloc(17_999_999), 'video/mp4');
    serve('/2', 'ab', 'text/plain');
    expect(await fetchAttachments([file('/1', 'phim.mp4'), file('/2', 'chữ.txt')], context)).toMatchObject({
      kind: 'failed',
      reason: expect.stringMatching(
        /^attachment-too-large: chữ\.txt and what goes with it are more than 18 MB/,
      ) as unknown,
    });
    serve('/1', Buffer.alloc(18_000_000), 'video/mp4');
    expect(await fetchAttachments([file('/1', 'phim.mp4'), file('/2', 'chữ.txt')], context)).toMatchObject({
      kind: 'failed',
    });
  });

  it('that cannot be had holds the whole mail', async () => {
    serve('/1', 'a', 'text/plain');
    nock(HOST).get('/2').reply(502);
    expect(await fetchAttachments([file('/1'), file('/2')], context)).toMatchObject({ kind: 'not-taken' });
  });
});
