import { createHash } from 'node:crypto';
import type { ChannelAccount, Normalised } from '@lienmach/adapter-kit';
import { normaliseMail } from './mail.normalise.js';
import type { WholeMail } from './whole-mail.payload.js';

export function normaliseWholeMail(payload: WholeMail, account: ChannelAccount<object>): Normalised {
  const { mail, bytes, from, to, remoteAddress, authentication } = payload;
  return normaliseMail(
    mail,
    {
      from,
      to,
      authentication,
      fallbackId: `sha256:${createHash('sha256').update(bytes).digest('hex')}`,
      vendorData: remoteAddress ? { senderIp: remoteAddress } : {},
    },
    account,
  );
}
