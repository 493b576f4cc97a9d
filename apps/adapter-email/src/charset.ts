import { isUtf8 } from 'node:buffer';
import iconv from 'iconv-lite';

/** Text out of bytes, and whether its label could be trusted. */
export interface DecodedText {
  /** NFC, so that what looks alike is alike; without control characters but tab and line feed. */
  readonly text: string;
  /** The label was missing its charset or wrong, or bytes had no meaning in it. */
  readonly guessed: boolean;
}

/** Charsets that write everything in seven bits: their bytes are ASCII, and so UTF-8, and mean something else. */
const SEVEN_BIT = /^(?:iso-2022-|utf-7|hz-gb|utf-16|utf16|ucs-?2)/i;
/** Labels that say no more than "some bytes": what is no UTF-8 under them is what Windows wrote. */
const VAGUE = /^(?:us-ascii|ascii|iso-8859-1|latin-?1|x-unknown|unknown-8bit|default|binary)$/i;
/** What old Vietnamese programs wrote where they named nothing we know. */
const FALLBACK = 'windows-1258';

/**
 * Decodes by one rule: strict UTF-8 first, whatever the label says, because nothing else looks like it by chance; then the label; then the code page of
 * old Vietnamese programs.
 * @param label charset as the mail names it
 */
export function decodeText(bytes: Buffer, label: string | null = null): DecodedText {
  const charset = label?.trim().replace(/^["']|["']$/g, '') ?? '';
  const known = charset !== '' && iconv.encodingExists(charset);
  if (known && SEVEN_BIT.test(charset)) return decoded(iconv.decode(bytes, charset), false);
  if (isUtf8(bytes)) return decoded(bytes.toString('utf8'), !known && charset !== '');
  if (/^utf-?8$/i.test(charset)) return decoded(bytes.toString('utf8'), true);
  if (known && !VAGUE.test(charset)) return decoded(iconv.decode(bytes, charset), false);
  return decoded(iconv.decode(bytes, VAGUE.test(charset) ? 'windows-1252' : FALLBACK), true);
}

function decoded(text: string, guessed: boolean): DecodedText {
  return { text: cleanText(text), guessed };
}

const PLAIN = /^[\t\n\u0020-\u007e]*$/;
const CONTROL = /(?![\t\n])[\p{Cc}\ufeff]/gu;
const LONE_SURROGATE = /\p{Surrogate}/gu;

/** NFC, line feeds alone, no control characters, no halves of characters: such as JSON and a database take it. */
export function cleanText(text: string): string {
  // most headers are, and looking for what they lack is what costs
  if (PLAIN.test(text)) return text;
  return text.replace(/\r\n?/g, '\n').replace(CONTROL, '').replace(LONE_SURROGATE, '\ufffd').normalize('NFC');
}
