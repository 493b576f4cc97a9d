import { describe, expect, it } from '@jest/globals';
import { changedFields, merged, parted, problemsOf } from './account-settings.rules.js';

const schema = {
  type: 'object',
  properties: {
    secret: { type: 'string', minLength: 1, errorMessage: 'secret must be set: the PBX signs with it' },
    numbers: { type: 'array', items: { type: 'string' }, errorMessage: 'numbers must be a list of numbers' },
    server: { $ref: '#/definitions/Server', errorMessage: 'server must be set' },
    port: { type: 'integer' },
  },
  required: ['secret', 'port'],
  additionalProperties: false,
  definitions: {
    Server: {
      type: 'object',
      properties: { host: { type: 'string' }, port: { type: 'integer' } },
      required: ['host'],
      additionalProperties: false,
    },
  },
};

describe('problemsOf', () => {
  it('finds nothing wrong with what fits', () => {
    expect(problemsOf(schema, { secret: 's', port: 1, numbers: ['1'], server: { host: 'h' } })).toEqual([]);
  });

  it.each([
    [{ port: 1 }, 'secret', 'must be set: the PBX signs with it'],
    [{ secret: '', port: 1 }, 'secret', 'must be set: the PBX signs with it'],
    [{ secret: 's' }, 'port', 'must be set'],
    [{ secret: 's', port: 'x' }, 'port', 'must be integer'],
    [{ secret: 's', port: 1, numbers: ['1', 2] }, 'numbers.1', 'must be a list of numbers'],
    [{ secret: 's', port: 1, server: 'h' }, 'server', 'must be set'],
    [{ secret: 's', port: 1, server: {} }, 'server.host', 'must be set'],
    [{ secret: 's', port: 1, server: { host: 'h', port: 'x' } }, 'server.port', 'must be integer'],
    [{ secret: 's', port: 1, server: { host: 'h', tls: true } }, 'server.tls', 'unknown'],
    [{ secret: 's', port: 1, colour: 1 }, 'colour', 'unknown, expected some of numbers, port, secret, server'],
  ])('says what is wrong with %j', (settings, field, detail) => {
    expect(problemsOf(schema, settings)).toEqual([{ field, detail }]);
  });

  it('tells everything at once, each field once', () => {
    expect(problemsOf(schema, { numbers: 1, port: 0.5 }).map(({ field }) => field)).toEqual([
      'secret',
      'numbers',
      'port',
    ]);
  });
});

describe('settings', () => {
  it('keep what a change does not name and lose what it says is null', () => {
    expect(merged({ a: 1, b: 2, c: 3 }, { b: null, c: 4, d: 5 })).toEqual({ a: 1, c: 4, d: 5 });
  });

  it('differ by their values', () => {
    expect(changedFields({ a: [1], b: 2, c: 3 }, { a: [1], b: 3, d: 4 })).toEqual(['b', 'c', 'd']);
  });

  it('are parted by what may be shown', () => {
    expect(parted({ a: 1, b: 2 }, ['b', 'c'])).toEqual({ open: { a: 1 }, secret: { b: 2 } });
  });
});
