import { describe, expect, it } from '@jest/globals';
import { fastify } from 'fastify';
import { DOOR_LIMITS } from './door.server.js';

describe('DOOR_LIMITS', () => {
  // of what load balancers keep a connection
  const idle = 60_000;
  const { server } = fastify(DOOR_LIMITS);

  it('end no connection that a load balancer still counts on', () => {
    const { keepAliveTimeout, timeout, headersTimeout, requestTimeout } = server;
    for (const limit of [keepAliveTimeout, timeout, headersTimeout, requestTimeout])
      expect(limit).toBeGreaterThan(idle);
  });

  it('end one on which a request never becomes whole', () => {
    const { timeout, headersTimeout, requestTimeout } = server;
    for (const limit of [timeout, headersTimeout, requestTimeout]) expect(limit).toBeLessThan(2 * idle);
  });
});
