import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { SetupError } from './setup-error.js';

export interface Java {
  command: string;
  /** As printed by `java -version`: 17.0.15 */
  version: string;
}

const oldest = 17;
const elsewhere = 'or set KAFKA_BROKERS to a Kafka of your own';

/** The version in the words of `java -version`, which differ by vendor in all but the quotes. */
export function parseJavaVersion(output: string): string | null {
  return /version "([^"]+)"/.exec(output)?.[1] ?? null;
}

/** 17 of 17.0.15, 8 of 1.8.0_392. */
export function majorOf(version: string): number {
  const [first, second] = version.split(/[._+-]/).map(Number);
  return (first === 1 ? second : first) ?? 0;
}

/** Finds the Java runtime (JAVA_HOME, else the path). */
export function findJava(env: NodeJS.ProcessEnv = process.env): Java {
  const command = env['JAVA_HOME'] ? join(env['JAVA_HOME'], 'bin', 'java') : 'java';
  const { error, stderr } = spawnSync(command, ['-version'], { encoding: 'utf8', env });
  const version = error ? null : parseJavaVersion(stderr);
  if (version === null) {
    const where = env['JAVA_HOME'] ? ` (JAVA_HOME is ${env['JAVA_HOME']})` : '';
    throw new SetupError(
      `Java is missing${where}: install a Java runtime ${oldest} or newer for the embedded Kafka, ${elsewhere}.`,
    );
  }
  if (majorOf(version) < oldest) {
    throw new SetupError(
      `Java ${version} is too old: install a Java runtime ${oldest} or newer for the embedded Kafka, ${elsewhere}.`,
    );
  }
  return { command, version };
}
