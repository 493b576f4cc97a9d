import { describe, expect, it } from '@jest/globals';
import { serverMessageId, smtpOutcome } from './smtp-outcome.rules.js';

const refused = (responseCode: number, text = '', command = 'RCPT TO', code = 'EENVELOPE') => ({
  code,
  command,
  responseCode,
  response: `${responseCode} ${text}`,
});

describe('a mail that the server did not take', () => {
  it.each([
    ['no such mailbox', refused(550, '5.1.1 User unknown'), false, /^no-such-mailbox: .*\(550 5\.1\.1\)$/],
    [
      'an address of nobody, without a status',
      refused(550, 'No such user here'),
      false,
      /^no-such-mailbox: .*\(550\)$/,
    ],
    ['a full mailbox', refused(552, '5.2.2 quota'), false, /^mailbox-full: /],
    ['a sender that is not his', refused(550, '5.1.8 bad sender', 'MAIL FROM'), false, /^sender-refused: /],
    ['rules', refused(554, '5.7.26 DMARC', 'DATA', 'EMESSAGE'), true, /^refused: .*SPF, DKIM.*\(554 5\.7\.26\)$/],
    ['too much', refused(552, '5.3.4 too big', 'DATA', 'EMESSAGE'), true, /^too-large: /],
    ['more than the server says it takes', { code: 'EMESSAGE', command: 'MAIL FROM' }, false, /^too-large: /],
    ['something that it does not explain', refused(554, 'no', 'DATA'), false, /^refused: .*\(554\)$/],
  ])('for %s fails', (_, error, isHandedOver, reason) => {
    expect(smtpOutcome(error, isHandedOver)).toEqual({
      kind: 'failed',
      reason: expect.stringMatching(reason) as unknown,
    });
  });

  it.each([
    ['greylisting', refused(451, '4.7.1 try later'), false, /\(451 4\.7\.1\)$/],
    ['a full disk, after all of it', refused(452, '4.3.1 full', 'DATA', 'EMESSAGE'), true, /\(452 4\.3\.1\)$/],
    ['a login that fails for now', refused(454, '4.7.0', 'AUTH PLAIN', 'EAUTH'), false, /\(454 4\.7\.0\)$/],
    ['nobody there', { code: 'ESOCKET', command: 'CONN' }, false, /cannot be reached \(ESOCKET\)$/],
    ['no certificate that holds', { code: 'ETLS', command: 'STARTTLS' }, false, /\(ETLS\)$/],
    ['no time left before it', { code: 'ETIMEDOUT' }, false, /\(ETIMEDOUT\)$/],
  ])('for %s is tried again', (_, error, isHandedOver, reason) => {
    expect(smtpOutcome(error, isHandedOver)).toEqual({
      kind: 'not-taken',
      reason: expect.stringMatching(reason) as unknown,
    });
  });

  it.each([
    ['a wrong password', refused(535, '5.7.8 bad credentials', 'AUTH PLAIN', 'EAUTH'), /^credentials-refused: /],
    ['a missing one', refused(530, '5.7.0 Authentication required', 'MAIL FROM'), /^credentials-missing: /],
  ])('for %s lets the account wait', (_, error, reason) => {
    expect(smtpOutcome(error, false)).toEqual({
      kind: 'not-taken',
      holds: 'account',
      reason: expect.stringMatching(reason) as unknown,
    });
  });
});

describe('a mail that was handed over', () => {
  it.each([['ECONNECTION'], ['ETIMEDOUT'], ['ESOCKET']])(
    'and whose answer was lost (%s) may have been taken',
    (code) => {
      expect(smtpOutcome({ code, command: 'CONN' }, true)).toMatchObject({ kind: 'unknown' });
    },
  );

  it('is not called refused by what the server says of the connection', () => {
    const closing = { code: 'ECONNECTION', command: 'CONN', responseCode: 421, response: '421 4.4.2 closing' };
    expect(smtpOutcome(closing, true)).toMatchObject({ kind: 'unknown' });
  });
});

describe('the id that recipients see', () => {
  it.each([
    [
      '250 2.0.0 OK <abc@EURPR01.prod.outlook.com> [Hostname=x]',
      'smtp.office365.com',
      '<abc@EURPR01.prod.outlook.com>',
    ],
    [
      '250 Ok 0100018b5c3c0a4f-d1-000000',
      'email-smtp.us-east-1.amazonaws.com',
      '<0100018b5c3c0a4f-d1-000000@email.amazonses.com>',
    ],
    [
      '250 Ok 0100018b5c3c0a4f-d1-000000',
      'email-smtp.eu-west-1.amazonaws.com',
      '<0100018b5c3c0a4f-d1-000000@eu-west-1.amazonses.com>',
    ],
    ['250 Ok 0100018b5c3c0a4f-d1-000000', 'mx.shop.example', null],
    ['250 2.0.0 kept', 'localhost', null],
  ])('of %j by %s is %j', (response, host, expected) => {
    expect(serverMessageId(response, host)).toBe(expected);
  });
});
