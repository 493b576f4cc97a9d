/** Remainders of every byte by the Castagnoli polynomial (RFC 3720, appendix B.4), reflected. */
const T0 = Int32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit += 1) remainder = remainder & 1 ? (remainder >>> 1) ^ 0x82f63b78 : remainder >>> 1;
  return remainder;
});

/** The same, one byte further on. */
const next = (table: Int32Array): Int32Array => table.map((remainder) => (remainder >>> 8) ^ T0[remainder & 0xff]!);
const T1 = next(T0);
const T2 = next(T1);
const T3 = next(T2);
const T4 = next(T3);
const T5 = next(T4);
const T6 = next(T5);
const T7 = next(T6);

/** Bytes of one call of `advance`, a multiple of eight. */
const STRETCH = 512;

/** CRC-32C of a stretch of bytes, unsigned: the checksum of a record batch. Eight bytes a step, which takes half the time. */
export function crc32c(bytes: Uint8Array, from: number, to: number): number {
  let crc = -1;
  let at = from;
  // V8 compiles a function that is called often better than one that is called seldom and loops for long
  for (; at + STRETCH <= to; at += STRETCH) crc = advance(crc, bytes, at, at + STRETCH);
  const whole = to - ((to - at) % 8);
  crc = advance(crc, bytes, at, whole);
  for (at = whole; at < to; at += 1) crc = T0[(crc ^ bytes[at]!) & 0xff]! ^ (crc >>> 8);
  return (crc ^ -1) >>> 0;
}

/** Over a multiple of eight bytes. */
function advance(before: number, bytes: Uint8Array, from: number, to: number): number {
  let crc = before;
  for (let at = from; at < to; at += 8) {
    const low = crc ^ (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24));
    crc =
      T7[low & 0xff]! ^
      T6[(low >>> 8) & 0xff]! ^
      T5[(low >>> 16) & 0xff]! ^
      T4[low >>> 24]! ^
      T3[bytes[at + 4]!]! ^
      T2[bytes[at + 5]!]! ^
      T1[bytes[at + 6]!]! ^
      T0[bytes[at + 7]!]!;
  }
  return crc;
}
