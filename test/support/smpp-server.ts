import { createRequire } from 'node:module';
import { freePorts } from '@lienmach/tools';
import { waitUntil } from './wait.js';

/** A PDU as the `smpp` package reads and writes it. */
export interface SmppPdu {
  readonly command: string;
  readonly command_status: number;
  readonly [field: string]: unknown;
  response(fields?: object): SmppPdu;
}

/** A client's connection. */
export interface SmppConnection {
  on(event: string, handle: (pdu: SmppPdu) => void): void;
  send(pdu: SmppPdu): void;
  deliver_sm(fields: object, answered: (pdu: SmppPdu) => void): void;
  enquire_link(answered: (pdu: SmppPdu) => void): void;
  destroy(): void;
}

interface Library {
  createServer(handle: (connection: SmppConnection) => void): {
    listen(port: number, done: () => void): void;
    close(done: () => void): void;
  };
  PDU: new (bytes: Buffer) => Record<string, unknown> & { short_message: { message: string; udh?: Buffer[] } };
}

export const smppLibrary = createRequire(import.meta.url)('smpp') as Library;

/** A carrier's SMSC: takes every bind and every message, unless a test says otherwise. */
export class SmppServer {
  readonly binds: { system_id: unknown; password: unknown; status: number }[] = [];
  /** Connections that were bound, in that order. */
  readonly bound: SmppConnection[] = [];
  /** Every `submit_sm`. */
  readonly submitted: SmppPdu[] = [];
  /** Status that the next bind gets. */
  bindStatus: () => number = () => 0;
  /** Answers a `submit_sm`. */
  submit: (pdu: SmppPdu, connection: SmppConnection) => void = (pdu, connection) => this.take(pdu, connection);

  private constructor(
    readonly port: number,
    private readonly stopServer: () => Promise<void>,
  ) {}

  static async start(): Promise<SmppServer> {
    const [port] = (await freePorts(1)) as [number];
    const server = smppLibrary.createServer((connection) => smsc.serve(connection));
    const smsc = new SmppServer(port, () => new Promise((resolve) => server.close(resolve)));
    await new Promise<void>((resolve) => server.listen(port, resolve));
    return smsc;
  }

  stop(): Promise<void> {
    return this.stopServer();
  }

  /** The connection that is bound as the `count`th. */
  connection(count = this.bound.length || 1): Promise<SmppConnection> {
    return waitUntil('a bound connection', () => this.bound[count - 1]);
  }

  /** Gives the message an id, which counts from 1. */
  take(pdu: SmppPdu, connection: SmppConnection): void {
    connection.send(pdu.response({ message_id: String(this.submitted.indexOf(pdu) + 1) }));
  }

  /** The status that the client answers a `deliver_sm` with. */
  async deliver(fields: object, to?: SmppConnection): Promise<number> {
    const connection = to ?? (await this.connection());
    return new Promise((resolve) => connection.deliver_sm(fields, ({ command_status }) => resolve(command_status)));
  }

  private serve(connection: SmppConnection): void {
    connection.on('bind_transceiver', (pdu) => {
      const status = this.bindStatus();
      this.binds.push({ system_id: pdu['system_id'], password: pdu['password'], status });
      connection.send(pdu.response({ command_status: status }));
      if (status === 0) this.bound.push(connection);
    });
    connection.on('submit_sm', (pdu) => {
      this.submitted.push(pdu);
      this.submit(pdu, connection);
    });
    connection.on('unbind', (pdu) => connection.send(pdu.response()));
    // a connection that the client gives up is nobody's mistake here
    connection.on('error', () => undefined);
  }
}
