/** A mail's own words, without what it quotes and how it is signed. */

const QUOTED = /^\s*>/;

/** `Vào … đã viết:`, `On … wrote:`; programs wrap it over up to three lines. */
const INTRODUCTIONS = [
  /^(?:Vào|Lúc|Ngày|On|Le|El)\b.{4,400}(?:đã viết|đã ghi|viết|wrote|schrieb|a écrit)\s*:$/isu,
  // older and other programs: name or date first
  /^.{4,300}<[^<>\s]+@[^<>\s]+>\s*(?:đã viết|viết|wrote)\s*:$/isu,
  /^\d{4}[-/]\d{1,2}[-/]\d{1,2}.{4,300}<[^<>\s]+@[^<>\s]+>\s*:$/isu,
];
const DIVIDERS = [
  /^_{10,}$/,
  /^-{2,}\s*(?:Original Message|Thư gốc|Tin nhắn gốc|Nội dung thư gốc|Forwarded message|Thư đã chuyển tiếp|Tin nhắn được chuyển tiếp|Thư được chuyển tiếp)\s*-{2,}$/iu,
  /^(?:Begin forwarded message|Bắt đầu thư được chuyển tiếp|Thư được chuyển tiếp)\s*:$/iu,
];
/** The head that Outlook puts above a quote: From, then at least two of the others. */
const HEAD_FROM = /^\*?(?:Từ|Người gửi|From)\s*:\*?\s*\S/iu;
const HEAD_REST = /^\*?(?:Đã gửi|Gửi|Ngày|Ngày gửi|Sent|Date|Đến|Tới|Người nhận|To|Cc|Chủ đề|Tiêu đề|Subject)\s*:\*?/iu;

/** `-- ` loses its space on the way of many. */
const SIGNATURE_DELIMITER = /^--\s?$/;
const MOBILE =
  /^(?:(?:Được\s+)?[Gg]ửi từ (?:iPhone|iPad|thiết bị|điện thoại|Samsung|Outlook|Yahoo|Zalo|[Mm]áy|Mail|thư)|Đã gửi từ |Sent from (?:my |Mail |Outlook|Yahoo|Samsung)|Tải (?:xuống )?Outlook cho|Get Outlook for)/u;
const CLOSING =
  /^(?:Trân trọng(?: kính chào| cảm ơn)?|Kính thư|Kính chào|Thân ái|Thân mến|Best regards|Kind regards|Warm regards|Regards|Sincerely|Yours sincerely|Best)[\s,.!]*$/iu;
/** Lines that may follow a closing: a name, a title, an address; what is longer is no signature. */
const MOST_SIGNATURE_LINES = 10;
const LONGEST_SIGNATURE_LINE = 120;
/** Introductions are looked for over so many lines. */
const WRAPPED = 4;
/** Texts of more lines are read so far only. */
const MOST_LINES = 20_000;

/**
 * What the sender wrote this time: cut before the first quote, introduction or forwarded head, then before the signature. Vietnamese and English. Where
 * nothing would be left (a forwarded mail, an answer below its quote) the lines that are not quoted stay, else the whole.
 */
export function replyText(fullText: string): string {
  const lines = fullText.split('\n', MOST_LINES);
  const cut = quoteStart(lines);
  const top = trimmed(lines.slice(0, cut));
  if (top.length > 0) return withoutSignature(top);
  const below = trimmed(lines.filter((line, at) => at > cut && !QUOTED.test(line)));
  const isAnswerBelow =
    cut < lines.length && isIntroduced(lines, cut) && below.length > 0 && hasQuotedLines(lines, cut);
  return isAnswerBelow ? withoutSignature(below) : fullText.trim();
}

const hasQuotedLines = (lines: readonly string[], from: number): boolean =>
  lines.slice(from).some((line) => QUOTED.test(line));

/** Whether the cut is a quote marked by `>`, after which the sender may go on. */
const isIntroduced = (lines: readonly string[], at: number): boolean =>
  QUOTED.test(lines[at]!) || introductionAt(lines, at) > 0;

/** Index of the first line that is not the sender's; the number of lines where all are. */
function quoteStart(lines: readonly string[]): number {
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at]!.trim();
    if (line === '') continue;
    if (QUOTED.test(line) || DIVIDERS.some((divider) => divider.test(line)) || isOutlookHead(lines, at)) return at;
    // the last line of a paragraph may touch the introduction, which then begins one line below
    if (introductionAt(lines, at) > 0 && introductionAt(lines, at + 1) === 0) return at;
  }
  return lines.length;
}

/** How many lines an introduction that begins here has; 0 where none does. */
function introductionAt(lines: readonly string[], at: number): number {
  let text = '';
  for (let count = 1; count <= WRAPPED && at + count <= lines.length; count++) {
    const line = lines[at + count - 1]!.trim();
    if (line === '' || line.length > 400) return 0;
    text = text === '' ? line : `${text} ${line}`;
    if (line.endsWith(':') && INTRODUCTIONS.some((introduction) => introduction.test(text))) return count;
  }
  return 0;
}

function isOutlookHead(lines: readonly string[], at: number): boolean {
  if (!HEAD_FROM.test(lines[at]!.trim())) return false;
  const following = lines.slice(at + 1, at + 7).filter((line) => HEAD_REST.test(line.trim()));
  return following.length >= 2;
}

function withoutSignature(lines: readonly string[]): string {
  for (let at = 1; at < lines.length; at++) {
    const line = lines[at]!;
    if (SIGNATURE_DELIMITER.test(line) || MOBILE.test(line.trim()) || isClosing(lines, at)) {
      const rest = trimmed(lines.slice(0, at));
      if (rest.length > 0) return rest.join('\n');
    }
  }
  return lines.join('\n');
}

/** A closing formula with nothing but short lines after it. */
function isClosing(lines: readonly string[], at: number): boolean {
  if (!CLOSING.test(lines[at]!.trim())) return false;
  const after = lines.slice(at + 1).filter((line) => line.trim() !== '');
  return after.length <= MOST_SIGNATURE_LINES && after.every((line) => line.length <= LONGEST_SIGNATURE_LINE);
}

function trimmed(lines: readonly string[]): string[] {
  let start = 0;
  let end = lines.length;
  while (start < end && lines[start]!.trim() === '') start++;
  while (end > start && lines[end - 1]!.trim() === '') end--;
  return lines.slice(start, end).map((line) => line.trimEnd());
}

/** `Re:`, `Trả lời:`, `Fwd:` … off a subject, as often as they stand there. */
export function bareSubject(subject: string): string {
  return subject.replace(/^(?:\s*(?:re|fwd?|trả lời|chuyển tiếp|tl|ct)\s*(?:\[\d+\])?\s*:)+\s*/iu, '').trim();
}
