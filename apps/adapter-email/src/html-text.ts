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

/** Readable text of HTML: no scripts, styles or images; quotes behind `> `. */
export function htmlToText(html: string): string {
  return cleanText(convert(html.slice(0, LONGEST_HTML)))
    .replaceAll('\u00a0', ' ')
    .replace(/[ \t]+$/gm, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

/** What a mail program puts before a quote: it stands between an answer and what it answers. */
const QUOTES =
  /<[^>]+(?:class=["']?[^"'>]*\b(?:gmail_quote|gmail_attr|gmail_extra|yahoo_quoted|moz-cite-prefix|protonmail_quote)\b|id=["']?(?:x_)?(?:divRplyFwdMsg|appendonsend|mail-editor-reference-message-container|OLK_SRC_BODY_SECTION|isForwardContent)|type=["']?cite)/i;

/** The HTML before its quote, as mail programs mark it; null where none is marked or nothing stands before it. */
export function htmlBeforeQuote(html: string): string | null {
  const at = html.slice(0, LONGEST_HTML).search(QUOTES);
  if (at < 0) return null;
  const before = html.slice(0, at);
  return htmlToText(before) === '' ? null : before;
}
