import { InvalidConfiguration } from '@lienmach/platform';
import { accountKey } from './account.js';
import { open, seal } from './secret-box.js';

type AccountKey = Readonly<{ channel: string; vendor: string; id: string }>;

const purposeOf = (account: AccountKey): string => `account|${accountKey(account)}`;

/** Secret settings of an account as they are stored: JSON, sealed with SECRETS_KEY for this very account. */
export class AccountSecrets {
  /** @param secretsKey 32 bytes */
  constructor(private readonly secretsKey: Buffer) {}

  seal(account: AccountKey, secrets: Readonly<Record<string, unknown>>): Buffer {
    return seal(this.secretsKey, purposeOf(account), Buffer.from(JSON.stringify(secrets)));
  }

  /**
   * @param sealed null: there are none
   * @throws InvalidConfiguration when SECRETS_KEY is another than the one that sealed them
   */
  open(account: AccountKey, sealed: Buffer | null): Record<string, unknown> {
    if (sealed === null) return {};
    const purpose = purposeOf(account);
    return JSON.parse(openStored(this.secretsKey, purpose, sealed).toString('utf8')) as Record<string, unknown>;
  }
}

/** Opens what a row holds. @throws InvalidConfiguration when SECRETS_KEY is another than the one that sealed it */
export function openStored(secretsKey: Buffer, purpose: string, sealed: Buffer): Buffer {
  try {
    return open(secretsKey, purpose, sealed);
  } catch {
    throw new InvalidConfiguration([`SECRETS_KEY does not open the stored secrets of ${purpose}.`]);
  }
}
