const EQUALS = 0x3d;
const UNDERSCORE = 0x5f;
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const TAB = 0x09;

/** The bytes that a Content-Transfer-Encoding stands for; an unknown one leaves them as they are. */
export function decodeTransfer(bytes: Buffer, encoding: string): Buffer {
  switch (encoding) {
    case 'base64':
      // Node's decoder passes over line ends and ends at the first padding
      return Buffer.from(bytes.toString('latin1'), 'base64');
    case 'quoted-printable':
      return decodeQuotedPrintable(bytes);
    default:
      return bytes;
  }
}

/** RFC 2045, section 6.7; what breaks it is kept as written. */
export function decodeQuotedPrintable(bytes: Buffer): Buffer {
  const out = Buffer.allocUnsafe(bytes.length);
  let length = 0;
  let kept = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (byte === LF) {
      // spaces at the end of a line were added on the way; `kept` is the end of what was not
      const hasReturn = at > 0 && bytes[at - 1] === CR;
      length = kept;
      if (hasReturn) out[length++] = CR;
      out[length++] = LF;
      kept = length;
      continue;
    }
    if (byte !== EQUALS) {
      out[length++] = byte;
      if (byte !== SPACE && byte !== TAB && byte !== CR) kept = length;
      continue;
    }
    const skipped = softBreak(bytes, at + 1);
    if (skipped >= 0) {
      at += skipped;
      kept = length;
      continue;
    }
    const high = hexDigit(bytes[at + 1]);
    const low = hexDigit(bytes[at + 2]);
    if (high < 0 || low < 0) out[length++] = byte;
    else {
      out[length++] = (high << 4) | low;
      at += 2;
    }
    kept = length;
  }
  return out.subarray(0, length);
}

/** How many bytes after `=` make a soft line break; -1 where there is none. */
function softBreak(bytes: Buffer, from: number): number {
  let at = from;
  while (bytes[at] === SPACE || bytes[at] === TAB) at++;
  if (bytes[at] === CR) at++;
  if (bytes[at] === LF) return at + 1 - from;
  return at === bytes.length ? at - from : -1;
}

/** The Q encoding of RFC 2047. */
export function decodeQ(text: string): Buffer {
  const out = Buffer.allocUnsafe(text.length);
  let length = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at) & 0xff;
    const high = code === EQUALS ? hexDigit(text.charCodeAt(at + 1)) : -1;
    const low = code === EQUALS ? hexDigit(text.charCodeAt(at + 2)) : -1;
    if (high >= 0 && low >= 0) {
      out[length++] = (high << 4) | low;
      at += 2;
    } else out[length++] = code === UNDERSCORE ? SPACE : code;
  }
  return out.subarray(0, length);
}

function hexDigit(code: number | undefined): number {
  if (code === undefined) return -1;
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}
