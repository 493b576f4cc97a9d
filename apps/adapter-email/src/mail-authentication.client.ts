import { Resolver } from 'node:dns/promises';
import { authenticate } from 'mailauth';
import type { LoggerService } from '@nestjs/common';
import { authenticationOf } from './mail-authentication.rules.js';
import { headFields } from './mail-reading.js';
import type { Authentication } from './mail.payload.js';
import { parseMime } from './mime-tree.js';

/** Asks the domain name system for the records of a type: `(name, 'TXT')`, as `dns.promises.resolve` does. */
export type Resolve = (name: string, type: string) => Promise<unknown>;

/** Who brought a mail. */
export interface Bringer {
  readonly ip: string;
  readonly helo: string;
  /** MAIL FROM. */
  readonly sender: string;
}

/** A mail is worth more than its verdict: what is not known by then counts as unknown. */
const LONGEST_MS = 8_000;

/** Checks DKIM, SPF and DMARC. An answer is always given: `none` where the domain name system does not help. */
export class MailAuthentication {
  constructor(
    private readonly resolve: Resolve,
    private readonly mta: string,
    private readonly logger: Pick<LoggerService, 'warn'>,
    private readonly longestMs = LONGEST_MS,
  ) {}

  async verdict(bytes: Buffer, bringer: Bringer): Promise<Authentication> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<Authentication>((fulfil) => {
      timer = setTimeout(() => fulfil('none'), this.longestMs);
    });
    try {
      return await Promise.race([this.check(bytes, bringer), late]);
    } catch (error) {
      this.logger.warn('the sender of a mail could not be checked', error);
      return 'none';
    } finally {
      clearTimeout(timer);
    }
  }

  private async check(bytes: Buffer, { ip, helo, sender }: Bringer): Promise<Authentication> {
    const { from, hasOneFrom } = headFields(parseMime(bytes).headers);
    if (from === null || !hasOneFrom) return 'none';
    const { dkim, spf, dmarc } = await authenticate(bytes, {
      ip,
      helo,
      sender,
      mta: this.mta,
      resolver: this.resolve as never,
      disableArc: true,
      disableBimi: true,
    });
    return authenticationOf({
      from: from.address,
      dkim: dkim.results.filter(({ status }) => status.result === 'pass').map(({ signingDomain }) => signingDomain),
      spf: spf ? spf.status.result : null,
      spfDomain: spf ? spf.domain : null,
      dmarc: dmarc ? dmarc.status.result : null,
    });
  }
}

/** @param servers `EMAIL_DNS_SERVERS`: addresses with or without a port, separated by commas; the system's own without it */
export function resolveBy(servers: string | undefined): Resolve {
  const resolver = new Resolver({ timeout: 2_000, tries: 2 });
  const listed = (servers ?? '').split(',').flatMap((server) => server.trim() || []);
  if (listed.length > 0) resolver.setServers(listed);
  return (name, type) => resolver.resolve(name, type);
}
