import { describe, expect, it } from '@jest/globals';
import { withCorrelation } from './correlation.js';
import { JsonLogger } from './logger.js';

function recording(level: 'info' | 'error' = 'info') {
  const lines: Record<string, unknown>[] = [];
  const write = (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>);
  return { lines, logger: JsonLogger.create({ name: 'adapter-facebook', level }, { write }) };
}

describe('JsonLogger', () => {
  it('writes one JSON line with fields, masked', () => {
    const { lines, logger } = recording();
    logger.log('call from 0900000123', { hotline: '1900000001', token: 'x', rows: 3 }, 'Door');
    expect(lines).toEqual([
      expect.objectContaining({
        level: 'info',
        process: 'adapter-facebook',
        message: 'call from ***123',
        token: '[hidden]',
        rows: 3,
        context: 'Door',
      }),
    ]);
  });

  it("takes Nest's way of logging an error: message, stack, context", () => {
    const { lines, logger } = recording();
    logger.error('broken', 'Error: x\n  at y', 'ExceptionsHandler');
    expect(lines[0]).toMatchObject({
      level: 'error',
      message: 'broken',
      stack: 'Error: x\n  at y',
      context: 'ExceptionsHandler',
    });
  });

  it('tells an error apart from fields', () => {
    const { lines, logger } = recording();
    logger.warn('send failed', new RangeError('too large'), { topic: 't' });
    logger.error(new Error('alone'));
    expect(lines[0]).toMatchObject({ message: 'send failed', topic: 't', err: { name: 'RangeError' } });
    expect(lines[1]).toMatchObject({ message: 'alone', err: { message: 'alone' } });
  });

  it('carries the correlation id through awaits, and only there', async () => {
    const { lines, logger } = recording();
    await withCorrelation('c-1', async () => {
      await Promise.resolve();
      logger.log('inside');
    });
    logger.log('outside');
    expect(lines[0]).toHaveProperty('correlation', 'c-1');
    expect(lines[1]).not.toHaveProperty('correlation');
  });

  it('stays silent below its level', () => {
    const { lines, logger } = recording('error');
    logger.warn('hidden');
    expect(lines).toHaveLength(0);
  });
});
