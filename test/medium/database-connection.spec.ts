import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createDataSource } from '../../apps/core/src/public.js';

/** A message of PostgreSQL's protocol (PostgreSQL's manual, 54.7). */
const message = (type: string, body: string | Buffer): Buffer => {
  const bytes = Buffer.from(body);
  const head = Buffer.alloc(5, type);
  head.writeInt32BE(bytes.length + 4, 1);
  return Buffer.concat([head, bytes]);
};

const AUTHENTICATION_OK = message('R', Buffer.alloc(4));
const READY = message('Z', 'I');
const TERMINATED = message('E', 'SFATAL\0VFATAL\0C57P01\0Mterminating connection due to administrator command\0\0');

describe('a connection that is terminated in the moment in which it is handed over', () => {
  let server: Server;
  let connections = 0;

  beforeAll(async () => {
    server = createServer((socket) => {
      connections += 1;
      socket.on('error', () => undefined);
      socket.once('data', () => socket.end(Buffer.concat([AUTHENTICATION_OK, READY, TERMINATED])));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });

  afterAll(() => new Promise((resolve) => server.close(resolve)));

  it('fails the query that wanted it, and not the process', async () => {
    const { port } = server.address() as AddressInfo;
    const uncaught: unknown[] = [];
    const notice = (error: unknown): void => void uncaught.push(error);
    process.on('uncaughtException', notice);
    const source = createDataSource({ url: `postgres://somebody@127.0.0.1:${port}/nowhere` });
    await expect(source.initialize()).rejects.toThrow(/terminat|ended|connection/i);
    await new Promise((resolve) => setImmediate(resolve));
    process.off('uncaughtException', notice);
    expect(connections).toBeGreaterThan(0);
    expect(uncaught).toEqual([]);
  });
});
