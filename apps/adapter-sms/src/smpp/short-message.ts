import { encodeGsm, fitsGsm } from '../gsm-alphabet.js';

/** A text as the network carries it. */
export interface EncodedText {
  /** 0: the SMSC's own alphabet, GSM 03.38 in whole bytes; 8: UCS-2. SMPP 3.4, 5.2.19. */
  readonly dataCoding: 0 | 8;
  /** One for each short message; several that the telephone puts together. At least one. */
  readonly parts: readonly Buffer[];
}

interface Alphabet {
  readonly dataCoding: EncodedText['dataCoding'];
  readonly encode: (text: string) => Buffer;
  /** Bytes of a message that stands alone, and of a part that shares its room with the header of six bytes. 3GPP TS 23.040, 9.2.3.24.1. */
  readonly alone: number;
  readonly part: number;
}

const GSM: Alphabet = { dataCoding: 0, encode: encodeGsm, alone: 160, part: 153 };
const UCS2: Alphabet = {
  dataCoding: 8,
  encode: (text) => Buffer.from(text, 'utf16le').swap16(),
  alone: 140,
  part: 134,
};

/** In the GSM alphabet where every character is of it, else in UCS-2; no character is cut in two. */
export function encodeText(text: string): EncodedText {
  // a letter and its mark, as some keyboards write them, are one letter
  const composed = text.normalize('NFC');
  const alphabet = fitsGsm(composed) ? GSM : UCS2;
  const { dataCoding, encode, alone, part } = alphabet;
  const whole = encode(composed);
  if (whole.length <= alone) return { dataCoding, parts: [whole] };
  const parts: Buffer[] = [];
  let taken: Buffer[] = [];
  let length = 0;
  for (const character of composed) {
    const bytes = encode(character);
    if (length + bytes.length > part) {
      parts.push(Buffer.concat(taken));
      taken = [];
      length = 0;
    }
    taken.push(bytes);
    length += bytes.length;
  }
  return { dataCoding, parts: [...parts, Buffer.concat(taken)] };
}
