import { createHash } from 'node:crypto';
import type { StoredFile } from '@lienmach/adapter-kit';
import type { Attachment, AttachmentKind } from '@lienmach/contracts';
import { safeName } from './attachment-name.js';
import type { MailAttachment } from './mail.payload.js';

/** More are no attachments but a flood. */
const MOST_ATTACHMENTS = 100;

/** The contract's attachments of a mail, and their bytes for the blob store: `vendorId` is `sha256:` and the hash by which the store names them. */
export function storedAttachments(attachments: readonly MailAttachment[]): {
  readonly listed: Attachment[];
  readonly files: StoredFile[];
} {
  const files = new Map<string, StoredFile>();
  const listed = attachments.slice(0, MOST_ATTACHMENTS).map(({ bytes, contentType, fileName }, at): Attachment => {
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    files.set(sha256, { sha256, bytes });
    return {
      kind: kindOf(contentType),
      url: null,
      name: safeName(fileName, contentType, at + 1),
      vendorId: `sha256:${sha256}`,
      contentType,
      size: bytes.length,
    };
  });
  return { listed, files: [...files.values()] };
}

function kindOf(contentType: string): AttachmentKind {
  const [family] = contentType.split('/');
  return family === 'image' || family === 'video' || family === 'audio' ? family : 'file';
}
