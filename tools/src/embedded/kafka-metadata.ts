import { connect } from 'node:net';

const metadataKey = 3;
const metadataVersion = 2; // the first one whose answer names the cluster, before the flexible encodings
const correlation = 1;

/** A Metadata request for no topics. */
export function metadataRequest(): Buffer {
  const client = Buffer.from('lienmach-ready');
  const body = Buffer.alloc(14 + client.length);
  let at = body.writeInt16BE(metadataKey, 0);
  at = body.writeInt16BE(metadataVersion, at);
  at = body.writeInt32BE(correlation, at);
  at = body.writeInt16BE(client.length, at);
  at += client.copy(body, at);
  body.writeInt32BE(0, at);
  const size = Buffer.alloc(4);
  size.writeInt32BE(body.length);
  return Buffer.concat([size, body]);
}

/** The answer without its size: how many brokers are alive, and the id of their cluster. */
export function readMetadata(answer: Buffer): { brokers: number; clusterId: string | null } {
  let at = 4;
  const brokers = answer.readInt32BE(at);
  at += 4;
  const string = () => {
    const length = answer.readInt16BE(at);
    at += 2;
    if (length < 0) return null;
    const text = answer.toString('utf8', at, at + length);
    at += length;
    return text;
  };
  for (let broker = 0; broker < brokers; broker += 1) {
    at += 4; // node id
    string(); // host
    at += 4; // port
    string(); // rack
  }
  return { brokers, clusterId: string() };
}

/** Asks what listens on the port for its cluster id; null if nothing does, it is no Kafka, or it has no live broker yet. */
export function clusterIdAt(port: number, milliseconds = 1000): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    const answer = (id: string | null) => {
      socket.destroy();
      resolve(id);
    };
    let received = Buffer.alloc(0);
    socket.setTimeout(milliseconds, () => answer(null));
    socket.once('error', () => answer(null));
    socket.once('close', () => answer(null));
    socket.once('connect', () => socket.write(metadataRequest()));
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      if (received.length < 4 || received.length < 4 + received.readInt32BE(0)) return;
      try {
        const { brokers, clusterId } = readMetadata(received.subarray(4));
        answer(brokers > 0 ? clusterId : null);
      } catch (error) {
        if ((error as Error).name !== 'RangeError') throw error;
        answer(null); // some other protocol's answer
      }
    });
  });
}
