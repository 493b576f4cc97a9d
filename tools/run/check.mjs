import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './steps.mjs';

const bin = (root, file) => join(root, 'node_modules', file);

/** Every check with the command that mends it. */
function checks(root) {
  const compiled = (name) => join(root, 'dist', 'tools', 'src', `${name}.js`);
  return [
    {
      name: 'types',
      args: [bin(root, 'typescript/bin/tsc'), '--noEmit', '-p', 'tsconfig.json'],
      mend: 'mend the types named above',
    },
    { name: 'lint', args: [bin(root, 'eslint/bin/eslint.js'), '.'], mend: 'npx eslint --fix .' },
    { name: 'format', args: [bin(root, 'prettier/bin/prettier.cjs'), '--check', '.'], mend: 'npm run format' },
    {
      name: 'import rules',
      args: [
        bin(root, 'dependency-cruiser/bin/dependency-cruise.mjs'),
        '--config',
        '.dependency-cruiser.cjs',
        'apps',
        'libs',
        'tools',
        'test',
      ],
      mend: 'move the import to where .dependency-cruiser.cjs allows it',
    },
    { name: 'generated files', args: [compiled('gen'), '--check'], mend: 'npm run gen' },
    {
      name: 'contract compatibility',
      args: [compiled('contract-check')],
      mend: 'add fields as optional ones, or open a new major version of the schema',
    },
  ];
}

/** Runs all checks, one named line each; a failed one hides none behind it. */
export async function check(root) {
  let failed = 0;
  for (const { name, args, mend } of checks(root)) {
    const found = existsSync(args[0]);
    const { code, output } = found
      ? await run(process.execPath, args, { cwd: root, quiet: true })
      : { code: 1, output: `${args[0]} does not exist` };
    if (code !== 0) {
      failed += 1;
      if (output.trim()) console.log(output.trim());
    }
    console.log(code === 0 ? `${name}: ok` : `${name}: FAILED (${mend})`);
  }
  return failed === 0 ? 0 : 1;
}
