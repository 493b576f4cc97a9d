import { JsonLogger } from './logger.js';
import { startMetrics } from './metrics.js';
import type { InvalidConfiguration } from './settings.js';
import { LOG_LEVELS, type LogLevel } from './process.config.js';
import { Shutdown } from './shutdown.js';
import { Health } from './health.js';

/** What every process has from its first moment. */
export interface ProcessContext {
  readonly name: string;
  readonly logger: JsonLogger;
  readonly health: Health;
  readonly shutdown: Shutdown;
}

/**
 * The frame of a `main.ts`: logger, metrics, health, shutdown on signals, and an end with code 1 on anything that nobody caught.
 * Wrong settings are told by one sentence each on stderr, without a stack.
 */
export async function runProcess(name: string, main: (context: ProcessContext) => Promise<void>): Promise<void> {
  const wanted = process.env['LOG_LEVEL'] as LogLevel | undefined;
  const logger = JsonLogger.create({ name, level: wanted && LOG_LEVELS.includes(wanted) ? wanted : 'info' });
  const die = (error: unknown) => {
    if (error instanceof Error && (error as Partial<InvalidConfiguration>).code === 'invalid-configuration') {
      process.stderr.write(error.message.replace(/^/gm, `${name}: `) + '\n');
    } else {
      logger.fatal('unexpected error, the process ends', error instanceof Error ? error : new Error(String(error)));
    }
    process.exit(1);
  };
  process.on('uncaughtException', die);
  process.on('unhandledRejection', die);
  startMetrics(name);
  const shutdown = new Shutdown(logger);
  shutdown.listen();
  try {
    await main({ name, logger, health: new Health(), shutdown });
  } catch (error) {
    die(error);
  }
}
