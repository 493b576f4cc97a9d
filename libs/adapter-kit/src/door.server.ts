import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import type { LoggerService } from '@nestjs/common';
import type { FastifyHttpOptions, FastifyInstance } from 'fastify';
import type { DoorAnswer, DoorRequest } from './channel.js';
import type { DoorHandler } from './door-handler.js';
import { DoorRouter } from './door-router.js';

const MIB = 1024 * 1024;
const EMPTY = Buffer.alloc(0);

/**
 * Load balancers keep idle connections for 60 s and end them themselves: a server that does so sooner ends one now and then on which a request is under way.
 * Node counts the time for a head and for a whole request from the opening of a connection, used or not.
 */
const PATIENCE = 65_000;

/** Limits of every door: nobody outside holds a connection, a header or a path for long. */
export const DOOR_LIMITS = {
  connectionTimeout: PATIENCE,
  requestTimeout: PATIENCE,
  keepAliveTimeout: PATIENCE,
  http: { maxHeaderSize: 16 * 1024, headersTimeout: PATIENCE, connectionsCheckingInterval: 5_000 },
  logger: false,
} as const satisfies FastifyHttpOptions<Server>;

type AnyHandler = Pick<DoorHandler<never>, 'handle' | 'door'>;

class HttpDoorRequest implements DoorRequest {
  private parsed: URLSearchParams | undefined;
  readonly method: 'GET' | 'POST';
  readonly target: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly receivedAt = Date.now();

  constructor(
    raw: IncomingMessage,
    readonly body: Buffer,
    readonly publicUrl: string,
  ) {
    // any other method is answered before anybody looks at it
    this.method = raw.method as 'GET' | 'POST';
    this.target = raw.url ?? '/';
    // node joins what is repeated; only set-cookie, which no vendor sends, is a list
    this.headers = raw.headers as Record<string, string | undefined>;
  }

  get query(): URLSearchParams {
    if (!this.parsed) {
      const at = this.target.indexOf('?');
      this.parsed = new URLSearchParams(at < 0 ? '' : this.target.slice(at + 1));
    }
    return this.parsed;
  }
}

const refusal = (status: number, sentence: string): DoorAnswer => ({
  status,
  contentType: 'text/plain; charset=utf-8',
  body: `${sentence}\n`,
});
const TOO_LARGE = refusal(413, 'the body is too large');
const BAD_PATH = refusal(400, 'the path is not readable');
const FAILED = refusal(500, 'something went wrong here');

/**
 * Puts the doors before everything else on the server of a Fastify instance: bytes in, bytes out. Fastify's own way (routing, parsing, hooks) costs as
 * much as a signature, so that it serves only what is not hot: health and metrics.
 * @param publicUrl address that vendors see, without a slash at the end
 */
export function serveDoors(
  fastify: FastifyInstance,
  handlers: readonly AnyHandler[],
  publicUrl: string,
  logger: LoggerService,
): void {
  // no other path takes a body: what comes to one is not even looked at before the 404
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', (_request, body, done) => {
    body.resume();
    done(null);
  });
  const { server } = fastify;
  const router = new DoorRouter(handlers);
  const others = server.listeners('request') as RequestListener[];
  server.removeAllListeners('request');
  server.on('request', (request, response) => {
    const route = router.find(request.url ?? '/', request.method ?? '');
    if (!route) return others.forEach((listener) => listener(request, response));
    // a closing server gives its last answers and no further request is to come by the same connection
    const finish = (answer: DoorAnswer): void => write(response, answer, !server.listening);
    if (route === 'unreadable') return refuse(response, BAD_PATH);
    read(request, route.handler.door.maxBodyBytes ?? MIB, (body) => {
      if (!body) return refuse(response, TOO_LARGE);
      route.handler.handle(new HttpDoorRequest(request, body, publicUrl), route.params).then(finish, (error: Error) => {
        logger.error('a door failed', error, { door: route.handler.door.path });
        finish(FAILED);
      });
    });
  });
}

/** Calls back once with the whole body, or with nothing when it exceeds the limit; never when the sender goes away. */
function read(request: IncomingMessage, limit: number, done: (body: Buffer | undefined) => void): void {
  if (Number(request.headers['content-length'] ?? 0) > limit) return done(undefined);
  let first: Buffer | undefined;
  let chunks: Buffer[] | undefined;
  let size = 0;
  request.on('data', (chunk: Buffer) => {
    const before = size;
    size += chunk.length;
    if (size > limit) {
      if (before <= limit) done(undefined);
    } else if (!first) first = chunk;
    else (chunks ??= [first]).push(chunk);
  });
  request.on('end', () => {
    if (size <= limit) done(chunks ? Buffer.concat(chunks, size) : (first ?? EMPTY));
  });
  // a sender that breaks off gets no answer; node has closed the connection
  request.on('error', () => undefined);
}

const EMPTY_HEAD = { 'content-length': 0 };

function write(response: ServerResponse, { status, contentType, body, headers }: DoorAnswer, last: boolean): void {
  if (body === undefined && headers === undefined && !last) {
    response.writeHead(status, EMPTY_HEAD).end();
    return;
  }
  const head: Record<string, string | number> = { ...headers, 'content-length': Buffer.byteLength(body ?? '') };
  if (contentType) head['content-type'] = contentType;
  if (last) head['connection'] = 'close';
  response.writeHead(status, head).end(body);
}

/** The rest of such a request is not read: the connection ends with the answer. */
function refuse(response: ServerResponse, answer: DoorAnswer): void {
  write(response, answer, true);
}
