import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** What Mailgun sends to prove itself. */
export interface MailgunProof {
  readonly timestamp: string;
  readonly token: string;
  readonly signature: string;
}

const HEX = /^[0-9a-f]{64}$/;
/** Exactly ten digits (until 2286): else a digit of the token, moved over, would make another token under the same signature. */
const SECONDS = /^\d{10}$/;

/**
 * HMAC-SHA256 over timestamp and token, hexadecimal. The body is not covered.
 * https://documentation.mailgun.com/docs/mailgun/user-manual/webhooks/securing-webhooks
 */
export function verifyMailgun({ timestamp, token, signature }: MailgunProof, signingKey: string): boolean {
  if (!HEX.test(signature) || !SECONDS.test(timestamp) || token === '' || token.length > 128) return false;
  const expected = createHmac('sha256', signingKey)
    .update(timestamp + token)
    .digest();
  return timingSafeEqual(Buffer.from(signature, 'hex'), expected);
}

/**
 * Remembers which body came with which token, because a token that somebody saw would prove any other body: the second body of a token is refused, the same
 * one may come as often as Mailgun repeats it. Of this process; the oldest are forgotten first.
 */
export class TokenMemory {
  private readonly bodies = new Map<string, string>();

  constructor(private readonly most = 50_000) {}

  /** @param token of a request whose signature fits */
  admits(token: string, body: Buffer): boolean {
    const hash = createHash('sha256').update(body).digest('base64');
    const known = this.bodies.get(token);
    if (known !== undefined) return known === hash;
    this.bodies.set(token, hash);
    if (this.bodies.size > this.most) for (const oldest of this.bodies.keys()) return this.bodies.delete(oldest);
    return true;
  }
}
