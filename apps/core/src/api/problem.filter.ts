import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter, type LoggerService } from '@nestjs/common';
import { correlationId } from '@lienmach/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from './problem.js';

/** PostgreSQL is away, going, full, or took too long: SQLSTATE classes and codes of Node's sockets. */
const PASSING =
  /^(08...|57P0[1-5]|57014|53...|55P03|40001|40P01|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN)$/;
const LOST = /Connection terminated|timeout exceeded when trying to connect|Query read timeout|Client has encountered/;

function isPassing(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, driverError } = error as { code?: unknown; driverError?: unknown };
  return (
    (typeof code === 'string' && PASSING.test(code)) ||
    LOST.test(error.message) ||
    (driverError !== undefined && driverError !== error && isPassing(driverError)) ||
    (error instanceof AggregateError && error.errors.some(isPassing))
  );
}

/** Any error as the problem that the client is told of. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof HttpException) return Problem.ofStatus(error.getStatus(), error.message);
  if (isPassing(error)) return Problem.unavailable('The database does not answer just now', error);
  const { statusCode, message } = (error ?? {}) as { statusCode?: unknown; message?: unknown };
  // what Fastify refuses before any of our code runs
  if (typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500) {
    return Problem.ofStatus(statusCode, String(message));
  }
  return Problem.internal(error);
}

@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly logger: LoggerService) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const problem = problemOf(error);
    if (problem.status >= 500) {
      const cause = problem.cause ?? problem;
      this.logger.error(
        'request failed',
        cause instanceof Error ? cause : new Error('something other than an error was thrown', { cause }),
        {
          method: request.method,
          route: request.routeOptions?.url,
          status: problem.status,
        },
      );
    }
    const { errors, extra, retryAfterSeconds } = problem.options;
    if (problem.status === 401) void reply.header('www-authenticate', 'Bearer');
    if (retryAfterSeconds !== undefined) void reply.header('retry-after', retryAfterSeconds);
    void reply
      .code(problem.status)
      .type('application/problem+json; charset=utf-8')
      .send({
        type: problem.type,
        title: problem.title,
        status: problem.status,
        detail: problem.detail,
        instance: request.url.split('?')[0],
        correlationId: correlationId(),
        ...(errors && { errors }),
        ...extra,
      });
  }
}
