import addressparser from 'nodemailer/lib/addressparser';
import { normaliseEmail } from '@lienmach/identifiers';
import { cleanText, decodeText } from './charset.js';
import { headerText } from './header-text.js';

/** One address of a header or an envelope. */
export interface MailAddress {
  /** As libs/identifiers writes it. */
  readonly address: string;
  readonly name: string | null;
}

/** Nobody reads a longer list. */
const MOST_ADDRESSES = 200;
const LONGEST_LIST = 64 * 1024;

/** An address list, groups opened; what is no address is left out. Names are decoded after splitting: an encoded comma separates nothing. */
export function parseAddresses(raw: string | null): MailAddress[] {
  if (!raw) return [];
  const text = decodeText(Buffer.from(raw.slice(0, LONGEST_LIST), 'latin1')).text;
  return addressesIn(text);
}

/** The same out of text that is decoded already, as vendors give it. */
export function addressesIn(text: string): MailAddress[] {
  const found = addressparser(text.slice(0, LONGEST_LIST), { flatten: true });
  return found.slice(0, MOST_ADDRESSES).flatMap(({ address, name }) => {
    const normalised = normaliseEmail(address ?? '');
    return normalised ? [{ address: normalised, name: nameOf(name, normalised) }] : [];
  });
}

function nameOf(name: string | undefined, address: string): string | null {
  const text = headerText(Buffer.from(name ?? '', 'utf8').toString('latin1')).replace(/^["']|["']$/g, '');
  const clean = cleanText(text).trim();
  return clean === '' || clean.toLowerCase() === address.toLowerCase() ? null : clean.slice(0, 200);
}

/** What stands after the plus of a local part: `cskh+t.Zk3vQ9@shop.example` → `t.Zk3vQ9`. */
export function plusPart(address: string): string | null {
  const local = address.slice(0, address.lastIndexOf('@'));
  const plus = local.indexOf('+');
  return plus < 1 ? null : local.slice(plus + 1) || null;
}

/** The address without its plus part and in lower case: two of one mailbox are equal. */
export function mailboxOf(address: string): string {
  const at = address.lastIndexOf('@');
  const local = address.slice(0, at);
  const plus = local.indexOf('+');
  return `${plus < 1 ? local : local.slice(0, plus)}${address.slice(at)}`.toLowerCase();
}

/** Our reply token: a plus part `t.<token>`. */
export function replyTokenOf(addresses: readonly string[]): string | null {
  for (const address of addresses) {
    const token = /^t\.([\w-]{4,128})$/.exec(plusPart(address) ?? '')?.[1];
    if (token) return token;
  }
  return null;
}

/** `<…>` of a header that names messages, in order, each once. */
export function messageIds(raw: string | null): string[] {
  if (!raw) return [];
  const ids = [...raw.slice(0, LONGEST_LIST).matchAll(/<\s*([^<>\s]{1,250})\s*>/g)].map((match) => `<${match[1]}>`);
  return [...new Set(ids)];
}

/** A single id with its brackets, however it was given; null for what cannot tell one mail from another. */
export function messageId(raw: string | null | undefined): string | null {
  const bare = raw?.trim().replace(/^<|>$/g, '').trim() ?? '';
  return /^[^<>\s]{6,250}$/.test(bare) ? `<${bare}>` : null;
}
