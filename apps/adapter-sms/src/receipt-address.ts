import type { SendContext } from '@lienmach/adapter-kit';

/**
 * Where the vendor is to send receipts; undefined where nobody has said under which address he reaches us (SMS_PUBLIC_URL, PUBLIC_URL).
 * @param found by which the door finds the account: its id, or the secret in its path
 */
export function receiptAddress({ env }: Pick<SendContext, 'env'>, vendor: string, found: string): string | undefined {
  const publicUrl = env['SMS_PUBLIC_URL'] || env['PUBLIC_URL'];
  return publicUrl && `${publicUrl.replace(/\/+$/, '')}/webhooks/sms/${vendor}/${encodeURIComponent(found)}/status`;
}
