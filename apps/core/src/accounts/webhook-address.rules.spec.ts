import { describe, expect, it } from '@jest/globals';
import { hasPathSecret, webhookAddresses } from './webhook-address.rules.js';

const doors = ['/hooks/fixed', '/hooks/:account', '/hooks/:account/status', '/hooks/by/:secret', '/verifier:file'];
const account = { id: '+84 900/1', secret: { secret: 's/1', other: 'x' } };

describe('webhookAddresses', () => {
  it('are the doors at their public address, with the account in them', () => {
    expect(webhookAddresses({ doors, publicUrl: 'https://hooks.example.com/in' }, account, true)).toEqual([
      'https://hooks.example.com/in/hooks/fixed',
      'https://hooks.example.com/in/hooks/%2B84%20900%2F1',
      'https://hooks.example.com/in/hooks/%2B84%20900%2F1/status',
      'https://hooks.example.com/in/hooks/by/s%2F1',
    ]);
  });

  it('hide the secret from whom it is not for', () => {
    const [address] = webhookAddresses(
      { doors: ['/hooks/by/:secret'], publicUrl: 'https://h.example' },
      account,
      false,
    );
    expect(address).toBe('https://h.example/hooks/by/***');
  });

  it('are left out where the secret is missing, and paths alone where nobody has said the address', () => {
    const nothing = { id: 'a', secret: {} };
    expect(webhookAddresses({ doors, publicUrl: null }, nothing, true)).toEqual([
      '/hooks/fixed',
      '/hooks/a',
      '/hooks/a/status',
    ]);
  });

  it('tell whether a secret stands in them', () => {
    expect(hasPathSecret(doors)).toBe(true);
    expect(hasPathSecret(['/hooks/:account', '/verifier:secret'])).toBe(false);
  });
});
