import type { Door } from '@lienmach/adapter-kit';
import type { PathSecretSettings } from './call-account.config.js';

/** What only the vendor knows of its door. */
type Own<S, P> = Pick<Door<S, P>, 'verify' | 'parse' | 'normalise'> & Partial<Door<S, P>>;

/** The door of a PBX that signs nothing: one JSON object to an address that nobody may guess. */
export function pathSecretDoor<S extends PathSecretSettings, P>(vendor: string, own: Own<S, P>): Door<S, P> {
  return {
    path: `/webhooks/call/${vendor}/:secret`,
    methods: ['POST'],
    accountIn: 'path-secret',
    contentTypes: ['application/json'],
    ...own,
  };
}
