/** Numbers that look random and are the same in every run. */
export interface Random {
  /** From 0 to below 1. */
  next(): number;
  /** A whole number from 0 to below the limit. */
  below(limit: number): number;
}

/** Mulberry32: 32 bits of state, enough to pick words. */
export function random(seed: number): Random {
  let state = seed;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  return { next, below: (limit) => Math.floor(next() * limit) };
}

/** What customers of a shop write most. */
const SAID =
  'shop ơi cho em hỏi đơn hàng của đặt hôm trước mà mãi chưa thấy giao nhờ kiểm tra giúp với ạ cảm nhiều áo quần váy giày dép size màu đen trắng đỏ xanh vàng còn hết bao nhiêu tiền ship phí địa chỉ quận phường thành phố mua bán đổi trả hoàn lỗi hỏng rách nhầm sai thiếu gửi nhận chuyển khoản thanh toán thẻ mã giảm giá khuyến mãi quà tặng khách';
const BEGINNINGS = 'b c ch d đ g gi h kh l m n ng nh ph q r s t th tr v x'.split(' ');
const MIDDLES = 'a à á ả ạ ă ắ â ấ ầ e é ê ế i í o ó ô ố ơ ớ u ú ư ứ'.split(' ');
const ENDS = ['', 'n', 'ng', 'nh', 'c', 't', 'm', 'i', 'p'];
/** Often said words first, then about all syllables that Vietnamese could have. */
const SYLLABLES = [
  ...SAID.split(' '),
  ...ENDS.flatMap((end) => MIDDLES.flatMap((middle) => BEGINNINGS.map((beginning) => beginning + middle + end))),
];
/** Few are said in most messages, most in few. */
const SKEW = 4;
const [FEWEST, MOST] = [8, 36];

/** One message: 8 to 36 syllables, one in five with an order code of its own, one in twenty with a telephone number. */
export function messageText(numbers: Random, index: number): string {
  const words = Array.from(
    { length: FEWEST + numbers.below(MOST - FEWEST) },
    () => SYLLABLES[Math.floor(SYLLABLES.length * numbers.next() ** SKEW)]!,
  );
  if (index % 5 === 1) words.push(`DH${100_000 + index}`);
  if (index % 20 === 3) words.push(`SĐT 09${String(numbers.below(100_000_000)).padStart(8, '0')}`);
  return words.join(' ');
}
