import {
  replyRulesOf,
  type IdentifierType,
  type LinkLevel,
  type ReplyAttachment,
  type ReplyRules,
} from '@lienmach/contracts';

/** A thread of a conversation by its customer's last word in it. */
export interface ReplyThread {
  readonly channel: string;
  readonly vendor: string;
  readonly account: string;
  /** The vendor's id. */
  readonly thread: string;
  readonly kind: string;
  /** Milliseconds. */
  readonly lastAt: number;
  readonly identifierId: string;
  /** Of the customer. */
  readonly type: IdentifierType;
  /** How strongly its identifier is tied to the person. */
  readonly level: LinkLevel | null;
  /** Since when its identifier is somebody else's (rule I13), milliseconds; absent or null: it is the customer's. */
  readonly givenAwayAt?: number | null;
}

/** What whoever answers should know: nothing proves that it reaches the one who wrote last, or everybody can read it. */
export const REPLY_WARNINGS = ['unverified', 'public'] as const;
export type ReplyWarning = (typeof REPLY_WARNINGS)[number];

/** Why nothing can be sent where it was wanted. */
export type Refusal =
  | 'window-closed'
  | 'channel-sends-nothing'
  | 'no-such-thread'
  | 'somebody-elses-now'
  | 'no-private-answer'
  | 'answered-privately';

export type Choice<T extends ReplyThread> =
  | {
      readonly kind: 'chosen';
      readonly thread: T;
      readonly rules: ReplyRules;
      readonly warnings: readonly ReplyWarning[];
    }
  | {
      readonly kind: 'refused';
      readonly reason: Refusal;
      /** When the window closed, or the number became somebody else's, milliseconds. */
      readonly closedAt: number | null;
      /** Channels of the conversation that are open, the latest used first. */
      readonly channels: readonly string[];
    };

const HOUR = 60 * 60 * 1000;

/** When the window of a thread closes, milliseconds; null: never, undefined: nothing can be sent there. */
function closingTime({ lastAt }: ReplyThread, rules: ReplyRules | undefined): number | null | undefined {
  return rules && (rules.windowHours === null ? null : lastAt + rules.windowHours * HOUR);
}

const rulesOf = ({ channel, kind, vendor }: ReplyThread, isPrivate = false): ReplyRules | undefined => {
  const rules = replyRulesOf(channel, kind, vendor);
  return isPrivate ? rules?.private : rules;
};

function isOpen(thread: ReplyThread, now: number, rules = rulesOf(thread)): boolean {
  if (thread.givenAwayAt != null) return false;
  const closesAt = closingTime(thread, rules);
  return closesAt !== undefined && (closesAt === null || now <= closesAt);
}

/**
 * Where a reply goes (rule T12): to the thread of the customer's last word, or to the wanted one, or that of the wanted channel. Never to another one by itself.
 * @param threads of the conversation, in any order
 * @param wanted a thread of them (undefined: one that is none of them), a channel, or null
 * @param now milliseconds
 * @param isPrivate what everybody can read is answered so that only the customer can
 */
export function chooseThread<T extends ReplyThread>(
  threads: readonly T[],
  wanted: T | string | null | undefined,
  now: number,
  isPrivate = false,
): Choice<T> {
  const sorted = [...threads].sort((a, b) => b.lastAt - a.lastAt || (a.thread < b.thread ? -1 : 1));
  const [latest] = sorted;
  const named = typeof wanted === 'string' ? sorted.find(({ channel }) => channel === wanted) : wanted;
  const thread = named === null ? latest : named;
  const channels = [...new Set(sorted.filter((one) => isOpen(one, now)).map(({ channel }) => channel))];
  if (!thread || !latest) return { kind: 'refused', reason: 'no-such-thread', closedAt: null, channels };
  const { givenAwayAt = null } = thread;
  if (givenAwayAt !== null) return { kind: 'refused', reason: 'somebody-elses-now', closedAt: givenAwayAt, channels };
  const rules = rulesOf(thread, isPrivate);
  const closesAt = closingTime(thread, rules);
  if (rules === undefined || closesAt === undefined) {
    const reason = isPrivate ? 'no-private-answer' : 'channel-sends-nothing';
    return { kind: 'refused', reason, closedAt: null, channels };
  }
  if (!isOpen(thread, now, rules)) return { kind: 'refused', reason: 'window-closed', closedAt: closesAt, channels };
  const warnings: ReplyWarning[] = [
    ...(isProven(thread, latest) ? [] : ['unverified' as const]),
    ...(rules.as === 'comment' ? ['public' as const] : []),
  ];
  return { kind: 'chosen', thread, rules, warnings };
}

/** What a reply says. */
export interface ReplyContent {
  readonly text: string;
  readonly attachments: readonly ReplyAttachment[];
}

/** What the channel can't carry, by the field of the request that has to change; null: it carries it. */
export function unfit(
  { text, attachments }: ReplyContent,
  { longestText, attachments: allowed }: ReplyRules,
): { readonly field: string; readonly detail: string } | null {
  if (text.length > longestText)
    return { field: 'text', detail: `must not be longer than ${longestText} characters there` };
  if (attachments.length === 0) return null;
  const field = 'attachments';
  if (!allowed) return { field, detail: 'are not sent there: send a text' };
  const { kinds, most } = allowed;
  const other = attachments.findIndex(({ kind }) => !kinds.includes(kind));
  if (other >= 0) return { field: `${field}.${other}.kind`, detail: `must be ${kinds.join(', ')} there` };
  if (attachments.length > most) return { field, detail: `must not be more than ${most} there` };
  return null;
}

/** Whether whoever reads the one thread is surely the one who wrote in the other (rule I4). Who wrote a mail without proof of its sender, nobody knows (I3). */
function isProven(thread: ReplyThread, latest: ReplyThread): boolean {
  if (thread.type === 'mail_thread') return false;
  return thread.identifierId === latest.identifierId || (thread.level === 'verified' && latest.level === 'verified');
}
