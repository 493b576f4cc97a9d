import { cpSync, existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { findBreaks } from './contract/compatibility.js';
import { DOCUMENTS } from './contract/generated-files.js';
import type { JsonSchema } from './contract/json-schema.js';
import { projectRoot } from './embedded/project-root.js';

/**
 * Compares the generated schemas with the last released ones and names each field that a consumer could not live with.
 * With `--release` the present schemas become the released ones, if nothing breaks.
 */
const RELEASED = 'libs/contracts/released';

function schemasIn(folder: string): Record<string, JsonSchema> {
  if (!existsSync(folder)) return {};
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return Object.fromEntries(
    files.map((name) => [
      name.slice(0, -'.json'.length),
      JSON.parse(readFileSync(join(folder, name), 'utf8')) as JsonSchema,
    ]),
  );
}

const current = join(projectRoot, DOCUMENTS, 'schemas');
const released = join(projectRoot, RELEASED);
const breaks = findBreaks(schemasIn(released), schemasIn(current));

for (const { family, field, what } of breaks) console.log(`${family}: ${field ? `${field} ` : ''}${what}`);
if (breaks.length > 0) process.exitCode = 1;
else if (process.argv.includes('--release')) {
  rmSync(released, { recursive: true, force: true });
  cpSync(current, released, { recursive: true });
  console.log(`${Object.keys(schemasIn(released)).length} schemas released`);
}
