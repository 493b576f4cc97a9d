import type { FastifyInstance } from 'fastify';
import type { Health } from './health.js';
import { metrics } from './metrics.js';

/** Serves `/health/live`, `/health/ready` (200 or 503, JSON of the checks) and `/metrics` on a Fastify instance. */
export function serveOperations(fastify: FastifyInstance, health: Health): void {
  for (const kind of ['live', 'ready'] as const) {
    fastify.get(`/health/${kind}`, { logLevel: 'silent' }, async (_request, reply) => {
      const { status, body } = await health.answer(kind);
      return reply.code(status).header('cache-control', 'no-store').send(body);
    });
  }
  fastify.get('/metrics', { logLevel: 'silent' }, async (_request, reply) =>
    reply.type(metrics.contentType).send(await metrics.metrics()),
  );
}
