import { Agent, get } from 'node:http';
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
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          if (response.statusCode !== 200) reject(new Error(`${path} answered ${response.statusCode}: ${text}`));
          else resolve(JSON.parse(text) as T);
        });
      });
      request.on('error', (error: NodeJS.ErrnoException) => {
        // the server closed a connection that had been idle just as it was taken again: a read may be repeated
        if (request.reusedSocket && error.code === 'ECONNRESET') resolve(this.read(path));
        else reject(error);
      });
    });
  }

  close(): void {
    this.agent.destroy();
  }
}
