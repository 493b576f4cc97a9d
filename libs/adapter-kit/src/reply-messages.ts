import { openForCommand } from '@lienmach/accounts';
import { REPLY_MASK } from '@lienmach/contracts';
import type { VendorDefinition } from './channel.js';
import type { OutboundReply, Reached, SendOutcome } from './outbound-reply.js';
import type { Claimed, Command, SentSoFar } from './outbound.repository.js';
import { later } from './outcomes.js';

/** A command as a sender gets it. */
export function replyOf({ id, data }: Pick<Command, 'id' | 'data'>): OutboundReply {
  const {
    thread,
    to,
    text,
    subject = null,
    attachments = [],
    replyTo = null,
    answers = null,
    replyToken = null,
  } = data;
  const lastCustomerAt = Date.parse(data.lastCustomerAt);
  const form = data.as ? { as: data.as } : {};
  return { id, thread, to, text, subject, attachments, lastCustomerAt, ...form, replyTo, answers, replyToken };
}

/**
 * The command with what only the customer may read in its place. It goes to the vendor and nowhere else.
 * @param key SECRETS_KEY
 * @throws where it was sealed by another key or for another command
 */
export function withSecret(command: Command, key: Buffer): Command {
  const { sealed, text } = command.data;
  if (sealed == null) return command;
  return {
    ...command,
    data: { ...command.data, text: text.replace(REPLY_MASK, () => openForCommand(key, command, sealed)) },
  };
}

/** The messages of a vendor who takes one thing in each: the text, then every attachment. The first one quotes what the reply quotes. */
export function oneByOne(reply: OutboundReply): readonly OutboundReply[] {
  const { text, attachments } = reply;
  const parts = [
    ...(text === '' ? [] : [{ text, attachments: [] }]),
    ...attachments.map((attachment) => ({ text: '', attachments: [attachment] })),
  ];
  return parts.map((part, index) => ({ ...reply, ...part, replyTo: index === 0 ? reply.replyTo : null }));
}

export interface MessageSending {
  /** One call of the vendor. */
  send(message: OutboundReply): Promise<SendOutcome>;
  /** Commits that a message went out and the next is tried; false: the claim is another's by now. */
  advance(soFar: SentSoFar): Promise<boolean>;
  /** False: the process ends, and leaves what is not begun to another. */
  goesOn(): boolean;
}

/**
 * Sends what is left of a reply, one message after the other, until one is not taken. Each that went out is committed before the next is begun: no attempt sends
 * it again.
 * @returns what became of the whole: `sent` with all ids, else the outcome of the message at which it stopped, and what went out before it
 */
export async function sendMessages(
  { messagesOf }: Pick<VendorDefinition, 'messagesOf'>,
  { command, soFar: before }: Pick<Claimed, 'command' | 'soFar'>,
  sending: MessageSending,
): Promise<{ readonly outcome: SendOutcome; readonly soFar: SentSoFar }> {
  const reply = replyOf(command);
  let soFar = before;
  let reached: Reached | undefined;
  const left = (messagesOf?.(reply) ?? [reply]).slice(soFar.messages);
  for (const [index, message] of left.entries()) {
    if (index > 0) {
      if (!(await sending.advance(soFar))) return { outcome: abandoned(), soFar };
      if (!sending.goesOn()) return { outcome: later('the process ends', 0), soFar };
    }
    const outcome = await sending.send(message);
    if (outcome.kind !== 'sent') return { outcome, soFar };
    soFar = { messages: soFar.messages + 1, ids: [...soFar.ids, ...outcome.ids] };
    reached = outcome.reached;
  }
  return { outcome: { kind: 'sent', ids: soFar.ids, ...(reached && { reached }) }, soFar };
}

/** Whoever took the claim has told so already. */
function abandoned(): SendOutcome {
  return { kind: 'unknown', reason: 'it took too long: look on the channel what arrived before you send it again' };
}
