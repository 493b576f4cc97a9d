import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findJava } from './java.js';
import { SetupError } from './setup-error.js';

/** A key of a server on this machine with its certificate, and that certificate for its clients. */
export interface ServerKey {
  /** PKCS #12 file. */
  keystore: string;
  password: string;
  /** PEM file. */
  certificate: string;
}

const ALIAS = 'server';

/**
 * Makes a key and a certificate of 127.0.0.1 that signs itself, with the tool that every Java brings; keeps what stands in the folder already.
 * @throws SetupError
 */
export function ensureServerKey(folder: string, password: string, java: string = findJava().command): ServerKey {
  const key = { keystore: join(folder, 'server.p12'), certificate: join(folder, 'server.pem'), password };
  if (existsSync(key.certificate)) return key;
  const keytool = dirname(java) === '.' ? 'keytool' : join(dirname(java), 'keytool');
  const store = ['-alias', ALIAS, '-keystore', key.keystore, '-storetype', 'PKCS12', '-storepass', password];
  const owner = ['-dname', 'CN=127.0.0.1', '-ext', 'san=ip:127.0.0.1', '-validity', '3650'];
  for (const command of [
    ['-genkeypair', ...store, '-keyalg', 'EC', '-groupname', 'secp256r1', ...owner],
    ['-exportcert', '-rfc', ...store, '-file', key.certificate],
  ]) {
    const { status, stdout, stderr, error } = spawnSync(keytool, command, { encoding: 'utf8' });
    if (status !== 0) throw new SetupError(`${stdout ?? ''}${stderr ?? ''}${error?.message ?? ''}\nkeytool failed.`);
  }
  return key;
}
