import { readFileSync } from 'node:fs';
import { describe, expect, it, jest } from '@jest/globals';
import { MailAuthentication, type Resolve } from './mail-authentication.client.js';

const file = (name: string) => readFileSync(new URL(`../fixtures/mail/${name}`, import.meta.url));
const records = (JSON.parse(file('19-dkim-dns-records.json').toString()) as { TXT: Record<string, string[][]> }).TXT;
const resolve: Resolve = (name, type) => {
  const found = type === 'TXT' ? records[name] : undefined;
  return found ? Promise.resolve(found) : Promise.reject(Object.assign(new Error(name), { code: 'ENOTFOUND' }));
};

const warn = jest.fn();
const verdict = (mail: Buffer, ip = '198.51.100.7', sender = 'khach.a@khach.example', by = resolve) =>
  new MailAuthentication(by, 'mx.shop.example', { warn }, 200).verdict(mail, { ip, helo: 'mx.khach.example', sender });

const signed = file('19-dkim-signed.eml');

describe('the verdict on a mail', () => {
  it('is a pass by a signature of the domain in From, whoever brings it', async () => {
    expect(await verdict(signed)).toBe('pass');
  });

  it('is a pass by the domain that sends, where SPF names it', async () => {
    expect(await verdict(file('01-vi-utf8-8bit.eml'), '192.0.2.10')).toBe('pass');
  });

  it.each([
    ['the body was changed after signing', file('20-dkim-body-tampered.eml')],
    ['nothing is signed and somebody else sends', file('01-vi-utf8-8bit.eml')],
  ])('is a fail by the policy of the domain when %s', async (_what, mail) => {
    expect(await verdict(mail)).toBe('fail');
  });

  it('is no pass for another address in a second From', async () => {
    const second = Buffer.concat([Buffer.from('From: giam.doc@shop.example\r\n'), signed]);
    expect(await verdict(second)).toBe('none');
  });

  it('is none for a domain without records, and where nobody answers in time', async () => {
    expect(await verdict(file('05-outlook-vi-reply.eml'))).toBe('none');
    expect(await verdict(signed, undefined, undefined, () => new Promise(() => undefined))).toBe('none');
  });
});
