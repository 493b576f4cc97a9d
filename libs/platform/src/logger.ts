import type { LoggerService } from '@nestjs/common';
import { pino, type DestinationStream, type Logger as Pino } from 'pino';
import { correlationId } from './correlation.js';
import { mask, maskText } from './masking.js';
import type { LogLevel } from './process.config.js';

type Level = Exclude<LogLevel, 'silent'>;

/**
 * Structured JSON lines on stdout, personal data and secrets masked, with the correlation id of the running work.
 * Usable as Nest's logger and by itself: `logger.log('batch written', { rows: 500 })`, `logger.error('send failed', error, { topic })`.
 * What follows the message: objects are merged into the line, an Error becomes `err`, a last string is Nest's context.
 */
export class JsonLogger implements LoggerService {
  private constructor(private readonly pino: Pino) {}

  /** @param stream where to write instead of stdout */
  static create(options: { name: string; level?: LogLevel }, stream?: DestinationStream): JsonLogger {
    const settings = {
      level: options.level ?? 'info',
      base: { process: options.name, pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      messageKey: 'message',
      formatters: { level: (label: string) => ({ level: label }) },
    };
    return new JsonLogger(stream ? pino(settings, stream) : pino(settings));
  }

  log(message: unknown, ...rest: unknown[]): void {
    this.write('info', message, rest);
  }

  /** The same as `log`, for libraries that know no Nest. */
  info(message: unknown, ...rest: unknown[]): void {
    this.write('info', message, rest);
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.write('warn', message, rest);
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.write('error', message, rest);
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.write('fatal', message, rest);
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.write('trace', message, rest);
  }

  private write(level: Level, message: unknown, rest: readonly unknown[]): void {
    if (!this.pino.isLevelEnabled(level)) return;
    const line: Record<string, unknown> = {};
    const correlation = correlationId();
    if (correlation) line['correlation'] = correlation;
    let text = typeof message === 'string' ? maskText(message) : '';
    for (const part of typeof message === 'string' ? rest : [message, ...rest]) {
      if (part instanceof Error) {
        line['err'] = mask(part);
        text ||= maskText(part.message);
      } else if (typeof part === 'string') {
        // Nest hands a stack before the context
        line[part.includes('\n') ? 'stack' : 'context'] = maskText(part);
      } else if (typeof part === 'object' && part !== null) {
        Object.assign(line, mask(part));
      }
    }
    this.pino[level](line, text);
  }
}
