import { createSocket, type Socket } from 'node:dgram';

const TXT = 16;
const NO_SUCH_NAME = 3;

/** A name server of the test's own (RFC 1035), for EMAIL_DNS_SERVERS: knows the TXT records that it is given, and no other name. */
export class NameServer {
  private constructor(
    private readonly socket: Socket,
    private readonly records: Readonly<Record<string, string>>,
  ) {}

  /** @param records text by name */
  static async start(records: Readonly<Record<string, string>>): Promise<NameServer> {
    const socket = createSocket('udp4');
    const server = new NameServer(socket, records);
    socket.on('message', (query, { port, address }) => socket.send(server.answer(query), port, address));
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
    return server;
  }

  get address(): string {
    return `127.0.0.1:${this.socket.address().port}`;
  }

  stop(): Promise<void> {
    return new Promise((resolve) => this.socket.close(() => resolve()));
  }

  private answer(query: Buffer): Buffer {
    const labels: string[] = [];
    let at = 12;
    for (let length = query[at]!; length > 0; length = query[at]!) {
      labels.push(query.toString('latin1', at + 1, at + 1 + length));
      at += 1 + length;
    }
    const question = query.subarray(12, at + 5);
    const known = this.records[labels.join('.').toLowerCase()];
    const text = query.readUInt16BE(at + 1) === TXT ? known : undefined;
    const head = Buffer.alloc(12);
    query.copy(head, 0, 0, 2);
    // an answer to what was asked, recursion and all
    head.writeUInt16BE(0x8180 | (known === undefined ? NO_SUCH_NAME : 0), 2);
    head.writeUInt16BE(1, 4);
    head.writeUInt16BE(text === undefined ? 0 : 1, 6);
    if (text === undefined) return Buffer.concat([head, question]);
    const data = Buffer.from(text, 'latin1');
    // the name is that of the question, by a pointer to it; class IN, a minute
    const record = Buffer.from([0xc0, 12, 0, TXT, 0, 1, 0, 0, 0, 60, 0, data.length + 1, data.length]);
    return Buffer.concat([head, question, record, data]);
  }
}
