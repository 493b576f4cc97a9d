import { createHash } from 'node:crypto';
import { fieldsOf, sameText, textOf, type DoorRequest, type Fields } from '@lienmach/adapter-kit';
import { MalformedPayload } from '@lienmach/contracts';
import { isEsmsMessage } from './esms.payload.js';

const SIGNED = ['cpid', 'smsid', 'content', 'receiverTime'] as const;

/**
 * The unguessable part of the path proves everything; what a customer sent is signed too, where the account has the key:
 * MD5(cpid + smsid + content + receiverTime + private key). Receipts are never signed.
 * https://developers.esms.vn/esms-api/ket-noi-ma-svoucher/ket-noi-dau-so-ngan
 */
export function verifyEsms(request: DoorRequest, privateKey: string | undefined): boolean {
  if (privateKey === undefined) return true;
  const fields = readable(request);
  if (!fields || !isEsmsMessage(fields)) return true;
  const text = SIGNED.map((name) => textOf(fields, name) ?? '').join('');
  const wanted = createHash('md5')
    .update(text + privateKey)
    .digest('hex');
  return typeof fields['sign'] === 'string' && sameText(fields['sign'].toLowerCase(), wanted);
}

function readable(request: DoorRequest): Fields | undefined {
  try {
    return fieldsOf(request);
  } catch (error) {
    // what cannot be read is no message; it goes to the dead letters
    if (error instanceof MalformedPayload) return undefined;
    throw error;
  }
}
