import { downloadFile, failed, type SendContext, type SendOutcome } from '@lienmach/adapter-kit';
import type { ReplyAttachment } from '@lienmach/contracts';
import { safeName } from './attachment-name.js';

/** A file of a mail that goes out. */
export interface MailFile {
  readonly filename: string;
  readonly contentType: string;
  readonly content: Buffer;
}

/** Of all files of a mail: as base64 a third more, and Gmail takes 25 MB: https://support.google.com/mail/answer/6584 */
const LARGEST_TOGETHER = 18_000_000;

/**
 * Fetches what a mail carries along, one after the other, so that no more than one mail may hold is ever held.
 * @returns the files, or what it means for the reply that one could not be had
 */
export async function fetchAttachments(
  attachments: readonly ReplyAttachment[],
  context: Pick<SendContext, 'signal' | 'env'>,
): Promise<readonly MailFile[] | SendOutcome> {
  const files: MailFile[] = [];
  let left = LARGEST_TOGETHER;
  for (const [index, { kind, url, name }] of attachments.entries()) {
    const shown = name ?? `attachment ${index + 1}`;
    if (left === 0) return tooLarge(shown);
    const download = await downloadFile(url, shown, { ...context, largestBytes: left });
    if (download.kind === 'too-large') return tooLarge(shown);
    if (download.kind === 'not-got') return download.outcome;
    const { bytes, contentType } = download.file;
    if (!isOfKind(kind, contentType))
      return failed(
        `attachment-mismatch: the address of ${shown} gives ${contentType}, no ${kind}: give the file's own`,
      );
    left -= bytes.length;
    files.push({ filename: safeName(name ?? lastName(url), contentType, index + 1), contentType, content: bytes });
  }
  return files;
}

const tooLarge = (name: string): SendOutcome =>
  failed(
    `attachment-too-large: ${name} and what goes with it are more than ${LARGEST_TOGETHER / 1_000_000} MB: write the address into the text instead`,
  );

/** A page that shows a picture is none. */
const isOfKind = (kind: ReplyAttachment['kind'], contentType: string): boolean =>
  kind === 'file' || contentType.startsWith(`${kind}/`) || contentType === 'application/octet-stream';

function lastName(url: string): string | null {
  const last = new URL(url).pathname.split('/').at(-1) ?? '';
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
}
