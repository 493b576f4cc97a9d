import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { CallData, ChannelEvent } from '@lienmach/contracts';
import { kafkaConnectionFromEnv, readToEnd } from '@lienmach/kafka';
import { projectRoot, type AppProcess } from '@lienmach/tools';
import { createTopics, newSettings, startApp, temporaryFolder, waitUntil, type Settings } from '../support/index.js';

jest.setTimeout(120_000);

const frameOf = (name: string): string => {
  const file = join(projectRoot, `apps/adapter-call/fixtures/asterisk/${name}.json`);
  return (JSON.parse(readFileSync(file, 'utf8')) as { raw: string }).raw;
};

/** A text frame of a server: unmasked, of up to 64 KiB (RFC 6455, section 5.2). */
function textFrame(text: string): Buffer {
  const payload = Buffer.from(text);
  const head = Buffer.from([0x81, 126, payload.length >> 8, payload.length & 0xff]);
  return Buffer.concat([head, payload]);
}

const acceptOf = (key: string): string =>
  createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');

describe('the client of Asterisk', () => {
  let settings: Settings;
  let app: AppProcess;
  let server: Server;
  const asked: { url?: string; authorization?: string }[] = [];
  const connected: Duplex[] = [];

  beforeAll(async () => {
    server = createServer().on('upgrade', ({ url, headers }, socket: Duplex) => {
      asked.push({ url, authorization: headers.authorization });
      socket.on('error', () => undefined);
      const accept = acceptOf(String(headers['sec-websocket-key']));
      socket.write(
        `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
      );
      connected.push(socket);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const access = { url: `http://127.0.0.1:${port}/ari`, user: 'lienmach', password: 'ari-secret', app: 'cskh' };
    const account = { channel: 'call', vendor: 'asterisk', id: 'pbx-1', ...access };
    const file = join(temporaryFolder('accounts'), 'accounts.json');
    writeFileSync(file, JSON.stringify({ tenants: [{ id: 'demo', name: 'demo', accounts: [account] }] }));
    settings = await newSettings({ ACCOUNTS_FILE: file });
    await createTopics(settings);
    app = await startApp('adapter-call', settings);
  });

  afterAll(async () => {
    await app?.stop();
    for (const socket of connected) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });

  async function told(): Promise<string[]> {
    const read: string[] = [];
    await readToEnd(kafkaConnectionFromEnv(settings, 'test'), 'channel.call.v1', ({ value }) => {
      const { type, data } = JSON.parse(String(value)) as ChannelEvent<CallData>;
      read.push(`${type} ${data.callId} ${data.legId ?? ''}`);
    });
    return read;
  }

  it('connects with its credentials, again when it is cut off, and keeps legs with their call', async () => {
    const first = await waitUntil('a connection', () => connected[0]);
    expect(asked[0]).toEqual({
      url: '/ari/events?app=cskh',
      authorization: `Basic ${Buffer.from('lienmach:ari-secret').toString('base64')}`,
    });
    for (const name of ['stasis-start', 'dial-ringing']) first.write(textFrame(frameOf(name)));
    await waitUntil('the ring', async () => (await told()).length === 2);
    first.destroy();
    const second = await waitUntil('another connection', () => connected[1]);
    for (const name of ['unknown-event', 'channel-hold', 'channel-destroyed-busy'])
      second.write(textFrame(frameOf(name)));
    await waitUntil('the end', async () => (await told()).length === 4);
    expect(await told()).toEqual([
      'call.ringing 1740968100.101 ',
      'call.ringing 1740968100.101 1740968103.102',
      'call.held 1740968100.101 1740968103.102',
      'call.ended 1740968100.101 1740968103.102',
    ]);
  });
});
