import { createServer } from 'node:net';
import { SetupError } from './setup-error.js';

function listen(port: number, host: string): Promise<{ port: number; close: () => Promise<void> }> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ port, host, exclusive: true }, () => {
      const address = server.address();
      if (address === null || typeof address === 'string') return reject(new Error('no TCP address'));
      const close = () => new Promise<void>((done) => server.close(() => done()));
      resolve({ port: address.port, close });
    });
  });
}

/** Ports that are free at this moment; all are held open until the last is found, so no two are the same. */
export async function freePorts(count: number, host = '127.0.0.1'): Promise<number[]> {
  const held = await Promise.all(Array.from({ length: count }, () => listen(0, host)));
  await Promise.all(held.map(({ close }) => close()));
  return held.map(({ port }) => port);
}

/** Whether nothing listens on the port. */
export async function isFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  try {
    await (await listen(port, host)).close();
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') return false;
    if (code === 'EACCES') throw new SetupError(`This user may not listen on port ${port}: choose one above 1023.`);
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
      throw new SetupError(`This machine has no address ${host}: set HOST to one that it has.`);
    throw error;
  }
}
