import { describe, expect, it } from '@jest/globals';
import { open, openSetting, seal, sealSetting } from './secret-box.js';

const key = Buffer.alloc(32, 1);
const clear = Buffer.from('app-secret');

describe('secret box', () => {
  it('opens what it sealed, and never seals alike', () => {
    const sealed = seal(key, 'account|a', clear);
    expect(open(key, 'account|a', sealed)).toEqual(clear);
    expect(sealed.includes(clear)).toBe(false);
    expect(seal(key, 'account|a', clear)).not.toEqual(sealed);
  });

  it('refuses another key, another purpose, a changed or missing byte', () => {
    const sealed = seal(key, 'account|a', clear);
    expect(() => open(Buffer.alloc(32, 2), 'account|a', sealed)).toThrow();
    expect(() => open(key, 'account|b', sealed)).toThrow();
    expect(() => open(key, 'account|a', sealed.subarray(0, 10))).toThrow('not a sealed value');
    for (let at = 0; at < sealed.length; at++) {
      const changed = Buffer.from(sealed);
      changed[at]! ^= 1;
      expect(() => open(key, 'account|a', changed)).toThrow();
    }
  });

  it('seals settings of the file as text', () => {
    expect(openSetting(key, sealSetting(key, 'mật khẩu'))).toBe('mật khẩu');
  });
});
