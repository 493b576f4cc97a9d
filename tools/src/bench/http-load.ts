import { connect, type Socket } from 'node:net';

const HEAD_END = Buffer.from('\r\n\r\n');
const LENGTH = /\r\ncontent-length: *(\d+)/i;

/** One keep-alive connection with one request under way: a client so thin that the server is what is measured. */
class Connection {
  onAnswer: (status: number) => void = () => undefined;
  onLoss: (error: Error) => void = () => undefined;
  private rest: Buffer | null = null;

  private constructor(private readonly socket: Socket) {
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.read(chunk));
    socket.on('error', (error) => this.onLoss(error));
    socket.on('end', () => this.onLoss(new Error('the server closed a connection')));
  }

  static open(port: number): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.off('error', reject);
        resolve(new Connection(socket));
      });
    });
  }

  send(request: Buffer): void {
    this.socket.write(request);
  }

  close(): void {
    this.onLoss = () => undefined;
    this.socket.destroy();
  }

  private read(chunk: Buffer): void {
    const bytes = this.rest ? Buffer.concat([this.rest, chunk]) : chunk;
    const end = bytes.indexOf(HEAD_END);
    const length = end < 0 ? null : LENGTH.exec(bytes.toString('latin1', 0, end));
    if (end >= 0 && !length) return this.onLoss(new Error('an answer without content-length'));
    if (!length || bytes.length < end + 4 + Number(length[1])) {
      this.rest = bytes;
      return;
    }
    this.rest = null;
    this.onAnswer(Number(bytes.toString('latin1', 9, 12)));
  }
}

async function withConnections<T>(
  port: number,
  count: number,
  work: (connections: readonly Connection[]) => Promise<T>,
): Promise<T> {
  const connections = await Promise.all(Array.from({ length: count }, () => Connection.open(port)));
  try {
    return await work(connections);
  } finally {
    for (const connection of connections) connection.close();
  }
}

const refused = (status: number, index: number): Error => new Error(`request ${index} was answered ${status}`);

/**
 * Closed loop: each connection sends its next request when the last is answered. Any answer but 200 ends it.
 * @returns seconds from the first request to the last answer
 */
export function closedLoop(port: number, requests: readonly Buffer[], connections = 64): Promise<number> {
  return withConnections(
    port,
    connections,
    (all) =>
      new Promise((resolve, reject) => {
        let next = 0;
        let answered = 0;
        const started = performance.now();
        for (const connection of all) {
          const send = (): void => {
            if (next < requests.length) connection.send(requests[next++]!);
          };
          connection.onLoss = reject;
          connection.onAnswer = (status) => {
            if (status !== 200) return reject(refused(status, next));
            answered += 1;
            if (answered === requests.length) resolve((performance.now() - started) / 1_000);
            else send();
          };
          send();
        }
      }),
  );
}

export interface OpenLoopHooks {
  /** The request is due now. */
  sent?(index: number): void;
  answered?(index: number): void;
}

/**
 * Open loop: requests leave at their time whatever the server does; one that finds no free connection waits, and its time counts.
 * @returns milliseconds from the intended sending to the answer, of each request
 */
export function openLoop(
  port: number,
  requests: readonly Buffer[],
  perSecond: number,
  hooks: OpenLoopHooks = {},
  connections = 64,
): Promise<number[]> {
  return withConnections(
    port,
    connections,
    (all) =>
      new Promise((resolve, reject) => {
        const latencies = new Array<number>(requests.length);
        const free = [...all];
        const started = performance.now() + 5;
        const dueAt = (index: number): number => started + (index * 1_000) / perSecond;
        let next = 0;
        let answered = 0;
        const leave = (): void => {
          while (next < requests.length && dueAt(next) <= performance.now() && free.length > 0) {
            // in turns: one that is never taken would be closed as idle
            const connection = free.shift()!;
            const index = next++;
            connection.onAnswer = (status) => {
              if (status !== 200) return reject(refused(status, index));
              latencies[index] = performance.now() - dueAt(index);
              hooks.answered?.(index);
              free.push(connection);
              if (++answered === requests.length) resolve(latencies);
              else leave();
            };
            connection.send(requests[index]!);
            hooks.sent?.(index);
          }
        };
        for (const connection of all) connection.onLoss = reject;
        const tick = (): void => {
          leave();
          if (next < requests.length) setTimeout(tick, 1);
        };
        tick();
      }),
  );
}
