import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const NONCE = 12;
const TAG = 16;
/** First byte of a sealed value; another cipher would take another. */
const VERSION = 1;

/**
 * Encrypts with AES-256-GCM. What is sealed for one purpose opens for no other, so that a row's bytes copied to another row are refused.
 * @param key 32 bytes
 * @param purpose additional authenticated data: what the secret belongs to
 * @returns version byte, nonce, tag, ciphertext
 */
export function seal(key: Buffer, purpose: string, clear: Buffer): Buffer {
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(purpose));
  const body = Buffer.concat([cipher.update(clear), cipher.final()]);
  return Buffer.concat([Buffer.of(VERSION), nonce, cipher.getAuthTag(), body]);
}

/** Opens what `seal` made; throws when the key or the purpose is another or a byte has changed. */
export function open(key: Buffer, purpose: string, sealed: Buffer): Buffer {
  if (sealed[0] !== VERSION || sealed.length < 1 + NONCE + TAG) throw new Error('not a sealed value');
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(1, 1 + NONCE))
    .setAAD(Buffer.from(purpose))
    .setAuthTag(sealed.subarray(1 + NONCE, 1 + NONCE + TAG));
  return Buffer.concat([decipher.update(sealed.subarray(1 + NONCE + TAG)), decipher.final()]);
}

/** How a secret stands in ACCOUNTS_FILE when it is neither plain nor a reference. */
export const SEALED_PREFIX = 'sealed:';
const FILE_PURPOSE = 'accounts-file';

/** A setting of ACCOUNTS_FILE, encrypted with SECRETS_KEY: `sealed:<base64>`. */
export function sealSetting(key: Buffer, clear: string): string {
  return SEALED_PREFIX + seal(key, FILE_PURPOSE, Buffer.from(clear)).toString('base64');
}

/** Opens what `sealSetting` made. */
export function openSetting(key: Buffer, sealed: string): string {
  return open(key, FILE_PURPOSE, Buffer.from(sealed.slice(SEALED_PREFIX.length), 'base64')).toString('utf8');
}

/** A command whose adapter gets something that nobody else may read. */
interface SecretCommand {
  readonly tenant: string;
  readonly id: string;
}

const commandPurpose = ({ tenant, id }: SecretCommand): string => ['command', tenant, id].join('|');

/** Base64 that opens for this very command alone. */
export function sealForCommand(key: Buffer, command: SecretCommand, clear: string): string {
  return seal(key, commandPurpose(command), Buffer.from(clear)).toString('base64');
}

/** Opens what `sealForCommand` made; throws when the key or the command is another. */
export function openForCommand(key: Buffer, command: SecretCommand, sealed: string): string {
  return open(key, commandPurpose(command), Buffer.from(sealed, 'base64')).toString('utf8');
}
