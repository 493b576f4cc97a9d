import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { normaliseEmail } from './email.js';

describe('normaliseEmail', () => {
  it.each([
    ['an@example.com', 'an@example.com'],
    [' An.Nguyen@Example.COM ', 'An.Nguyen@example.com'],
    ['mailto:an@example.com', 'an@example.com'],
    ['an.n.g+shop@mail.example.vn', 'an.n.g+shop@mail.example.vn'],
    ["o'brien@example.com", "o'brien@example.com"],
    ['an@Bücher.example', 'an@xn--bcher-kva.example'],
  ])('reads %s as %s', (text, value) => {
    expect(normaliseEmail(text)).toBe(value);
  });

  it.each([
    '',
    'an',
    '@example.com',
    'an@',
    'an@localhost',
    'an@example.1',
    'an@-x.com',
    'an nguyen@example.com',
    '.an@example.com',
    'an..n@example.com',
    'an.@example.com',
    `${'a'.repeat(65)}@example.com`,
    `an@${'a.'.repeat(130)}com`,
    'an@exa mple.com',
  ])('refuses %s', (text) => {
    expect(normaliseEmail(text)).toBeNull();
  });

  it('never throws, and a value gives itself', () => {
    const address = fc.oneof(
      fc.emailAddress(),
      fc.string({ unit: 'binary' }),
      fc.string().map((text) => `${text}@example.com`),
    );
    fc.assert(
      fc.property(address, (text) => {
        const email = normaliseEmail(text);
        if (email !== null) expect(normaliseEmail(email)).toBe(email);
      }),
      { numRuns: 1000 },
    );
  });
});
