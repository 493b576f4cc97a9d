import type { KeyObject } from 'node:crypto';
import axios from 'axios';
import { TemporarilyUnavailable } from '@lienmach/contracts';
import { isCertificateUrl, isSubscribeUrl, keyOfCertificate } from './ses.signature.js';

/** Regions have a certificate each, renewed about once a year. */
const MOST_CERTIFICATES = 100;
const LIMITS = { timeout: 4_000, maxRedirects: 0, maxContentLength: 64 * 1024 } as const;

/** Asks Amazon's SNS, and nobody else. */
export class SnsClient {
  private readonly keys = new Map<string, KeyObject>();
  private readonly asking = new Map<string, Promise<void>>();

  /** @param apiUrl stands in for Amazon's hosts in tests and behind proxies */
  constructor(private readonly apiUrl: () => string | undefined = () => process.env['SES_API_URL']) {}

  /** The key of a certificate that was fetched before. */
  key(certificateUrl: string): KeyObject | undefined {
    return this.keys.get(certificateUrl);
  }

  /** Undefined when the key is known or the address is nobody's to ask; requests for one certificate share one question. */
  fetchKey(certificateUrl: string): Promise<void> | undefined {
    if (this.keys.has(certificateUrl) || !isCertificateUrl(certificateUrl)) return undefined;
    let asked = this.asking.get(certificateUrl);
    if (!asked) {
      asked = this.fetch(certificateUrl).finally(() => this.asking.delete(certificateUrl));
      this.asking.set(certificateUrl, asked);
    }
    return asked;
  }

  private async fetch(certificateUrl: string): Promise<void> {
    const { status, data } = await this.get(certificateUrl);
    if (status >= 500 || status === 429) throw new TemporarilyUnavailable(`the certificate's host answered ${status}`);
    const key = status === 200 ? keyOfCertificate(data) : null;
    // no certificate is there: whoever names it has signed nothing
    if (!key) return;
    if (this.keys.size >= MOST_CERTIFICATES) this.keys.clear();
    this.keys.set(certificateUrl, key);
  }

  /** @throws TemporarilyUnavailable when Amazon does not confirm */
  async confirm(subscribeUrl: string): Promise<void> {
    if (!isSubscribeUrl(subscribeUrl)) return;
    const { status } = await this.get(subscribeUrl);
    if (status !== 200) throw new TemporarilyUnavailable(`the subscription was not confirmed: ${status}`);
  }

  private async get(address: string): Promise<{ status: number; data: string }> {
    const { pathname, search } = new URL(address);
    const base = this.apiUrl();
    const url = base ? `${base.replace(/\/+$/, '')}${pathname}${search}` : address;
    try {
      const { status, data } = await axios.get<string>(url, {
        ...LIMITS,
        responseType: 'text',
        validateStatus: () => true,
      });
      return { status, data: String(data) };
    } catch (error) {
      throw new TemporarilyUnavailable(`Amazon SNS does not answer: ${(error as Error).message}`, 5, { cause: error });
    }
  }
}
