import type { IncomingMessage, Server } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest, FastifyHttpOptions } from 'fastify';
import type { DoorAnswer, DoorRequest } from './channel.js';
import type { DoorHandler } from './door-handler.js';

const MIB = 1024 * 1024;
const EMPTY = Buffer.alloc(0);

/** Limits of every door: nobody outside holds a connection, a header or a path for long. */
export const DOOR_LIMITS = {
  bodyLimit: MIB,
  connectionTimeout: 30_000,
  requestTimeout: 15_000,
  keepAliveTimeout: 65_000,
  http: { maxHeaderSize: 16 * 1024, headersTimeout: 10_000 },
  routerOptions: { maxParamLength: 512 },
  logger: false,
} as const satisfies FastifyHttpOptions<Server>;

class HttpDoorRequest implements DoorRequest {
  private parsed: URLSearchParams | undefined;

  constructor(
    private readonly raw: IncomingMessage,
    readonly body: Buffer,
    readonly publicUrl: string,
  ) {}

  get method(): 'GET' | 'POST' {
    return this.raw.method as 'GET' | 'POST';
  }

  get target(): string {
    return this.raw.url ?? '/';
  }

  get headers(): Readonly<Record<string, string | undefined>> {
    // node joins what is repeated; only set-cookie, which no vendor sends, is a list
    return this.raw.headers as Record<string, string | undefined>;
  }

  get query(): URLSearchParams {
    if (!this.parsed) {
      const at = this.target.indexOf('?');
      this.parsed = new URLSearchParams(at < 0 ? '' : this.target.slice(at + 1));
    }
    return this.parsed;
  }
}

type AnyHandler = Pick<DoorHandler<never>, 'handle' | 'door'>;

/**
 * Puts the doors on a Fastify instance as raw routes: bytes in, bytes out, no pipe, no serialiser.
 * @param publicUrl address that vendors see, without a slash at the end
 */
export function serveDoors(fastify: FastifyInstance, handlers: readonly AnyHandler[], publicUrl: string): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  for (const path of new Set(handlers.map(({ door }) => door.path))) {
    const doors = handlers.filter(({ door }) => door.path === path);
    const bodyLimit = Math.max(...doors.map(({ door }) => door.maxBodyBytes ?? MIB));
    const of = (method: string) => doors.find(({ door }) => door.methods.some((each) => each === method)) ?? doors[0]!;
    fastify.all(path, { bodyLimit, exposeHeadRoute: false, errorHandler: refuse }, async (request, reply) => {
      const body = Buffer.isBuffer(request.body) ? request.body : EMPTY;
      const incoming = new HttpDoorRequest(request.raw, body, publicUrl);
      write(reply, await of(incoming.method).handle(incoming, request.params as { account?: string; secret?: string }));
    });
  }
}

const EMPTY_HEAD = { 'content-length': 0 };

/** Straight to the socket: Fastify's own way back serialises and hooks, which nobody needs here. */
function write(reply: FastifyReply, { status, contentType, body, headers }: DoorAnswer): void {
  reply.hijack();
  if (body === undefined && headers === undefined) {
    reply.raw.writeHead(status, EMPTY_HEAD).end();
    return;
  }
  const head: Record<string, string | number> = { ...headers, 'content-length': Buffer.byteLength(body ?? '') };
  if (contentType) head['content-type'] = contentType;
  reply.raw.writeHead(status, head).end(body);
}

/** What Fastify refuses by itself: a body over the limit (413), one that breaks off or does not fit its length (400). */
function refuse(error: Error & { statusCode?: number }, request: FastifyRequest, reply: FastifyReply): void {
  void request;
  const status = error.statusCode ?? 500;
  void reply
    .code(status)
    .type('text/plain; charset=utf-8')
    .send(`${status < 500 ? error.message : 'something went wrong here'}\n`);
}
