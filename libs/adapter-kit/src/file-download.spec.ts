import { afterEach, describe, expect, it } from '@jest/globals';
import nock from 'nock';
import { downloadFile } from './file-download.js';

const HOST = 'https://files.example.com';
const got = (path: string, largestBytes = 1_000) =>
  downloadFile(`${HOST}${path}`, 'hoá đơn.pdf', { signal: AbortSignal.timeout(10_000), env: {}, largestBytes });

afterEach(() => nock.cleanAll());

describe('a file that is fetched', () => {
  it('has its bytes and what the server says of them', async () => {
    nock(HOST)
      .get('/a.pdf')
      .reply(200, Buffer.from([0, 255, 128]), { 'Content-Type': 'Application/PDF; x=1' });
    expect(await got('/a.pdf')).toEqual({
      kind: 'got',
      file: { bytes: Buffer.from([0, 255, 128]), contentType: 'application/pdf' },
    });
  });

  it.each([undefined, '', 'nonsense', 'text/html/x'])('is of no named type where the server says %j', async (type) => {
    nock(HOST)
      .get('/a')
      .reply(200, 'x', type === undefined ? {} : { 'Content-Type': type });
    expect(await got('/a')).toMatchObject({ file: { contentType: 'application/octet-stream' } });
  });

  it('may lie where a redirect says, behind https', async () => {
    nock(HOST).get('/short').reply(302, '', { location: 'https://store.example.com/a' });
    nock('https://store.example.com').get('/a').reply(200, 'x');
    expect(await got('/short')).toMatchObject({ kind: 'got' });
    nock(HOST).get('/plain').reply(302, '', { location: 'http://store.example.com/a' });
    expect(await got('/plain')).toMatchObject({
      outcome: { kind: 'failed', reason: expect.stringMatching(/^attachment-refused: /) as unknown },
    });
    nock(HOST)
      .get('/loop')
      .times(4)
      .reply(302, '', { location: `${HOST}/loop` });
    expect(await got('/loop')).toMatchObject({ outcome: { kind: 'failed' } });
  });

  it('may be as large as allowed, and no larger', async () => {
    nock(HOST).get('/a').twice().reply(200, 'x'.repeat(1_000));
    expect(await got('/a')).toMatchObject({ kind: 'got' });
    expect(await got('/a', 999)).toEqual({ kind: 'too-large' });
  });

  it.each([
    [403, 'failed'],
    [404, 'failed'],
    [429, 'not-taken'],
    [503, 'not-taken'],
  ])('whose server answers %i lets the reply be %s', async (status, kind) => {
    nock(HOST).get('/a').reply(status);
    expect(await got('/a')).toMatchObject({
      kind: 'not-got',
      outcome: { kind, reason: expect.stringContaining(`the address of hoá đơn.pdf answers ${status}`) as unknown },
    });
  });

  it.each([
    ['ENOTFOUND', 'failed'],
    ['ECONNRESET', 'not-taken'],
  ])('whose server is not there (%s) lets the reply be %s', async (code, kind) => {
    nock(HOST)
      .get('/a')
      .replyWithError(Object.assign(new Error('x'), { code }));
    expect(await got('/a')).toMatchObject({
      outcome: { kind, reason: expect.stringContaining(`could not be fetched (${code})`) as unknown },
    });
  });
});
