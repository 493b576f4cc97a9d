/** What file systems and shells give a meaning of their own, and what makes a name look like another. */
const UNSAFE = /[<>:"|?*\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;
/** Names that Windows keeps for devices, with any extension. */
const RESERVED = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;
const LONGEST = 150;

const EXTENSIONS: Readonly<Record<string, string>> = {
  'application/pdf': '.pdf',
  'application/zip': '.zip',
  'application/msword': '.doc',
  'application/vnd.ms-excel': '.xls',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': '.docx',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': '.xlsx',
  'image/jpeg': '.jpg',
  'image/png': '.png',
  'image/gif': '.gif',
  'image/webp': '.webp',
  'image/heic': '.heic',
  'message/rfc822': '.eml',
  'text/calendar': '.ics',
  'text/csv': '.csv',
  'text/html': '.html',
  'text/plain': '.txt',
};

/**
 * A name that can be shown, saved and sent: no folders, no hidden files, no control or direction characters, its extension kept.
 * @param given as the sender wrote it
 * @param index of the attachment in its mail, from 1: names the nameless
 */
export function safeName(given: string | null, contentType: string, index: number): string {
  const last = (given ?? '').normalize('NFC').split(/[/\\]/).at(-1) ?? '';
  const clean = last
    .replace(UNSAFE, '')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/^\.+/, '')
    .replace(/[. ]+$/, '');
  if (clean === '') return `attachment-${index}${EXTENSIONS[contentType] ?? ''}`;
  const name = RESERVED.test(clean) ? `_${clean}` : clean;
  return name.length <= LONGEST ? name : shortened(name);
}

function shortened(name: string): string {
  const extension = /\.[^.]{1,16}$/.exec(name)?.[0] ?? '';
  return (
    [...name.slice(0, LONGEST - extension.length)].filter((char) => !/\p{Surrogate}/u.test(char)).join('') + extension
  );
}
