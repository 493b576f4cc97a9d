import { describe, expect, it } from '@jest/globals';
import { NotFoundException } from '@nestjs/common';
import { Problem } from './problem.js';
import { problemOf } from './problem.filter.js';

const withCode = (code: string, message = 'x') => Object.assign(new Error(message), { code });

describe('any error as a problem', () => {
  it.each([
    ['a problem stays what it is', Problem.forbidden('no'), 403],
    ["Nest's own for an unknown route", new NotFoundException('Cannot GET /x'), 404],
    ['a body that is too large', Object.assign(new Error('too large'), { statusCode: 413 }), 413],
    ['PostgreSQL is not there', withCode('ECONNREFUSED'), 503],
    ['PostgreSQL shuts down', withCode('57P01'), 503],
    ['a statement took too long', withCode('57014'), 503],
    ['the connection broke', new Error('Connection terminated unexpectedly'), 503],
    ['an error within an error', Object.assign(new Error('query failed'), { driverError: withCode('08006') }), 503],
    ['every address of the host refused', new AggregateError([withCode('ECONNREFUSED')]), 503],
    ['a mistake of ours', new TypeError('undefined is not a function'), 500],
    ['a constraint that we broke', withCode('23505'), 500],
    ['something that is no error', 'oops', 500],
  ])('%s', (_what, error, status) => {
    expect(problemOf(error).status).toBe(status);
  });

  it('tells the client nothing of a mistake of ours', () => {
    const { detail, title } = problemOf(new Error('duplicate key value (phone)=(+84900000123)'));

    expect(detail + title).not.toContain('84900000123');
  });
});
