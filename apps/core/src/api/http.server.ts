import { randomUUID } from 'node:crypto';
import {
  ValidationPipe,
  type ArgumentMetadata,
  type INestApplication,
  type PipeTransform,
  type ValidationError,
} from '@nestjs/common';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { histogram, serveOperations, withCorrelation, type Health, type JsonLogger } from '@lienmach/platform';
import type { FastifyInstance } from 'fastify';
import { Problem, type FieldError } from './problem.js';
import { ProblemFilter } from './problem.filter.js';

const BODY_BYTES = 256 * 1024;
const HEADER_BYTES = 16 * 1024;
/** From the first byte to the last of a request; a slow client holds nobody longer. */
const REQUEST_MS = 15_000;
const KEEP_ALIVE_MS = 65_000;
/** An identifier's value stands in the path. */
const LONGEST_PARAMETER = 1024;

const NDJSON = ['application/x-ndjson', 'application/ndjson', 'application/jsonl'];

const CORRELATION = /^[\w.:-]{8,128}$/;

/** The HTTP host: limits, correlation ids, health and metrics. Controllers come with the modules. */
export function createHttpServer(health: Health): FastifyAdapter {
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_BYTES,
    requestTimeout: REQUEST_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    routerOptions: { maxParamLength: LONGEST_PARAMETER },
    http: { maxHeaderSize: HEADER_BYTES },
    forceCloseConnections: 'idle',
    logger: false,
  });
  const fastify = fastifyOf(adapter);
  fastify.removeContentTypeParser('text/plain');
  correlate(fastify);
  takeEmptyBodies(fastify);
  leaveLinesUnread(fastify);
  measure(fastify);
  serveOperations(fastify, health);
  return adapter;
}

/** Fastify behind Nest's adapter, for routes and hooks that need nothing of Nest. */
export function fastifyOf(adapter: FastifyAdapter): FastifyInstance {
  return adapter.getInstance<FastifyInstance>();
}

/** The client's own id of the request if it sends a decent one, else a new one; in every log line and in the answer. */
function correlate(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, reply, next) => {
    const sent = request.headers['x-correlation-id'];
    const id = typeof sent === 'string' && CORRELATION.test(sent) ? sent : randomUUID();
    void reply.headers({ 'x-correlation-id': id, 'x-content-type-options': 'nosniff' });
    if (!reply.hasHeader('cache-control')) void reply.header('cache-control', 'no-store');
    withCorrelation(id, next);
  });
}

/** Many clients name a content type even where they send nothing; that is no broken JSON. */
function takeEmptyBodies(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, _reply, next) => {
    const { 'content-length': length = '0', 'transfer-encoding': encoding } = request.headers;
    if (length === '0' && encoding === undefined) delete request.headers['content-type'];
    next();
  });
}

/** Lines of JSON may be many: nothing of them is read before it is known who sends them; whoever takes them reads them, as far as he will. */
function leaveLinesUnread(fastify: FastifyInstance): void {
  fastify.addContentTypeParser(NDJSON, (_request, payload, done) => done(null, payload));
}

function measure(fastify: FastifyInstance): void {
  const seconds = histogram('http_request_seconds', 'Time from a request to its answer', ['method', 'route', 'status']);
  fastify.addHook('onResponse', (request, reply, next) => {
    // the route's pattern, never the path: ids and numbers are no labels
    const route = request.routeOptions.url ?? 'none';
    seconds.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1000);
    next();
  });
}

/** How every controller of the API takes its input and tells its errors. */
export function useApiRules(app: INestApplication, logger: JsonLogger): void {
  app.useGlobalFilters(new ProblemFilter(logger));
  app.useGlobalPipes(new InputPipe());
}

/** Checks input against its DTO. A query parameter that nobody knows is refused: it would be a filter that filters nothing. */
class InputPipe implements PipeTransform {
  private readonly body = pipe(false);
  private readonly query = pipe(true);

  transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    return (metadata.type === 'query' ? this.query : this.body).transform(value, metadata);
  }
}

const pipe = (forbidNonWhitelisted: boolean): ValidationPipe =>
  new ValidationPipe({
    whitelist: true,
    forbidNonWhitelisted,
    transform: true,
    stopAtFirstError: true,
    exceptionFactory: (errors) => Problem.invalid(errors.flatMap((error) => fieldErrors(error, ''))),
  });

function fieldErrors(error: ValidationError, path: string): FieldError[] {
  const field = path + error.property;
  const own = Object.values(error.constraints ?? {}).map((detail) => ({
    field,
    detail: detail.startsWith(`${error.property} `) ? detail.slice(error.property.length + 1) : detail,
  }));
  return [...own, ...(error.children ?? []).flatMap((child) => fieldErrors(child, `${field}.`))];
}
