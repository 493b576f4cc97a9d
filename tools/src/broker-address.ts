import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LienmachError } from '@lienmach/contracts';
import { kafkaConnectionFromEnv, type KafkaConnection } from '@lienmach/kafka';
import { SetupError } from './embedded/setup-error.js';

/** KAFKA_BROKERS, else the broker of the stack that runs in DATA_DIR; undefined when neither is known. */
export function knownBrokers(env: NodeJS.ProcessEnv): string | undefined {
  if (env.KAFKA_BROKERS) return env.KAFKA_BROKERS;
  const file = join(env.DATA_DIR || '.data', 'running.json');
  if (!existsSync(file)) return undefined;
  const running = JSON.parse(readFileSync(file, 'utf8')) as { kafka?: { brokers?: string } };
  return running.kafka?.brokers;
}

/** The broker a command works on; one sentence says what to do when there is none. */
export function toolConnection(env: NodeJS.ProcessEnv, clientId: string): KafkaConnection {
  const brokers = knownBrokers(env);
  if (!brokers) throw new SetupError('No broker is known: run "npm start" first, or set KAFKA_BROKERS to host:port.');
  try {
    return kafkaConnectionFromEnv({ ...env, KAFKA_BROKERS: brokers }, clientId);
  } catch (error) {
    throw error instanceof LienmachError ? new SetupError(error.message) : error;
  }
}

/** Runs work on the broker; that it cannot be reached is one sentence, not a stack. */
export async function onBroker<T>(connection: KafkaConnection, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (!(error instanceof Error) || !(error.name.startsWith('KafkaJS') || error instanceof LienmachError)) throw error;
    throw new SetupError(`Kafka at ${connection.brokers.join(',')} did not do it: ${message}`);
  }
}
