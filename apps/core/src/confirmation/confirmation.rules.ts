import { createHmac } from 'node:crypto';
import { REPLY_MASK, joinKey, type ChannelEvent, type FirstMessageRules } from '@lienmach/contracts';

/** How long a code holds, what may be tried, and how often one may be asked for. */
export const CONFIRMATION_LIMITS = {
  minutes: 15,
  /** Codes that the customer may type, wrong ones and the right one. */
  guesses: 5,
  /** Codes that are sent to one number or address within a day. */
  perIdentifier: 5,
  /** Codes that are sent for one person within a day. */
  perPerson: 10,
  /** Between two codes to the same number or address. */
  pauseSeconds: 60,
} as const;

export const CODE_DIGITS = 6;
/** As many characters as the code: what fits with the one fits with the other. */
export const CODE_PLACE = '{code}';

/** Short: with its accents a text message has 70 characters. */
export const DEFAULT_TEXT = `Mã xác nhận: ${CODE_PLACE}. Hãy gõ mã này vào cuộc trò chuyện trong ${CONFIRMATION_LIMITS.minutes} phút.`;
export const DEFAULT_SUBJECT = 'Mã xác nhận';

/** The text as everybody may see it. */
export const maskedText = (template: string): string => template.replace(CODE_PLACE, REPLY_MASK);

/** What is kept of a code. @param secret the tenant's: without it a million codes are soon tried */
export function codeHash(secret: Buffer, confirmationId: string, code: string): Buffer {
  return createHmac('sha256', secret)
    .update(joinKey('one-time-code', confirmationId, code))
    .digest();
}

/** Six digits that stand alone; also in two halves, where no other number is beside them: parts of a phone number are none. */
const CODE = /(?<![\p{L}\d])\d{6}(?![\p{L}\d])|(?<![\p{L}\d]|\d[ .,-])\d{3}[ -]\d{3}(?![\p{L}\d]|[ .,-]\d)/gu;

/** What might be a code in the words of a customer, each once, in order. */
export function codesTyped({ data }: ChannelEvent): string[] {
  const isCustomers = data.kind === 'message' && data.direction === 'inbound' && data.author.kind === 'customer';
  if (!isCustomers || data.automatic != null) return [];
  const found = data.content.text?.match(CODE) ?? [];
  return [...new Set(found.map((code) => code.replace(/\D/g, '')))];
}

/** One message that was typed while the code was open. */
export interface Attempt {
  readonly eventId: string;
  /** Milliseconds. */
  readonly at: number;
  /** How many codes stand in it. */
  readonly codes: number;
  /** Which of them is the right one, from 1; null: none. */
  readonly correct: number | null;
}

/** The attempt that confirms; null: none does. By event time, so that the order in which messages are heard of says nothing. */
export function confirmingAttempt(attempts: readonly Attempt[], guesses: number): Attempt | null {
  const sorted = [...attempts].sort((a, b) => a.at - b.at || (a.eventId < b.eventId ? -1 : 1));
  let used = 0;
  for (const attempt of sorted) {
    if (attempt.correct !== null && used + attempt.correct <= guesses) return attempt;
    used += attempt.codes;
  }
  return null;
}

export const CONFIRMATION_STATES = ['pending', 'confirmed', 'expired', 'failed'] as const;

export interface ConfirmationFacts {
  readonly attempts: readonly Attempt[];
  readonly guesses: number;
  /** Milliseconds. */
  readonly expiresAt: number;
  /** What became of the message with the code. */
  readonly delivery: { readonly state: string; readonly reason: string | null } | null;
}

export interface Standing {
  readonly state: (typeof CONFIRMATION_STATES)[number];
  /** Of a failure: `too-many-guesses`, or what the adapter says of the message. */
  readonly reason: string | null;
  readonly confirmedBy: Attempt | null;
}

/** How a confirmation stands. A code that was typed in time counts whenever we hear of it. @param now milliseconds */
export function standingOf({ attempts, guesses, expiresAt, delivery }: ConfirmationFacts, now: number): Standing {
  const confirmedBy = confirmingAttempt(attempts, guesses);
  if (confirmedBy) return { state: 'confirmed', reason: null, confirmedBy };
  const none = { confirmedBy: null };
  const used = attempts.reduce((sum, { codes }) => sum + codes, 0);
  if (used >= guesses) return { state: 'failed', reason: 'too-many-guesses', ...none };
  if (delivery?.state === 'failed') return { state: 'failed', reason: delivery.reason, ...none };
  return { state: now > expiresAt ? 'expired' : 'pending', reason: null, ...none };
}

export interface SendingAccount {
  readonly channel: string;
  readonly vendor: string;
  readonly id: string;
  readonly brand: string;
}

/** The account that sends: one of the brand in whose thread the customer writes, where there is one; of several the first by name. */
export function accountToSend<T extends SendingAccount>(accounts: readonly T[], brand: string | null): T | undefined {
  const name = ({ channel, vendor, id }: SendingAccount): string => joinKey(channel, vendor, id);
  const rank = (one: SendingAccount): number => (one.brand === brand ? 0 : 1);
  return [...accounts].sort((a, b) => rank(a) - rank(b) || (name(a) < name(b) ? -1 : 1))[0];
}

/** The vendor's, or our own, name of the thread in which a first message goes. */
export function threadOf({ thread }: FirstMessageRules, address: string, messageId: string): string {
  return thread === 'address' ? address : messageId;
}

/** Seconds until one may be asked for again; null: now. Times in milliseconds. */
export function secondsToWait(
  sent: { readonly toIdentifier: readonly number[]; readonly forPerson: readonly number[] },
  now: number,
): number | null {
  const { perIdentifier, perPerson, pauseSeconds } = CONFIRMATION_LIMITS;
  const free = [
    freeAt(sent.toIdentifier, 1, pauseSeconds * 1_000),
    freeAt(sent.toIdentifier, perIdentifier, DAY),
    freeAt(sent.forPerson, perPerson, DAY),
  ];
  const wait = Math.max(...free) - now;
  return wait > 0 ? Math.ceil(wait / 1_000) : null;
}

export const DAY = 24 * 60 * 60 * 1_000;

/** When fewer than so many lie within the span before. */
function freeAt(times: readonly number[], most: number, span: number): number {
  const newest = [...times].sort((a, b) => b - a)[most - 1];
  return newest === undefined ? -Infinity : newest + span;
}
