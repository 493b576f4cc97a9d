import { describe, expect, it } from '@jest/globals';
import type { IdentifierType } from '@lienmach/contracts';
import { initialClass } from './identifier-class.js';

const own = ['1900000001', '024 7100 0001', 'cskh@demo.example', 'not a number'];
const classOf = (type: IdentifierType, value: string) => initialClass({ type, value }, own);

describe('initialClass', () => {
  it.each<[IdentifierType, string]>([
    ['phone', '1900000001'],
    ['phone', '19001234'],
    ['phone', '18001091'],
    ['phone', '113'],
    ['phone', '101'],
    ['phone', '+842471000001'],
    ['phone', '+84999999999'],
    ['phone', '+84888888888'],
    ['phone', '0123456789'],
    ['phone', '+84123456789'],
    ['phone', '0000000000'],
    ['phone', 'anonymous'],
    ['phone', 'ext-101'],
    ['phone', ''],
    ['email', 'cskh@demo.example'],
    ['email', 'no-reply@example.com'],
    ['email', 'noreply+77@example.com'],
    ['email', 'NoReply@example.com'],
    ['email', 'do_not_reply@example.com'],
    ['email', 'donotreply-orders@example.com'],
    ['email', 'info@example.com'],
    ['email', 'Support@example.com'],
    ['email', 'cskh+vip@example.com'],
    ['email', 'mailer-daemon@example.com'],
  ])('blocks %s %s', (type, value) => {
    expect(classOf(type, value)).toBe('blocked');
  });

  it.each<[IdentifierType, string]>([
    ['phone', '+84900000123'],
    ['phone', '+842438251234'],
    ['phone', '+12025550123'],
    ['email', 'an@example.com'],
    ['email', 'information.desk@example.com'],
    ['email', 'noretta@example.com'],
    ['fb_psid', '1111111111111111'],
    ['crm_id', '113'],
  ])('lets %s %s be personal', (type, value) => {
    expect(classOf(type, value)).toBe('personal');
  });
});
