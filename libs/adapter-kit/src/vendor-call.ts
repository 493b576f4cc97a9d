import type { SendOutcome } from './channel.js';

/** Codes of Node.js for a connection that never stood: nothing can have been taken. A time-out may strike later, and is none of them. */
const NEVER_CONNECTED: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

/**
 * What became of a reply whose call broke off. Of the error only its code is told: the address or the request in it may hold credentials.
 * @param vendor as people call it
 * @param where a person can look whether it arrived
 */
export function brokenCall(error: unknown, vendor: string, where: string): SendOutcome {
  const { code = 'no code' } = (error ?? {}) as { code?: unknown };
  const named = String(code);
  // nothing of it had been sent
  if (NEVER_CONNECTED.has(named)) return { kind: 'not-taken', reason: `${vendor} cannot be reached (${named})` };
  return {
    kind: 'unknown',
    reason: `${vendor}'s answer was lost (${named}): look in ${where} before you send it again`,
  };
}
