import { addressesIn } from './mail-address.js';
import type { OutboundMailSettings } from './outbound-mail.config.js';

/** The addresses of an account: its id and its From, where they are addresses. */
export function ownMailboxes({ from }: OutboundMailSettings, id: string): string[] {
  const addresses = [id, from ?? ''].flatMap((text) => addressesIn(text).map(({ address }) => address));
  return [...new Set(addresses)];
}
