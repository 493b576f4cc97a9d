import type { Authentication } from './mail.payload.js';

/** What somebody whom we trust found out about a mail. */
export interface AuthenticationFacts {
  /** Address in From; null where there is none. */
  readonly from: string | null;
  /** Domains whose DKIM signature holds. */
  readonly dkim?: readonly string[];
  /** Result of SPF, as RFC 7208 names it. */
  readonly spf?: string | null;
  /** MAIL FROM or its domain: what SPF was checked for. */
  readonly spfDomain?: string | null;
  /** Result of DMARC, where whoever took the mail in checked it. */
  readonly dmarc?: string | null;
}

/** DMARC's rule (RFC 7489, relaxed): the From is proven by a DKIM or SPF pass for its own domain, not for just any. */
export function authenticationOf({ from, dkim = [], spf, spfDomain, dmarc }: AuthenticationFacts): Authentication {
  const domain = domainOf(from);
  if (domain === null) return 'none';
  const [spfResult, dmarcResult] = [spf?.trim().toLowerCase(), dmarc?.trim().toLowerCase()];
  if (dmarcResult === 'fail') return 'fail';
  if (dmarcResult === 'pass') return 'pass';
  if (dkim.some((signer) => isAligned(domainOf(signer), domain))) return 'pass';
  const isSpfAligned = isAligned(domainOf(spfDomain ?? null), domain);
  if (spfResult === 'pass' && isSpfAligned) return 'pass';
  return spfResult === 'fail' && isSpfAligned ? 'fail' : 'none';
}

function domainOf(address: string | null): string | null {
  const domain = address
    ?.slice(address.lastIndexOf('@') + 1)
    .replace(/[<>\s]/g, '')
    .toLowerCase();
  return domain?.includes('.') ? domain : null;
}

/** The same or one below the other; a public suffix signs and sends nothing, so that no list of them is needed. */
function isAligned(one: string | null, domain: string): boolean {
  if (one === null) return false;
  return one === domain || one.endsWith(`.${domain}`) || domain.endsWith(`.${one}`);
}
