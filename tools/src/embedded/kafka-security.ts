import type { ServerKey } from './server-key.js';

/** By whom a secured listener is used: SCRAM-SHA-512 and PLAIN over TLS. Letters and digits alone. */
export interface Credentials {
  username: string;
  password: string;
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
