import { readFileSync } from 'node:fs';
import { InvalidConfiguration } from '@lienmach/platform';
import { Kafka, logLevel } from 'kafkajs';
import type { KafkaConfig, RetryOptions, SASLOptions } from 'kafkajs';

/** What this library says to its process: pino, Nest's logger or a test's list fit. */
export interface KafkaLogger {
  debug?(message: string, details?: Record<string, unknown>): void;
  info(message: string, details?: Record<string, unknown>): void;
  warn(message: string, details?: Record<string, unknown>): void;
  error(message: string, details?: Record<string, unknown>): void;
}

/** Which cluster, as whom, and below which prefix of topic and group names. */
export interface KafkaConnection {
  /** `host:port`, at least one. */
  readonly brokers: readonly string[];
  readonly clientId: string;
  /** TLS; with the PEM text of the authority to trust instead of the system's. */
  readonly ssl?: boolean | { readonly ca: string };
  readonly sasl?: SASLOptions;
  /** Prepended to every topic and group, so that several installations can share a cluster. Empty by default. */
  readonly topicPrefix?: string;
}

const MECHANISMS = ['plain', 'scram-sha-256', 'scram-sha-512'] as const;

/**
 * Reads `KAFKA_BROKERS`, `KAFKA_SSL`, `KAFKA_SSL_CA` (a PEM file), `KAFKA_SASL_MECHANISM` (plain by default), `KAFKA_SASL_USERNAME`,
 * `KAFKA_SASL_PASSWORD` and `TOPIC_PREFIX`. Throws InvalidConfiguration that names the setting.
 */
export function kafkaConnectionFromEnv(env: Record<string, string | undefined>, clientId: string): KafkaConnection {
  const brokers = (env.KAFKA_BROKERS ?? '').split(',').flatMap((broker) => broker.trim() || []);
  if (brokers.length === 0) throw new InvalidConfiguration('KAFKA_BROKERS is empty: set it to host:port[,host:port…]');
  const topicPrefix = env.TOPIC_PREFIX ?? '';
  if (!/^[A-Za-z0-9._-]{0,80}$/.test(topicPrefix)) {
    throw new InvalidConfiguration('TOPIC_PREFIX may hold only letters, digits, dots, dashes and underscores');
  }
  return { brokers, clientId, topicPrefix, ssl: sslFromEnv(env), sasl: saslFromEnv(env) };
}

function isTrue(value: string | undefined, name: string): boolean {
  if (value === undefined || value === '' || value === 'false' || value === '0') return false;
  if (value === 'true' || value === '1') return true;
  throw new InvalidConfiguration(`${name} must be true or false`);
}

function sslFromEnv({ KAFKA_SSL, KAFKA_SSL_CA: file }: Record<string, string | undefined>): KafkaConnection['ssl'] {
  const ssl = isTrue(KAFKA_SSL, 'KAFKA_SSL');
  if (!file) return ssl;
  if (!ssl) throw new InvalidConfiguration('KAFKA_SSL_CA is set: set KAFKA_SSL to true as well');
  let ca: string;
  try {
    ca = readFileSync(file, 'utf8');
  } catch (error) {
    throw new InvalidConfiguration(`KAFKA_SSL_CA can't be read: ${(error as Error).message}`);
  }
  if (!ca.includes('-----BEGIN CERTIFICATE-----'))
    throw new InvalidConfiguration(`KAFKA_SSL_CA is no PEM file: ${file}`);
  return { ca };
}

function saslFromEnv(env: Record<string, string | undefined>): SASLOptions | undefined {
  const { KAFKA_SASL_USERNAME: username, KAFKA_SASL_PASSWORD: password } = env;
  if (!username && !password) return undefined;
  if (!username || !password) {
    throw new InvalidConfiguration('KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD must be set together');
  }
  const wanted = (env.KAFKA_SASL_MECHANISM || 'plain').toLowerCase();
  const mechanism = MECHANISMS.find((name) => name === wanted);
  if (!mechanism) throw new InvalidConfiguration(`KAFKA_SASL_MECHANISM must be one of ${MECHANISMS.join(', ')}`);
  return { mechanism, username, password };
}

/** Name of a topic or group on the broker. */
export const withPrefix = (connection: KafkaConnection, name: string): string =>
  `${connection.topicPrefix ?? ''}${name}`;

/** Name in the contract of a topic on the broker; undefined if it belongs to another installation. */
export function withoutPrefix(connection: KafkaConnection, physical: string): string | undefined {
  const prefix = connection.topicPrefix ?? '';
  return physical.startsWith(prefix) ? physical.slice(prefix.length) : undefined;
}

/** The kafkajs client with every time-out explicit; its own log goes to `debug`, states are reported by our classes. */
export function createClient(
  connection: KafkaConnection,
  settings: { requestTimeoutMs: number; retry: RetryOptions; logger?: KafkaLogger },
): Kafka {
  const config: KafkaConfig = {
    brokers: [...connection.brokers],
    clientId: connection.clientId,
    ssl: typeof connection.ssl === 'object' ? { ca: [connection.ssl.ca] } : (connection.ssl ?? false),
    sasl: connection.sasl,
    connectionTimeout: 3_000,
    authenticationTimeout: settings.requestTimeoutMs,
    requestTimeout: settings.requestTimeoutMs,
    enforceRequestTimeout: true,
    retry: settings.retry,
    logLevel: logLevel.WARN,
    logCreator:
      () =>
      ({ namespace, log: { message, timestamp: _timestamp, ...details } }) =>
        settings.logger?.debug?.(`kafkajs ${namespace}: ${message}`, details),
  };
  return new Kafka(config);
}
