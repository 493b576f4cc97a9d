import type { Attachment } from '@lienmach/contracts';

/** Words of one version of the list; a change is a new version, so that a replay under old rules gives what it gave. */
interface ThanksWords {
  /** Said by itself, a thanks or an acknowledgement. */
  readonly thanks: ReadonlySet<string>;
  /** May stand beside such a word and changes nothing. */
  readonly filler: ReadonlySet<string>;
}

const VERSIONS = {
  1: {
    thanks: words(`
      cảm_ơn camon thank thanks thks thx tks tk ty thanku thankyou
      ok oke okie okey okay oki okla okela okok dạ vâng ừ ừm uh uhm được đc dc`),
    filler: words(`
      ạ à á ah nhé nhe nha nhen nhá nghen hen hi hihi hehe haha rồi nhiều lắm rất quá luôn nữa xin đấy vậy thế ơi
      shop sốp ad admin adm em anh chị ac e c mình bạn chú bác ông nhóm team bên cskh nv page
      you u so much very lot many all guys dear sir madam my friend
      tốt tuyệt vời great good perfect nice fine`),
  },
} as const satisfies Record<number, ThanksWords>;

export type ThanksVersion = keyof typeof VERSIONS;
export const THANKS_VERSION: ThanksVersion = 1;

/** Several words that count as one, or as none; looked for after runs of a letter were shortened. */
const PHRASES: readonly (readonly [RegExp, string])[] = [
  [/(?<=^| )c[aáảã]m [oơ]n(?= |$)/g, 'cảm_ơn'],
  [/(?<=^| )for (?:your|the) (?:help|suport)(?= |$)/g, ''],
  [/(?<=^| )đã giúp(?: đỡ)?(?= |$)/g, ''],
];

/** Approving pictures that say no more than "ok". */
const KIND_PICTURES = /[👍👌🙏💪🤝👏🙆🫶🥰😍😘😊🙂😀😁😄😃😆😅☺🤗😇❤♥🧡💛💚💙💜🩷💖💕💗💓💞💝🌹🌷🌸💐✅✔🎉💯]/gu;
const SKIN_AND_JOINERS = /[\u{1F3FB}-\u{1F3FF}]|\uFE0E|\uFE0F|\u200D/gu;
const SMILEYS = /<3+|\^[_.]?\^|[:=;]-?[)\]]+/g;
/** A longer text is no mere thanks, and the expressions above need not look at it. */
const LONGEST = 200;

/**
 * A pure thanks, "ok" or sticker (rule T4): nothing in it wants an answer. A question mark, a number, or any word that is neither thanks nor filler makes it an
 * ordinary message; so does a picture or a file.
 */
export function isThanks(
  content: { readonly text: string | null; readonly attachments: readonly Pick<Attachment, 'kind'>[] },
  version: ThanksVersion = THANKS_VERSION,
): boolean {
  if (content.attachments.some(({ kind }) => kind !== 'sticker')) return false;
  const text = (content.text ?? '').trim();
  if (text === '') return content.attachments.length > 0;
  if (text.length > LONGEST) return false;

  const spoken = text.replace(SKIN_AND_JOINERS, '').replace(KIND_PICTURES, ' ').replace(SMILEYS, ' ').trim();
  if (spoken === '') return true;
  const { thanks, filler }: ThanksWords = VERSIONS[version];
  const said = wordsOf(spoken);
  return said.some((word) => thanks.has(word)) && said.every((word) => thanks.has(word) || filler.has(word));
}

function wordsOf(text: string): string[] {
  let plain = shortened(
    text
      .normalize('NFC')
      .toLowerCase()
      .replace(/[\s.,!~…'"()\-/]+/g, ' '),
  );
  for (const [phrase, joined] of PHRASES) plain = plain.replace(phrase, joined);
  return plain.split(' ').filter((word) => word !== '');
}

/** "okkkk" is "ok", "thanksss" is "thanks": a run of one letter counts once. */
function shortened(text: string): string {
  return text.replace(/(\p{L})\1+/gu, '$1');
}

/** Each word as it is written properly and as one types it without marks; "làm" so is not "lắm", but "lam" may be. */
function words(list: string): ReadonlySet<string> {
  const proper = list.trim().split(/\s+/).map(shortened);
  return new Set(proper.flatMap((word) => [word, withoutMarks(word)]));
}

function withoutMarks(word: string): string {
  return word.normalize('NFD').replace(/\p{M}/gu, '').replaceAll('đ', 'd');
}
