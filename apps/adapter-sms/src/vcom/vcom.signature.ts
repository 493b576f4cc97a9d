import { createHash } from 'node:crypto';
import { fieldsOf, sameText, textOf, type DoorRequest } from '@lienmach/adapter-kit';
import { MalformedPayload } from '@lienmach/contracts';
import type { VcomSettings } from './vcom.config.js';

/**
 * `checksum` = base64(SHA-256(client_id + request_id + phone + secure key + time)). The text is not covered; a request id counts once, whoever repeats it.
 * https://smbplusvn.freshservice.com/support/solutions/articles/24000046090
 */
export function verifyVcom(
  request: DoorRequest,
  { clientId, secureKey }: Pick<VcomSettings, 'clientId' | 'secureKey'>,
): boolean {
  try {
    const fields = fieldsOf(request);
    const [given, client, id, phone, time] = ['checksum', 'client_id', 'request_id', 'phone', 'time'].map((name) =>
      textOf(fields, name),
    );
    if (!given || client !== clientId || !id || !phone || !time) return false;
    return sameText(
      given,
      createHash('sha256')
        .update(client + id + phone + secureKey + time)
        .digest('base64'),
    );
  } catch (error) {
    if (error instanceof MalformedPayload) return false;
    throw error;
  }
}
