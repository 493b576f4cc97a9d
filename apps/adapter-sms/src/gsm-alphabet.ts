/** GSM 03.38, one character for each septet; `\u001b` begins an extension. */
const BASIC =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\u001bÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
const ESCAPE = 0x1b;
const EXTENDED: Readonly<Record<number, string>> = {
  0x0a: '\f',
  0x14: '^',
  0x28: '{',
  0x29: '}',
  0x2f: '\\',
  0x3c: '[',
  0x3d: '~',
  0x3e: ']',
  0x40: '|',
  0x65: '€',
};

/** Text of unpacked septets, one in each byte; an unknown extension is read as the character that it falls back to. */
export function decodeGsm(bytes: Buffer): string {
  let text = '';
  for (let at = 0; at < bytes.length; at++) {
    const code = bytes[at]! & 0x7f;
    if (code !== ESCAPE) text += BASIC[code];
    else if (++at < bytes.length) text += EXTENDED[bytes[at]! & 0x7f] ?? BASIC[bytes[at]! & 0x7f];
  }
  return text;
}

/** Septets of each character that can be written: one, or an escape and another one. */
const SEPTETS: ReadonlyMap<string, readonly number[]> = new Map([
  ...[...BASIC]
    .map((character, code): [string, number[]] => [character, [code]])
    .filter(([, [code]]) => code !== ESCAPE),
  ...Object.entries(EXTENDED).map(([code, character]): [string, number[]] => [character, [ESCAPE, Number(code)]]),
]);

/** Whether every character can be written in it: one that cannot, as most Vietnamese letters, makes the whole SMS UCS-2. */
export const fitsGsm = (text: string): boolean => [...text].every((character) => SEPTETS.has(character));

/** One septet in each byte. @throws RangeError for a character that is not of the alphabet */
export function encodeGsm(text: string): Buffer {
  return Buffer.from(
    [...text].flatMap((character) => {
      const septets = SEPTETS.get(character);
      if (!septets) throw new RangeError('a character outside the GSM alphabet');
      return septets;
    }),
  );
}
