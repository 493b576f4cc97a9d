import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import type { DoorRequest } from '@lienmach/adapter-kit';

const keys = new Map<string, KeyObject | null>();
/** There are as many keys as accounts. */
const MOST_KEYS = 1_000;

/**
 * ECDSA P-256 with SHA-256 over timestamp and raw body, where the account has the key; else the unguessable path is the proof. Over the bytes: the official
 * library makes a string of them first and so refuses requests with binary attachments.
 * https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/getting-started-event-webhook-security-features
 */
export function verifySendgrid({ body, headers }: DoorRequest, verificationKey: string | undefined): boolean {
  if (verificationKey === undefined) return true;
  const signature = headers['x-twilio-email-event-webhook-signature'];
  const timestamp = headers['x-twilio-email-event-webhook-timestamp'];
  const key = keyOf(verificationKey);
  if (signature === undefined || timestamp === undefined || key === null) return false;
  return verify('sha256', Buffer.concat([Buffer.from(timestamp), body]), key, Buffer.from(signature, 'base64'));
}

function keyOf(text: string): KeyObject | null {
  const known = keys.get(text);
  if (known !== undefined) return known;
  const key = read(text);
  if (keys.size < MOST_KEYS) keys.set(text, key);
  return key;
}

function read(text: string): KeyObject | null {
  try {
    return createPublicKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'spki' });
  } catch {
    // nobody can have signed with what is no key
    return null;
  }
}
