import { verify, X509Certificate, type KeyObject } from 'node:crypto';
import type { SnsMessage } from './ses.payload.js';

const NOTIFICATION = ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'];
const CONFIRMATION = ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'];

/** Amazon's own host for SNS in a region. */
const HOST = /^sns\.[a-z0-9-]{3,40}\.amazonaws\.com(?:\.cn)?$/;
const CERTIFICATE = /^\/SimpleNotificationService-[A-Za-z0-9]{1,100}\.pem$/;

/**
 * RSA over the fields that stand there, each as name and value on a line of its own; version 1 with SHA-1, 2 with SHA-256.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html
 */
export function verifySns(message: SnsMessage, key: KeyObject): boolean {
  const { signatureVersion: version, signature } = message;
  if (version !== '1' && version !== '2') return false;
  return verify(
    version === '1' ? 'RSA-SHA1' : 'RSA-SHA256',
    Buffer.from(signedText(message)),
    key,
    Buffer.from(signature, 'base64'),
  );
}

export function signedText({ type, fields }: Pick<SnsMessage, 'type' | 'fields'>): string {
  return (type === 'Notification' ? NOTIFICATION : CONFIRMATION)
    .flatMap((name) => (typeof fields[name] === 'string' ? [`${name}\n${fields[name]}\n`] : []))
    .join('');
}

/** Whether an address is Amazon's own for a signing certificate: nobody else's host may say who is right. */
export function isCertificateUrl(text: string): boolean {
  const url = amazonUrl(text);
  return url !== null && url.search === '' && CERTIFICATE.test(url.pathname);
}

/** Whether an address confirms a subscription at Amazon. */
export function isSubscribeUrl(text: string): boolean {
  return amazonUrl(text)?.searchParams.get('Action') === 'ConfirmSubscription';
}

function amazonUrl(text: string): URL | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  const isPlain = url.protocol === 'https:' && url.port === '' && url.username === '' && url.password === '';
  return isPlain && HOST.test(url.hostname) ? url : null;
}

/** The key of a certificate; null for what is none. */
export function keyOfCertificate(pem: string): KeyObject | null {
  try {
    const { publicKey } = new X509Certificate(pem);
    return publicKey.asymmetricKeyType === 'rsa' ? publicKey : null;
  } catch {
    return null;
  }
}

/** The same AWS account and region: signatures say only that some topic of anybody published. */
export function isOfSameOwner(topicArn: string, configured: string): boolean {
  const owner = (arn: string): string => arn.split(':').slice(0, 5).join(':');
  return topicArn === configured || owner(topicArn) === owner(configured);
}
