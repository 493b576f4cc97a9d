import { describe, expect, it } from '@jest/globals';
import { databaseSettings } from './database-address.js';

const DATABASE_URL = 'postgres://lienmach@host/lienmach';

describe('the database of a command', () => {
  it('is that of the environment, with the key that core runs with', () => {
    const SECRETS_KEY = Buffer.alloc(32, 7).toString('base64');
    expect(databaseSettings({ DATABASE_URL, SECRETS_KEY })).toEqual({
      databaseUrl: DATABASE_URL,
      secretsKey: Buffer.alloc(32, 7),
    });
  });

  it.each(['', 'c2hvcnQ='])('needs the whole key, and has none of another stack: %s', (SECRETS_KEY) => {
    expect(() => databaseSettings({ DATABASE_URL, SECRETS_KEY })).toThrow(/SECRETS_KEY is not known/);
  });
});
