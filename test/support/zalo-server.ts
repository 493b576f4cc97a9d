import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as textOf } from 'node:stream/consumers';
import { officialAccount } from './accounts.js';

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

/**
 * Zalo's two addresses, of the test's own, for ZALO_API_URL and ZALO_OAUTH_URL. Keeps every call, and answers as the vendor with a status of 200 whatever
 * happens. One pair of tokens counts at a time, at first `access-1` and `refresh-1`; an exchange gives the next and ends the old one.
 */
export class ZaloServer {
  readonly calls: ZaloCall[] = [];
  /** The refresh tokens that were given for another pair, as they came. */
  readonly exchanges: string[] = [];
  /** `lost`: the pair is a new one, and nobody hears of it; `stuck`: nothing happens. */
  onExchange: () => 'answer' | 'lost' | 'stuck' = () => 'answer';
  private pair = 1;
  /** `error` of the answer; 0 takes the message. Called before the answer goes out. */
  answer: (call: ZaloCall) => number | Promise<number> = () => 0;

  private constructor(private readonly server: Server) {}

  static async start(): Promise<ZaloServer> {
    const server = createServer();
    const zalo = new ZaloServer(server);
    server.on('request', (request, response) => {
      void textOf(request).then((body) =>
        request.url === '/v2.0/oa/getoa'
          ? zalo.account(String(request.headers['access_token']), response)
          : request.url === '/v4/oa/access_token'
            ? zalo.exchange(new URLSearchParams(body), response)
            : zalo.message(String(request.headers['access_token']), JSON.parse(body), response),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return zalo;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Ends the present pair by itself, as a consent does; the next one is answered. */
  consent(): { accessToken: string; refreshToken: string } {
    this.pair++;
    return { accessToken: `access-${this.pair}`, refreshToken: `refresh-${this.pair}` };
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
    const error = accessToken === `access-${this.pair}` ? await this.answer(call) : -216;
    const data = { message_id: this.idOf(text), user_id: call.user };
    reply(response, error === 0 ? { error, message: 'Success', data } : { error, message: 'not so' });
  }

  private account(accessToken: string, response: ServerResponse): void {
    const data = { oa_id: officialAccount.id, name: 'Cửa hàng' };
    reply(response, accessToken === `access-${this.pair}` ? { error: 0, data } : { error: -216 });
  }

  private exchange(form: URLSearchParams, response: ServerResponse): void {
    const refreshToken = String(form.get('refresh_token'));
    this.exchanges.push(refreshToken);
    const end = this.onExchange();
    if (end === 'stuck') return;
    if (refreshToken !== `refresh-${this.pair}`) return reply(response, { error: -14014, error_name: 'Invalid token' });
    const { accessToken, refreshToken: next } = this.consent();
    if (end === 'answer') reply(response, { access_token: accessToken, refresh_token: next, expires_in: '90000' });
  }
}

function reply(response: ServerResponse, body: object): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
