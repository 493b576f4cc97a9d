import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as textOf } from 'node:stream/consumers';

/** One request as it came. */
export interface VendorCall {
  url: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** An API of the test's own, for a setting that names a vendor's: keeps every request and answers each with the same. */
export class VendorServer {
  readonly calls: VendorCall[] = [];

  private constructor(private readonly server: Server) {}

  /** @param answer status and what stands in the body, as JSON */
  static async start(answer: { readonly status: number; readonly body: object }): Promise<VendorServer> {
    const server = createServer();
    const vendor = new VendorServer(server);
    server.on('request', (request, response) => {
      void textOf(request).then((body) => {
        vendor.calls.push({ url: request.url ?? '', headers: request.headers, body });
        response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return vendor;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }
}
