import type { AnyChannelData } from '@lienmach/contracts';

/** A code is one code however it is written: `dh-1024` and `DH 1024`. */
export function orderCodeKey(code: string): string {
  return code
    .normalize('NFC')
    .toUpperCase()
    .replace(/[^\p{L}\p{N}]+/gu, '');
}

/** Order codes that an event claims, each once. */
export function orderCodesOf(data: AnyChannelData): readonly string[] {
  if (!('claims' in data)) return [];
  const codes = data.claims.flatMap(({ type, value }) => (type === 'order_code' ? [orderCodeKey(value)] : []));
  return [...new Set(codes)];
}

/** Of one conversation. Who names more of them speaks of those that came last. */
const MOST_CODES = 20;

/** What a conversation is about once an item has named these as well. */
export function withOrderCodes(known: readonly string[] = [], named: readonly string[]): readonly string[] {
  return [...known.filter((code) => !named.includes(code)), ...named].slice(-MOST_CODES);
}

/** Whether they are about one order at least. */
export function sharesOrder(one: readonly string[] = [], other: readonly string[] = []): boolean {
  return one.some((code) => other.includes(code));
}
