import { readFileSync } from 'node:fs';
import { InvalidConfiguration } from '@lienmach/adapter-kit';

/** Where and how the SMTP door listens: settings of the process, for it serves all accounts. */
export interface SmtpDoorPlace {
  /** EMAIL_SMTP_PORT; 0 takes any free one. */
  readonly port: number;
  /** EMAIL_SMTP_NAME: how the door greets, best the name that the MX record has. */
  readonly name: string | undefined;
  /** EMAIL_SMTP_TLS_CERT and EMAIL_SMTP_TLS_KEY: PEM files. Undefined: STARTTLS with a certificate that proves nothing. */
  readonly tls: { readonly cert: Buffer; readonly key: Buffer } | undefined;
}

const DEFAULT_PORT = 2525;

/** @throws InvalidConfiguration with a sentence for whoever set it */
export function readSmtpDoorPlace(env: Readonly<Record<string, string | undefined>>): SmtpDoorPlace {
  const text = env['EMAIL_SMTP_PORT']?.trim() || String(DEFAULT_PORT);
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(port <= 65_535)) throw new InvalidConfiguration('EMAIL_SMTP_PORT is not usable: expected a port, 0 to 65535.');
  const [cert, key] = ['EMAIL_SMTP_TLS_CERT', 'EMAIL_SMTP_TLS_KEY'].map((name) => pem(name, env[name]));
  if ((cert === undefined) !== (key === undefined))
    throw new InvalidConfiguration('EMAIL_SMTP_TLS_CERT and EMAIL_SMTP_TLS_KEY belong together: set both or none.');
  return { port, name: env['EMAIL_SMTP_NAME']?.trim() || undefined, tls: cert && key && { cert, key } };
}

function pem(name: string, path: string | undefined): Buffer | undefined {
  if (!path?.trim()) return undefined;
  try {
    return readFileSync(path.trim());
  } catch (error) {
    throw new InvalidConfiguration(
      `${name} is not usable: expected the path of a PEM file (${(error as Error).message}).`,
    );
  }
}
