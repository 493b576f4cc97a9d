import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './project-root.js';
import { explainFileError, SetupError } from './setup-error.js';

const home = join(projectRoot, 'tools', 'kafka');
const pom = join(home, 'pom.xml');
const jars = join(home, 'jars');
const stampName = '.pom-sha256';

export const log4jSettings = join(home, 'log4j2.properties');

const isCurrent = (folder: string, hash: string) =>
  existsSync(join(folder, stampName)) && readFileSync(join(folder, stampName), 'utf8') === hash;

function maven(target: string): Promise<{ code: number; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn('mvn', ['-q', '-B', '-f', pom, 'dependency:copy-dependencies', `-Djars=${target}`], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? 1, output: Buffer.concat(chunks).toString('utf8') }));
  });
}

/** The folder of the broker's jars; Maven brings them once, and again when the pom has changed. */
export async function ensureKafkaJars(say: (line: string) => void): Promise<string> {
  const hash = createHash('sha256').update(readFileSync(pom)).digest('hex');
  if (isCurrent(jars, hash)) return jars;
  say('fetching the Kafka broker with Maven (once) …');
  let target: string;
  try {
    target = mkdtempSync(`${jars}-`); // moved into place when whole: two starters may fetch at once
  } catch (error) {
    throw explainFileError(error, home);
  }
  try {
    const { code, output } = await maven(target);
    if (code !== 0)
      throw new SetupError(
        `${output.trim()}\nMaven could not fetch the Kafka broker: mend what it says above, then start again.`,
      );
    writeFileSync(join(target, stampName), hash);
    if (existsSync(jars) && !isCurrent(jars, hash)) renameSync(jars, join(target, 'outdated'));
    try {
      renameSync(target, jars);
      rmSync(join(jars, 'outdated'), { recursive: true, force: true });
    } catch (error) {
      if (!isCurrent(jars, hash)) throw error;
    }
    return jars;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      throw new SetupError(
        'Maven is missing: install it, it fetches the embedded Kafka once, or set KAFKA_BROKERS to a Kafka of your own.',
      );
    }
    throw error;
  } finally {
    rmSync(target, { recursive: true, force: true });
  }
}
