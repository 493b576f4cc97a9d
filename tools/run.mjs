#!/usr/bin/env node
// The one entry of every npm script: node tools/run.mjs <command> [arguments]
// Installs and builds what is missing, then runs the command. Plain Node, because it runs before anything is installed.
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ensureBuilt } from './run/build.mjs';
import { check } from './run/check.mjs';
import { ensureInstalled } from './run/install.mjs';
import { test } from './run/test.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const lowestNode = [20, 19];

function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < lowestNode[0] || (major === lowestNode[0] && minor < lowestNode[1])) {
    throw new Error(`Node ${process.versions.node} is too old: install Node ${lowestNode.join('.')} or newer.`);
  }
}

/** Runs a compiled command inside this process, so that a signal to the one reaches the other. */
async function runCompiled(command, args) {
  const file = join(root, 'dist', 'tools', 'src', `${command}.js`);
  if (!/^[a-z][a-z-]*$/.test(command) || !existsSync(file)) {
    throw new Error(`There is no command "${command}": see the scripts in package.json.`);
  }
  process.setSourceMapsEnabled(true);
  process.argv = [process.argv[0], file, ...args];
  await import(pathToFileURL(file).href);
}

async function main([command, ...args]) {
  if (!command) throw new Error('Say which command to run: node tools/run.mjs <command>; package.json lists them.');
  requireNode();
  await ensureInstalled(root);
  await ensureBuilt(root);
  if (command === 'test') process.exitCode = await test(root, args);
  else if (command === 'check') process.exitCode = await check(root);
  else if (command !== 'build') await runCompiled(command, args);
}

main(process.argv.slice(2)).catch((error) => {
  // a mistake of the machine's set-up is one sentence; a mistake of ours needs its stack
  console.error(error.expected || error.constructor === Error ? error.message : error);
  process.exitCode = 1;
});
