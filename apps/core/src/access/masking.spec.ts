import { describe, expect, it } from '@jest/globals';
import { ROLES } from './access.js';
import { maskingFor } from './masking.js';

describe('masking', () => {
  it('is for analysts alone', () => {
    const seen = ROLES.filter((role) => maskingFor(role).identifier('phone', '+84900000123') === '+84900000123');

    expect(seen).toEqual(ROLES.filter((role) => role !== 'analyst'));
  });

  const masking = maskingFor('analyst');

  it.each([
    ['phone', '+84900000123', '***123'],
    ['phone', '19001234', '***234'],
    ['email', 'nguyen.an@example.com', 'n***@example.com'],
    ['fb_psid', '7788990011223344', '7788990011223344'],
    ['crm_id', 'KH-17', 'KH-17'],
  ])('shows a %s %s as %s', (type, value, shown) => {
    expect(masking.identifier(type, value)).toBe(shown);
  });

  it('leaves of a name its first letters', () => {
    expect(masking.name('Nguyễn Thị Ánh')).toBe('N*** T*** Á***');
    expect(masking.name('Đỗ'.normalize('NFD'))).not.toContain('ỗ'.normalize('NFD'));
    expect(masking.name(null)).toBeNull();
  });

  it('hides numbers and addresses within a text, and what cannot be masked altogether', () => {
    expect(masking.text('gọi 0900 000 123 hoặc an@example.com')).toBe('gọi ***123 hoặc a***@example.com');
    expect(masking.text(null)).toBeNull();
    expect(masking.whole('https://example.com/recording.mp3')).toBeNull();
    expect(maskingFor('agent').whole('https://example.com/recording.mp3')).toBe('https://example.com/recording.mp3');
  });
});
