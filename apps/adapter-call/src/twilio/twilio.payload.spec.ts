import { expect, it } from '@jest/globals';
import { doorRequest } from '@lienmach/adapter-kit/testing';
import { readTwilio } from './twilio.payload.js';

const read = (form: string) =>
  readTwilio(
    doorRequest({
      target: '/',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: Buffer.from(form),
    }),
  );

it.each([
  ['', 'CallSid is missing'],
  ['CallSid=', 'CallSid is missing'],
  ['CallSid=CA1&CallDuration=long', 'CallDuration must be a number'],
  ['CallSid=CA1&CallDuration=-1', 'CallDuration must not be negative'],
])('a form %j is refused: %s', (form, reason) => {
  expect(() => read(form)).toThrow(reason);
});

it('a time that cannot be read is none', () => {
  expect(read('CallSid=CA1&Timestamp=soon')).toMatchObject({ time: null, isProgress: true });
});
