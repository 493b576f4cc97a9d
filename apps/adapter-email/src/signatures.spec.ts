import { createHmac, createSign, generateKeyPairSync, randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { EventWebhook } from '@sendgrid/eventwebhook';
import fc from 'fast-check';
import nock from 'nock';
import MessageValidator from 'sns-validator';
import { doorRequest } from '@lienmach/adapter-kit/testing';
import { TokenMemory, verifyMailgun } from './mailgun/mailgun.signature.js';
import { verifySendgrid } from './sendgrid/sendgrid.signature.js';
import { readSns } from './ses/ses.payload.js';
import { isCertificateUrl, isOfSameOwner, isSubscribeUrl, signedText, verifySns } from './ses/ses.signature.js';

describe('SendGrid', () => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const key = publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
  const request = (body: Buffer, signature: string, timestamp = '1740968102') =>
    doorRequest({
      target: '/webhooks/email/sendgrid/x',
      headers: {
        'x-twilio-email-event-webhook-signature': signature,
        'x-twilio-email-event-webhook-timestamp': timestamp,
      },
      body,
    });
  const signed = (body: Buffer) => createSign('sha256').update('1740968102').update(body).sign(privateKey, 'base64');

  it("agrees with the vendor's library over text", () => {
    const theirs = new EventWebhook();
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.boolean(), (text, forged) => {
        const body = Buffer.from(text);
        const signature = signed(forged ? Buffer.concat([body, Buffer.from('x')]) : body);
        const wanted = theirs.verifySignature(theirs.convertPublicKeyToECDSA(key), text, signature, '1740968102');
        expect(wanted).toBe(!forged);
        expect(verifySendgrid(request(body, signature), key)).toBe(wanted);
      }),
      { numRuns: 20 },
    );
  });

  it('takes binary bodies, which that library refuses', () => {
    const body = Buffer.from([0xff, 0xfe, 0x00, 0x80]);
    expect(verifySendgrid(request(body, signed(body)), key)).toBe(true);
  });

  it.each(['', 'AAAA', 'không phải'])('refuses %j as signature', (signature) => {
    expect(verifySendgrid(request(Buffer.from('x'), signature), key)).toBe(false);
  });

  it('refuses another time than was signed', () => {
    const body = Buffer.from('x');
    expect(verifySendgrid(request(body, signed(body), '1740968103'), key)).toBe(false);
  });
});

describe('Mailgun', () => {
  const proof = (timestamp: string, token: string) => ({
    timestamp,
    token,
    signature: createHmac('sha256', 'key')
      .update(timestamp + token)
      .digest('hex'),
  });

  it('fits over timestamp and token', () => {
    expect(verifyMailgun(proof('1740968100', 'abc'), 'key')).toBe(true);
    expect(verifyMailgun(proof('1740968100', 'abc'), 'other')).toBe(false);
    expect(verifyMailgun({ ...proof('1740968100', 'abc'), token: 'abd' }, 'key')).toBe(false);
  });

  it('lets no digit wander from the timestamp into the token', () => {
    const { signature } = proof('1740968100', '1abc');
    expect(verifyMailgun({ timestamp: '1740968100', token: '1abc', signature }, 'key')).toBe(true);
    expect(verifyMailgun({ timestamp: '17409681001', token: 'abc', signature }, 'key')).toBe(false);
    expect(verifyMailgun({ timestamp: '174096810', token: '01abc', signature }, 'key')).toBe(false);
  });

  it('remembers the newest tokens', () => {
    const memory = new TokenMemory(2);
    const [one, other] = [Buffer.from('1'), Buffer.from('2')];
    for (const token of ['a', 'b', 'c']) expect(memory.admits(token, one)).toBe(true);
    expect([memory.admits('c', other), memory.admits('b', other), memory.admits('a', other)]).toEqual([
      false,
      false,
      true,
    ]);
  });
});

describe('SNS', () => {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const message = (version: '1' | '2', fields: object, algorithm = version === '1' ? 'RSA-SHA1' : 'RSA-SHA256') => {
    const plain = {
      Type: 'Notification',
      MessageId: 'm-1',
      TopicArn: 'arn:aws:sns:eu-west-1:111111111111:mail',
      Message: '{}',
      Timestamp: '2025-03-03T03:00:02.516Z',
      SigningCertURL: 'https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-1.pem',
      SignatureVersion: version,
      Signature: 'x',
      ...fields,
    };
    const read = readSns(Buffer.from(JSON.stringify(plain)));
    const signature = createSign(algorithm).update(signedText(read)).sign(privateKey, 'base64');
    return { ...read, signature };
  };

  it.each(['1', '2'] as const)('version %s fits for each type', (version) => {
    const confirmation = { Token: 't', SubscribeURL: 'https://sns.eu-west-1.amazonaws.com/' };
    expect(verifySns(message(version, { Subject: 'x' }), publicKey)).toBe(true);
    expect(verifySns(message(version, {}), publicKey)).toBe(true);
    for (const Type of ['SubscriptionConfirmation', 'UnsubscribeConfirmation'])
      expect(verifySns(message(version, { ...confirmation, Type }), publicKey)).toBe(true);
  });

  it("agrees with the vendor's library", async () => {
    const certificate = publicKey.export({ format: 'pem', type: 'spki' });
    nock('https://sns.eu-west-1.amazonaws.com').get('/SimpleNotificationService-1.pem').reply(200, certificate);
    const theirs = new MessageValidator();
    const accepts = (fields: Record<string, unknown>): Promise<boolean> =>
      new Promise((resolve) => theirs.validate(fields, (error) => resolve(error === null)));
    const text = fc.string({ unit: 'grapheme', minLength: 1 });
    const notification = fc.record(
      { Message: text, MessageId: text, Subject: text },
      { requiredKeys: ['Message', 'MessageId'] },
    );
    // a confirmation has no subject
    const confirmation = fc.record({
      Type: fc.constant('SubscriptionConfirmation'),
      Message: text,
      MessageId: text,
      Token: text,
      SubscribeURL: fc.webUrl(),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(notification, confirmation),
        fc.constantFrom('1', '2'),
        fc.boolean(),
        async (given, version, forged) => {
          const { fields: plain, signature } = message(version, given);
          const told = { ...plain, Signature: signature, ...(forged && { Message: `${given.Message} ` }) };
          expect(await accepts(structuredClone(told))).toBe(!forged);
          expect(verifySns(readSns(Buffer.from(JSON.stringify(told))), publicKey)).toBe(!forged);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('is over these very fields', () => {
    expect(signedText(message('1', { Subject: 'S', Unsigned: 'x' }))).toBe(
      'Message\n{}\nMessageId\nm-1\nSubject\nS\nTimestamp\n2025-03-03T03:00:02.516Z\n' +
        'TopicArn\narn:aws:sns:eu-west-1:111111111111:mail\nType\nNotification\n',
    );
  });

  it('of one version is none of the other, and none without bytes', () => {
    expect(verifySns(message('2', {}, 'RSA-SHA1'), publicKey)).toBe(false);
    expect(verifySns({ ...message('1', {}), signature: randomBytes(256).toString('base64') }, publicKey)).toBe(false);
  });

  it.each([
    ['https://sns.ap-southeast-1.amazonaws.com/SimpleNotificationService-0a.pem', true],
    ['https://sns.cn-north-1.amazonaws.com.cn/SimpleNotificationService-0a.pem', true],
    ['http://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0a.pem', false],
    ['https://sns.eu-west-1.amazonaws.com:8443/SimpleNotificationService-0a.pem', false],
    ['https://a@sns.eu-west-1.amazonaws.com/SimpleNotificationService-0a.pem', false],
    ['https://sns.eu-west-1.amazonaws.com/other.pem', false],
    ['https://sns.eu-west-1.amazonaws.com/x/../y/SimpleNotificationService-0a.pem', false],
    ['https://bucket.s3.amazonaws.com/SimpleNotificationService-0a.pem', false],
    ['https://sns.evil.amazonaws.com.evil.example/SimpleNotificationService-0a.pem', false],
    ['nothing', false],
  ])('certificate %s: %s', (url, expected) => expect(isCertificateUrl(url)).toBe(expected));

  it('confirms at Amazon alone, and does nothing else there', () => {
    expect(isSubscribeUrl('https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&Token=t')).toBe(true);
    expect(isSubscribeUrl('https://sns.eu-west-1.amazonaws.com/?Action=DeleteTopic')).toBe(false);
    expect(isSubscribeUrl('https://sns.evil.example/?Action=ConfirmSubscription')).toBe(false);
  });

  it('counts topics of one AWS account and region', () => {
    const arn = (account: string, region = 'eu-west-1') => `arn:aws:sns:${region}:${account}:x`;
    const own = 'arn:aws:sns:eu-west-1:111111111111:mail';
    expect(
      [arn('111111111111'), arn('222222222222'), arn('111111111111', 'us-east-1')].map((each) =>
        isOfSameOwner(each, own),
      ),
    ).toEqual([true, false, false]);
  });
});
