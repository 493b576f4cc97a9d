import { spawn } from 'node:child_process';

/** Runs a step and says so in one line if it takes longer than a second. */
export async function step(name, work) {
  const timer = setTimeout(() => console.log(`${name} …`), 1000);
  try {
    return await work();
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Runs a program to its end. With `quiet` its output is collected instead of shown.
 * @returns {Promise<{code: number, output: string}>} code 128 + n after signal n is not told apart: any failure is non-zero
 */
export function run(command, args, { cwd, quiet = false, env = process.env } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env,
      stdio: quiet ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
    });
    const chunks = [];
    child.stdout?.on('data', (chunk) => chunks.push(chunk));
    child.stderr?.on('data', (chunk) => chunks.push(chunk));
    // the terminal sends Ctrl-C to the child as well; a signal to us alone is handed on, and we end after it
    const forward = (signal) => child.kill(signal);
    process.on('SIGINT', forward).on('SIGTERM', forward);
    const done = () => process.off('SIGINT', forward).off('SIGTERM', forward);
    child.once('error', (error) => {
      done();
      reject(error);
    });
    child.once('close', (code) => {
      done();
      resolve({ code: code ?? 1, output: Buffer.concat(chunks).toString('utf8') });
    });
  });
}
