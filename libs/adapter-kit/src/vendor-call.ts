import axios, { type AxiosRequestConfig } from 'axios';
import type { SendContext, TestAnswer } from './channel.js';
import type { SendOutcome } from './outbound-reply.js';
import { parseLosslessJson } from './lossless-json.js';

/** One request to a vendor; GET unless it has a body. */
export type VendorRequest = Pick<AxiosRequestConfig, 'method' | 'headers' | 'params' | 'auth'> & {
  readonly url: string;
  /** Fields, sent as JSON; or a form. */
  readonly body?: object;
};

/** What he answered, whatever its status. */
export interface VendorAnswer {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, unknown>>;
  /** Parsed where it was JSON, ids beyond 2^53 as strings; else its text. */
  readonly body: unknown;
}

const LONGEST_ANSWER = 1024 * 1024;

/** Asks a vendor once, following no redirect. @throws what `brokenCall` judges, where no whole answer came */
export async function askVendor(
  { body, ...request }: VendorRequest,
  { signal }: Pick<SendContext, 'signal'>,
): Promise<VendorAnswer> {
  const { status, headers, data } = await axios.request<Buffer>({
    method: body ? 'POST' : 'GET',
    ...request,
    data: body,
    signal,
    responseType: 'arraybuffer',
    maxContentLength: LONGEST_ANSWER,
    maxRedirects: 0,
    validateStatus: () => true,
  });
  return { status, headers, body: readAnswer(Buffer.from(data)) };
}

function readAnswer(bytes: Buffer): unknown {
  try {
    return parseLosslessJson(bytes);
  } catch {
    // a proxy's page, or a vendor who answers in words: whoever asked judges it
    return bytes.toString();
  }
}

/** Where a vendor's API is: the setting, for tests and proxies, else his own address; without a slash at the end. */
export const apiUrl = ({ env }: Pick<SendContext, 'env'>, setting: string, usual: string): string =>
  (env[setting] || usual).replace(/\/+$/, '');

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

/** The code of a call that broke off, and whether the vendor may have it all the same. Nothing else of the error is told: an address in it may hold credentials. */
export function breakOf(error: unknown): { readonly code: string; readonly mayHaveArrived: boolean } {
  const { code: given = 'no code' } = (error ?? {}) as { code?: unknown };
  const code = String(given);
  return { code, mayHaveArrived: !NEVER_CONNECTED.has(code) };
}

/**
 * What became of a reply whose call broke off.
 * @param vendor as people call it
 * @param where a person can look whether it arrived
 */
export function brokenCall(error: unknown, vendor: string, where: string): SendOutcome {
  const { code, mayHaveArrived } = breakOf(error);
  if (!mayHaveArrived) return { kind: 'not-taken', reason: `${vendor} cannot be reached (${code})` };
  return {
    kind: 'unknown',
    reason: `${vendor}'s answer was lost (${code}): look in ${where} before you send it again`,
  };
}

/** The same of a test. */
export const brokenTest = (error: unknown, vendor: string): TestAnswer => ({
  ok: false,
  detail: `${vendor} cannot be reached (${breakOf(error).code})`,
});
