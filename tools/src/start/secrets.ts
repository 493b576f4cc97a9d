import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SetupError } from '../embedded/setup-error.js';

/** Secrets by the name of their setting. */
export type Secrets = Record<string, string>;

/** Names of the `${REFERENCES}` in an accounts file. */
export function referencesIn(text: string): string[] {
  const uncommented = text.replace(/^\s*#.*$/gm, '');
  return [...new Set([...uncommented.matchAll(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g)].map(([, name]) => name as string))];
}

/** A new secret in the form that its setting wants: SECRETS_KEY is 32 bytes in base64. */
const make = (name: string) => randomBytes(32).toString(name === 'SECRETS_KEY' ? 'base64' : 'hex');

function read(file: string): Secrets {
  if (!existsSync(file)) return {};
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Secrets;
  } catch (cause) {
    throw new SetupError(
      `${file} cannot be read: bring back its last good copy, for what is stored with its SECRETS_KEY needs it, or remove the folder to begin anew.`,
      { cause },
    );
  }
}

/**
 * The secrets of the embedded mode, by name: each is made once and kept in `secrets.json` (mode 600) of the data folder.
 * @param given names that the environment sets: not made and not kept
 */
export function keepSecrets(dataDir: string, names: string[], given: NodeJS.ProcessEnv): Secrets {
  const file = join(dataDir, 'secrets.json');
  const kept = read(file);
  const wanted = names.filter((name) => !given[name]);
  const missing = wanted.filter((name) => !kept[name]);
  if (missing.length > 0) {
    for (const name of missing) kept[name] = make(name);
    writeFileSync(`${file}.new`, `${JSON.stringify(kept, null, 2)}\n`, { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }
  return Object.fromEntries(wanted.map((name) => [name, kept[name] as string]));
}
