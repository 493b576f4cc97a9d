import { compile } from 'html-to-text';
import { cleanText } from './charset.js';

/** Longer HTML is machine-made; reading it would hold up the door. */
const LONGEST_HTML = 2 * 1024 * 1024;

const convert = compile({
  wordwrap: false,
  limits: { maxDepth: 200, maxChildNodes: 20_000, maxInputLength: LONGEST_HTML, ellipsis: '…' },
  selectors: [
    { selector: 'img', format: 'skip' },
    { selector: 'a', options: { hideLinkHrefIfSameAsText: true, ignoreHref: false, noAnchorUrl: true } },
    { selector: 'blockquote', format: 'blockquote', options: { leadingLineBreaks: 1, trailingLineBreaks: 1 } },
    { selector: 'p', options: { leadingLineBreaks: 1, trailingLineBreaks: 1 } },
    ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({ selector, options: { uppercase: false } })),
    { selector: 'table', format: 'block' },
    { selector: 'hr', format: 'skip' },
    // one attribute is enough for a program to hide what it says to a search
    { selector: '[style*="display:none"]', format: 'skip' },
  ],
});

/** Of open elements: nobody's mail nests deeper, and the converter's time grows with the square of it. */
const MOST_NESTING = 1_000;
/** Elements that have no end or that the next one of their kind ends. */
const UNNESTED = new Set(
  'area base br col hr img input link meta param source track wbr p li td th tr option dt dd'.split(' '),
);

/** The HTML up to where it nests too deep. */
function bounded(html: string): string {
  const text = html.slice(0, LONGEST_HTML);
  let depth = 0;
  for (const match of text.matchAll(/<(\/?)([a-z][a-z0-9]{0,20})/gi)) {
    if (UNNESTED.has(match[2]!.toLowerCase())) continue;
    depth = match[1] === '/' ? Math.max(0, depth - 1) : depth + 1;
    if (depth > MOST_NESTING) return text.slice(0, match.index);
  }
  return text;
}

/** Readable text of HTML: no scripts, styles or images; quotes behind `> `. */
export function htmlToText(html: string): string {
  return cleanText(convert(bounded(html)))
    .replaceAll('\u00a0', ' ')
    .replace(/[ \t]+$/gm, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

/** What a mail program puts before a quote: it stands between an answer and what it answers. */
const QUOTES =
  /<[^<>]{1,1000}(?:class=["']?[^"'>]*\b(?:gmail_quote|gmail_attr|gmail_extra|yahoo_quoted|moz-cite-prefix|protonmail_quote)\b|id=["']?(?:x_)?(?:divRplyFwdMsg|appendonsend|mail-editor-reference-message-container|OLK_SRC_BODY_SECTION|isForwardContent)|type=["']?cite)/i;

/** The HTML before its quote, as mail programs mark it; null where none is marked or nothing stands before it. */
export function htmlBeforeQuote(html: string): string | null {
  const at = html.slice(0, LONGEST_HTML).search(QUOTES);
  if (at < 0) return null;
  const before = html.slice(0, at);
  return htmlToText(before) === '' ? null : before;
}
