import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { SetupError } from './setup-error.js';

/** By whom a secured listener is used: SCRAM-SHA-512 and PLAIN over TLS. Letters and digits alone. */
export interface Credentials {
  username: string;
  password: string;
}

/** A broker's key with its certificate, and that certificate for its clients. */
export interface ServerKey {
  /** PKCS #12 file. */
  keystore: string;
  password: string;
  /** PEM file. */
  certificate: string;
}

const ALIAS = 'broker';

/** Makes a key and a certificate of 127.0.0.1 that signs itself, with the tool that every Java brings. */
export function ensureServerKey(java: string, folder: string, password: string): ServerKey {
  const key = { keystore: join(folder, 'broker.p12'), certificate: join(folder, 'broker.pem'), password };
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

/** Settings of a listener SASL_SSL, beside those of an open broker. */
export function securedListener({ username, password }: Credentials, key: ServerKey): Record<string, string> {
  const plain = 'org.apache.kafka.common.security.plain.PlainLoginModule';
  const scram = 'org.apache.kafka.common.security.scram.ScramLoginModule';
  return {
    'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-512',
    'listener.name.sasl_ssl.plain.sasl.jaas.config': `${plain} required user_${username}="${password}";`,
    'listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config': `${scram} required;`,
    'listener.name.sasl_ssl.ssl.keystore.type': 'PKCS12',
    'listener.name.sasl_ssl.ssl.keystore.location': key.keystore,
    'listener.name.sasl_ssl.ssl.keystore.password': key.password,
  };
}
