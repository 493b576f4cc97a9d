import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

/** One consulting message as it came. */
export interface ZaloCall {
  accessToken: string;
  user: string;
  text: string;
  quotes: string | null;
}

interface MessageBody {
  recipient: { user_id: string };
  message: { text: string; quote_message_id?: string };
}

/** An Open API of the test's own, for ZALO_API_URL: keeps every call and takes it, as the vendor with a status of 200 whatever happens. */
export class ZaloServer {
  readonly calls: ZaloCall[] = [];
  /** `error` of the answer; 0 takes the message. Called before the answer goes out. */
  answer: (call: ZaloCall) => number | Promise<number> = () => 0;

  private constructor(private readonly server: Server) {}

  static async start(): Promise<ZaloServer> {
    const server = createServer();
    const zalo = new ZaloServer(server);
    server.on('request', (request, response) => {
      void json(request).then((body) => zalo.message(String(request.headers['access_token']), body, response));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return zalo;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Id of the message that the call with this text became. */
  idOf(text: string): string {
    return Buffer.from(text).toString('hex').slice(0, 20);
  }

  stop(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  private async message(accessToken: string, body: unknown, response: ServerResponse): Promise<void> {
    const { recipient, message } = body as MessageBody;
    const { text, quote_message_id: quotes = null } = message;
    const call = { accessToken, user: recipient.user_id, text, quotes };
    this.calls.push(call);
    const error = await this.answer(call);
    const data = { message_id: this.idOf(text), user_id: call.user };
    reply(response, error === 0 ? { error, message: 'Success', data } : { error, message: 'not so' });
  }
}

function reply(response: ServerResponse, body: object): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
