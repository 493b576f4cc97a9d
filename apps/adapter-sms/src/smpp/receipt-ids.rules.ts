import type { SmppSettings } from './smpp.config.js';

type Format = SmppSettings['receiptIds'];

const HEX = /^[0-9a-f]{1,32}$/i;
const DECIMAL = /^\d{1,38}$/;

const toDecimal = (id: string): string => (HEX.test(id) ? BigInt(`0x${id}`).toString() : id);
const toHex = (id: string): string => (DECIMAL.test(id) ? BigInt(id).toString(16).toUpperCase() : id);

/** The id of a receipt as the answer to the sending had it. Some SMSCs name a message in hexadecimal in one place and in decimal in the other. */
export function asSent(id: string, format: Format): string {
  if (format === 'hex-to-decimal') return toDecimal(id);
  return format === 'decimal-to-hex' ? toHex(id) : id;
}

/** The id of an answer as `asSent` gives it: without zeros before it, and in capitals. */
export function sentAs(id: string, format: Format): string {
  if (format === 'hex-to-decimal' && DECIMAL.test(id)) return BigInt(id).toString();
  return format === 'decimal-to-hex' && HEX.test(id) ? BigInt(`0x${id}`).toString(16).toUpperCase() : id;
}
