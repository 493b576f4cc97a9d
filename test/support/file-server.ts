import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { ensureServerKey } from '@lienmach/tools';
import { temporaryFolder } from './servers.js';

/** What it answers; a Buffer: 200 with these bytes. */
export interface ServedFile {
  readonly type: string;
  readonly bytes: Buffer;
}

/** A web server with files, https, on every address of this machine. Its clients need `certificate` in NODE_EXTRA_CA_CERTS. */
export class FileServer {
  /** Paths that were asked for, in order. */
  readonly asked: string[] = [];
  readonly files = new Map<string, ServedFile>();

  private constructor(
    private readonly server: Server,
    /** PEM file. */
    readonly certificate: string,
  ) {}

  static async start(): Promise<FileServer> {
    const { keystore, password, certificate } = ensureServerKey(temporaryFolder('file-server'), 'of-this-test');
    const server = createServer({ pfx: readFileSync(keystore), passphrase: password });
    const files = new FileServer(server, certificate);
    server.on('request', (request, response) => {
      const path = request.url ?? '';
      files.asked.push(path);
      const file = files.files.get(path);
      if (!file) return response.writeHead(404).end();
      return response.writeHead(200, { 'content-type': file.type }).end(file.bytes);
    });
    await new Promise<void>((resolve) => server.listen(0, resolve));
    return files;
  }

  /** @param host an address of this machine; only that of 127.0.0.1 stands in the certificate */
  address(path: string, host = '127.0.0.1'): string {
    return `https://${host}:${(this.server.address() as AddressInfo).port}${path}`;
  }

  stop(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }
}
