import { hash, timingSafeEqual } from 'node:crypto';

/** Of SHA-256, bytes. */
const BLOCK = 64;
const DIGEST = 32;

/** A secret as it is mixed into both hashes (RFC 2104, section 2). */
interface Pads {
  readonly inner: Buffer;
  /** Room for the inner hash behind it. */
  readonly outer: Buffer;
}

/** As many as a process has accounts; beyond it the oldest is made again when it is needed. */
const MOST_SECRETS = 10_000;
const known = new Map<string, Pads>();

function padsOf(secret: string): Pads {
  let pads = known.get(secret);
  if (!pads) {
    if (known.size >= MOST_SECRETS) known.delete(known.keys().next().value!);
    known.set(secret, (pads = makePads(secret)));
  }
  return pads;
}

function makePads(secret: string): Pads {
  const bytes = Buffer.from(secret);
  const key = bytes.length > BLOCK ? hash('sha256', bytes, 'buffer') : bytes;
  const inner = Buffer.alloc(BLOCK, 0x36);
  const outer = Buffer.alloc(BLOCK + DIGEST, 0x5c);
  key.forEach((byte, at) => {
    inner[at]! ^= byte;
    outer[at]! ^= byte;
  });
  return { inner, outer };
}

/** Holds a usual body behind the inner pad; one for all, because nothing here waits. */
const SCRATCH = Buffer.allocUnsafeSlow(16 * 1024);

/**
 * HMAC-SHA256 of a body in lower-case hexadecimal, the same as `createHmac('sha256', secret)`. Of two one-shot hashes, for vendors that send thousands of
 * small bodies a second: an Hmac object costs several times the hashing.
 */
export function hmacSha256(secret: string, body: Buffer): string {
  const { inner, outer } = padsOf(secret);
  const length = BLOCK + body.length;
  const message = length <= SCRATCH.length ? SCRATCH.subarray(0, length) : Buffer.allocUnsafe(length);
  inner.copy(message);
  body.copy(message, BLOCK);
  outer.write(hash('sha256', message, 'hex'), BLOCK, 'hex');
  return hash('sha256', outer, 'hex');
}

/** Whether a signature given as lower-case hexadecimal is the HMAC-SHA256 of a body, in constant time. */
export function hmacSha256Fits(secret: string, body: Buffer, given: string): boolean {
  const expected = Buffer.from(hmacSha256(secret, body), 'latin1');
  const bytes = Buffer.from(given, 'latin1');
  return bytes.length === expected.length && timingSafeEqual(bytes, expected);
}
