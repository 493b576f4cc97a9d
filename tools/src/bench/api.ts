import { Agent, get, request as httpRequest, type IncomingMessage } from 'node:http';
import { text as textOf } from 'node:stream/consumers';
import { TENANT } from './bench-servers.js';

/** Core's API over kept connections. */
export class Api {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 64 });

  constructor(
    private readonly url: string,
    private readonly token: string,
  ) {}

  read<T>(path: string): Promise<T> {
    const headers = { authorization: `Bearer ${this.token}`, 'x-tenant': TENANT };
    return new Promise((resolve, reject) => {
      const request = get(`${this.url}${path}`, { agent: this.agent, headers }, (response) => {
        answerOf(response).then(({ status, text }) => {
          if (status === 200) resolve(JSON.parse(text) as T);
          else reject(new Error(`${path} answered ${status}: ${text}`));
        }, reject);
      });
      request.on('error', (error: NodeJS.ErrnoException) => {
        // the server closed a connection that had been idle just as it was taken again: a read may be repeated
        if (request.reusedSocket && error.code === 'ECONNRESET') resolve(this.read(path));
        else reject(error);
      });
    });
  }

  /** @param body JSON, or text of another type */
  post<T>(path: string, body: object | string, contentType = 'application/json'): Promise<T> {
    return this.write('POST', path, body, contentType);
  }

  put<T>(path: string, body: object): Promise<T> {
    return this.write('PUT', path, body, 'application/json');
  }

  private write<T>(method: string, path: string, body: object | string, contentType: string): Promise<T> {
    const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
    const headers = {
      authorization: `Bearer ${this.token}`,
      'x-tenant': TENANT,
      'content-type': contentType,
      'content-length': bytes.length,
    };
    return new Promise((resolve, reject) => {
      const request = httpRequest(`${this.url}${path}`, { method, headers }, (response) => {
        answerOf(response).then(({ status, text }) => {
          if (status >= 200 && status < 300) resolve(JSON.parse(text) as T);
          else reject(new Error(`${path} answered ${status}: ${text}`));
        }, reject);
      });
      request.on('error', reject).end(bytes);
    });
  }

  close(): void {
    this.agent.destroy();
  }
}

async function answerOf(response: IncomingMessage): Promise<{ status: number; text: string }> {
  return { status: response.statusCode ?? 0, text: await textOf(response) };
}
