/** One part of a message that was too long for one SMS. */
export interface MessagePart {
  /** Id of the account that it came to. */
  readonly account: string;
  /** The vendor's id of this part. */
  readonly id: string;
  readonly from: string;
  readonly to: string | null;
  /** Of the message, chosen by the sender's telephone; used again before long. */
  readonly ref: string;
  readonly total: number;
  /** 1 is the first. */
  readonly part: number;
  readonly text: string;
  /** Milliseconds since 1970. */
  readonly time: number | null;
  readonly vendorData: Readonly<Record<string, unknown>>;
}

/** A part that is kept until its message is whole. */
export interface KeptPart extends MessagePart {
  /** Milliseconds since 1970. */
  readonly keptAt: number;
}

/** Whole, or what there is of it. */
export interface JoinedMessage {
  /** Of the first part that is there: the same whatever order the parts came in. */
  readonly id: string;
  readonly from: string;
  readonly to: string | null;
  readonly text: string;
  readonly time: number | null;
  readonly vendorData: Readonly<Record<string, unknown>>;
}

/** Stands where a part is missing. */
const GAP = '…';

/** What the parts of one message have in common. */
export const messageKey = ({ account, from, to, ref, total }: MessagePart): string =>
  JSON.stringify([account, from, to, ref, total]);

/** The parts of the next message in order; of two with one number the one that came first, the other belongs to another message. */
export function nextMessage(parts: Iterable<KeptPart>): KeptPart[] {
  const chosen = new Map<number, KeptPart>();
  for (const part of [...parts].sort((a, b) => a.keptAt - b.keptAt)) {
    if (!chosen.has(part.part)) chosen.set(part.part, part);
  }
  return [...chosen.values()].sort((a, b) => a.part - b.part);
}

export const isWhole = (parts: readonly KeptPart[]): boolean => parts.length === parts[0]?.total;

/** @param parts in order, at least one */
export function joined(parts: readonly KeptPart[]): JoinedMessage {
  const [first] = parts;
  if (!first) throw new RangeError('a message has at least one part');
  const byNumber = new Map(parts.map((part) => [part.part, part]));
  const numbers = Array.from({ length: first.total }, (_each, at) => at + 1);
  const missing = numbers.filter((number) => !byNumber.has(number));
  const times = parts.flatMap(({ time }) => time ?? []);
  return {
    id: first.id,
    from: first.from,
    to: first.to,
    text: numbers
      .map((number) => byNumber.get(number)?.text ?? GAP)
      .join('')
      .replaceAll(/…{2,}/g, GAP),
    time: times.length > 0 ? Math.min(...times) : null,
    vendorData: {
      ...first.vendorData,
      concat: { ref: first.ref, total: first.total },
      parts: parts.map(({ id }) => id),
      ...(missing.length > 0 && { missing }),
    },
  };
}
