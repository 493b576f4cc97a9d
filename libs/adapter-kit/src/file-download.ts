import axios from 'axios';
import { RequestFilteringHttpsAgent } from 'request-filtering-agent';
import type { SendContext } from './channel.js';
import type { SendOutcome } from './outbound-reply.js';
import { failed, later } from './outcomes.js';
import { breakOf } from './vendor-call.js';

/** A file that an agent named by its address. */
export interface DownloadedFile {
  readonly bytes: Buffer;
  /** As the server says, without parameters; `application/octet-stream` where it says nothing usable. */
  readonly contentType: string;
}

export type Download =
  | { readonly kind: 'got'; readonly file: DownloadedFile }
  | { readonly kind: 'too-large' }
  /** With what it means for the reply. */
  | { readonly kind: 'not-got'; readonly outcome: SendOutcome };

const MOST_REDIRECTS = 3;
/** The server may have it in a moment. */
const PASSING: ReadonlySet<number> = new Set([408, 425, 429]);
const MEDIA_TYPE = /^[\w.+-]+\/[\w.+-]+$/;
const UNNAMED_TYPE = 'application/octet-stream';

const notGot = (outcome: SendOutcome): Download => ({ kind: 'not-got', outcome });

/**
 * Fetches a file from wherever an agent says it is, for a vendor who takes bytes and no address. Never out of this machine's own network, whatever name leads
 * there and whatever redirect: what the process may reach is not what an agent may read. `ATTACHMENT_NETWORKS` names exceptions.
 * @param url https
 * @param name of the file, for the reason
 * @param largestBytes more is `too-large`, without reading it all
 */
export async function downloadFile(
  url: string,
  name: string,
  { signal, env, largestBytes }: Pick<SendContext, 'signal' | 'env'> & { readonly largestBytes: number },
): Promise<Download> {
  const httpsAgent = new RequestFilteringHttpsAgent({ allowIPAddressList: networksIn(env) });
  try {
    const { status, headers, data } = await axios.get<Buffer>(url, {
      responseType: 'arraybuffer',
      signal,
      httpsAgent,
      // a proxy would connect for us, and look at no address
      proxy: false,
      maxRedirects: MOST_REDIRECTS,
      beforeRedirect: ({ protocol }: Record<string, unknown>) => {
        if (protocol !== 'https:') throw new Error(PLAIN_REDIRECT);
      },
      maxContentLength: largestBytes,
      validateStatus: () => true,
    });
    if (status < 200 || status > 299) return notGot(outcomeOf(status, name));
    return { kind: 'got', file: { bytes: Buffer.from(data), contentType: mediaTypeOf(headers['content-type']) } };
  } catch (error) {
    return isTooLarge(error) ? { kind: 'too-large' } : notGot(outcomeOfBreak(error, name));
  } finally {
    httpsAgent.destroy();
  }
}

const PLAIN_REDIRECT = 'the file is not behind https';

const networksIn = (env: SendContext['env']): string[] =>
  (env['ATTACHMENT_NETWORKS'] ?? '').split(',').flatMap((each) => each.trim() || []);

function mediaTypeOf(header: unknown): string {
  const [type = ''] = (typeof header === 'string' ? header : '').split(';', 1);
  return MEDIA_TYPE.test(type.trim()) ? type.trim().toLowerCase() : UNNAMED_TYPE;
}

function outcomeOf(status: number, name: string): SendOutcome {
  const reason = `attachment-unavailable: the address of ${name} answers ${status}`;
  return status >= 500 || PASSING.has(status) ? later(reason) : failed(`${reason}: give it another one`);
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : '');

/** axios has no code of its own for it. */
const isTooLarge = (error: unknown): boolean => messageOf(error).includes('maxContentLength');

function outcomeOfBreak(error: unknown, name: string): SendOutcome {
  const said = messageOf(error);
  // the filter's and our own words: neither comes with a code
  if (said.includes('is not allowed'))
    return failed(`attachment-refused: the address of ${name} leads into a network of our own: publish it elsewhere`);
  if (said.includes(PLAIN_REDIRECT) || said.includes('redirects exceeded'))
    return failed(`attachment-refused: the address of ${name} leads elsewhere: give the file's own, with https`);
  const { code } = breakOf(error);
  const reason = `attachment-unavailable: ${name} could not be fetched (${code})`;
  return code === 'ENOTFOUND' ? failed(`${reason}: check its address`) : later(reason);
}
