import { parentOf } from './embedded/processes.js';
import { SetupError } from './embedded/setup-error.js';
import { planStart } from './start/plan.js';
import { Stack } from './start/stack.js';

// `npm start`: see docs; a terminal that was closed takes no more lines, which must not keep us from stopping in order
process.stdout.on('error', () => undefined);
const say = (line: string) => console.log(line);

function explain(error: unknown): void {
  if (error instanceof SetupError) console.error(error.message);
  else console.error(error);
}

/**
 * npm passes signals on, but when it is killed nobody would tell us: a stack whose npm is gone stops.
 * Between npm and us there may be a shell, which lives on.
 */
function whenNpmDies(act: () => void): void {
  if (!process.env['npm_lifecycle_event']) return;
  const parents = () => `${process.ppid} ${parentOf(process.ppid)}`;
  const born = parents();
  setInterval(() => parents() !== born && act(), 500).unref();
}

async function main(): Promise<void> {
  const stack = new Stack(planStart(process.env), process.env, say);
  let stopping: Promise<void> | null = null;
  const stop = (reason: string) => {
    if (stopping) return;
    say(`${reason}: stopping …`);
    stopping = stack.stop().then(
      () => say('stopped; the data stays for the next start'),
      (error: unknown) => {
        explain(error);
        process.exitCode = 1;
      },
    );
    void stopping.then(() => process.exit());
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop(signal));
  whenNpmDies(() => stop('npm has ended'));
  try {
    await stack.start();
    say(stack.summary());
  } catch (error) {
    if (stopping) return;
    explain(error);
    process.exitCode = 1;
    await stack.stop();
    process.exit();
  }
}

await main().catch((error: unknown) => {
  explain(error);
  process.exitCode = 1;
});
