import { sameText, type DoorRequest } from '@lienmach/adapter-kit';
import type { FreeswitchSettings } from './freeswitch.config.js';

/** FreeSWITCH signs nothing, but knows basic authentication: it is asked for where the account has it, beside the unguessable path. */
export function verifyFreeswitch({ headers }: DoorRequest, { user, password }: FreeswitchSettings): boolean {
  if (user === undefined) return true;
  const wanted = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  return sameText(headers['authorization'] ?? '', wanted);
}
