import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fastify, { type FastifyInstance } from 'fastify';
import { Health } from './health.js';
import { counter } from './metrics.js';
import { serveOperations } from './operations.js';

describe('serveOperations', () => {
  let app: FastifyInstance;
  let well = true;

  beforeEach(() => {
    app = fastify();
    const health = new Health();
    health.add('ready', 'broker', () => {
      if (!well) throw new Error('not connected');
    });
    serveOperations(app, health);
  });

  afterEach(() => app.close());

  it('answers 200 and 503 with the checks', async () => {
    well = true;
    expect((await app.inject('/health/ready')).statusCode).toBe(200);
    well = false;
    const response = await app.inject('/health/ready');
    expect(response.statusCode).toBe(503);
    expect(response.json()).toMatchObject({ checks: { broker: { status: 'failed' } } });
    expect((await app.inject('/health/live')).statusCode).toBe(200);
  });

  it('shows metrics in the text format, a counter of one name being one counter', async () => {
    counter('lienmach_test_total', 'Test.', ['kind']).inc({ kind: 'a' });
    counter('lienmach_test_total', 'Test.', ['kind']).inc({ kind: 'a' });
    const response = await app.inject('/metrics');
    expect(response.headers['content-type']).toContain('text/plain');
    expect(response.body).toContain('lienmach_test_total{kind="a"} 2');
  });
});
