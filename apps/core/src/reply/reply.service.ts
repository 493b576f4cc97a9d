import { randomUUID } from 'node:crypto';
import type { ReplyForm } from '@lienmach/contracts';
import { Injectable } from '@nestjs/common';
import type { Access } from '../access/access.js';
import { idempotencyKey, requestHashOf, requireSameRequest } from '../api/idempotency-key.js';
import { Problem } from '../api/problem.js';
import { isUuid } from '../api/uuid.js';
import { TenantDatabase, type Transaction } from '../database/tenant-database.js';
import type { ReplyDto, ReplyRequestDto } from './reply.dto.js';
import { ReplyRepository, type StoredItem, type StoredThread } from './reply.repository.js';
import { chooseThread, unfit, type Refusal, type ReplyContent } from './reply.rules.js';
import { SendingService } from './sending.service.js';

const REFUSALS: Readonly<Record<Refusal, string>> = {
  'window-closed': "The vendor's window for answering this customer is closed there",
  'channel-sends-nothing': 'Nothing can be sent there',
  'somebody-elses-now': 'The number there is somebody else’s now',
  'no-private-answer': 'Only what everybody can read is answered privately',
  'answered-privately': 'It was answered privately before, and that is possible once',
  'no-such-thread': 'The customer wrote nothing there that could be answered',
};

/** Takes replies: a queued item of the timeline and a command to an adapter, in one transaction. */
@Injectable()
export class ReplyService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly replies: ReplyRepository,
    private readonly sending: SendingService,
  ) {}

  /** @param header `Idempotency-Key`: asked again with the same one, it answers the same and sends nothing */
  reply(access: Access, conversation: string, header: string | undefined, request: ReplyRequestDto): Promise<ReplyDto> {
    const key = idempotencyKey(header, 'reply');
    const requestHash = hashOf(conversation, request);
    return this.database.write(access.tenant, async (transaction) => {
      const before = await this.answered(transaction, access, key, requestHash);
      if (before) return before;
      const { thread, answer, content, as, quotes } = await this.prepare(transaction, conversation, request);
      await this.sending.lock(transaction, thread);
      if (as === 'private-message') {
        // the same request may have been ahead
        const meanwhile = await this.answered(transaction, access, key, requestHash);
        if (meanwhile) return meanwhile;
        const isDone = await this.replies.isAnsweredPrivately(transaction, thread.lastItemId);
        if (isDone) throw refusal('answered-privately', null, [thread.channel]);
      }
      // a vendor's clock may be a little ahead of ours: an answer comes after what it answers
      const at = Math.max(Date.now(), thread.lastAt + 1);
      const { actor } = access;
      if (!(await this.replies.insert(transaction, { actor, key, requestHash, answer, at }))) {
        return (await this.answered(transaction, access, key, requestHash))!;
      }
      const answers = await this.replies.answered(transaction, thread.lastEventId);
      const { channel, vendor, account, thread: name, type, scope, value, lastAt } = thread;
      await this.sending.send(transaction, {
        id: answer.id,
        channel,
        vendor,
        account,
        thread: name,
        to: { type, scope, value },
        ...content,
        author: { kind: 'agent', name: actor },
        at,
        lastCustomerAt: lastAt,
        as,
        answers,
        replyTo: quotes ? (answers?.vendorEventId ?? null) : null,
      });
      return answer;
    });
  }

  private async answered(
    transaction: Transaction,
    { actor }: Access,
    key: string,
    requestHash: Buffer,
  ): Promise<ReplyDto | undefined> {
    const stored = await this.replies.byKey(transaction, actor, key);
    if (stored) requireSameRequest(stored.requestHash, requestHash, 'reply');
    return stored?.answer;
  }

  private async prepare(transaction: Transaction, conversation: string, request: ReplyRequestDto): Promise<Prepared> {
    const present = isUuid(conversation) ? await this.replies.conversation(transaction, conversation) : undefined;
    if (!present) throw Problem.notFound('There is no such conversation');
    const threads = await this.replies.threads(transaction, present);
    const item = request.itemId ? await this.item(transaction, present, request.itemId, request.channel) : null;
    const isPrivate = request.private ?? false;
    const wanted = item ? threadOf(item, threads, isPrivate) : (request.channel ?? null);
    const choice = chooseThread(threads, wanted, Date.now(), isPrivate);
    if (choice.kind === 'refused') throw refusal(choice.reason, choice.closedAt, choice.channels);
    const { thread, rules, warnings } = choice;
    const content = contentOf(request);
    const wrong = unfit(content, rules);
    if (wrong) throw Problem.invalid([wrong]);
    const id = randomUUID();
    const { as = null } = rules;
    return {
      thread,
      content,
      as,
      quotes: as !== null || (item !== null && QUOTABLE.has(item.kind)),
      answer: { id, conversationId: present, channel: thread.channel, delivery: 'queued', warnings: [...warnings] },
    };
  }

  /** The item that the agent answers. @throws Problem 422 */
  private async item(
    transaction: Transaction,
    conversation: string,
    id: string,
    channel: string | null | undefined,
  ): Promise<StoredItem> {
    const item = await this.replies.item(transaction, conversation, id);
    const wrong = (field: string, detail: string): Problem => Problem.invalid([{ field, detail }]);
    if (!item) throw wrong('itemId', 'must be an item of the conversation');
    if (!item.customer) throw wrong('itemId', 'must be an item that the customer wrote');
    if (item.removed) throw wrong('itemId', 'was taken back by the customer');
    if (channel && channel !== item.channel)
      throw wrong('channel', `must be ${item.channel}, as of the item, or left out`);
    return item;
  }
}

/** @param closedAt milliseconds */
function refusal(reason: Refusal, closedAt: number | null, channels: readonly string[]): Problem {
  const closed = closedAt === null ? null : new Date(closedAt).toISOString();
  return Problem.conflict(REFUSALS[reason], { reason, closedAt: closed, channels });
}

/** A reply that may go out. */
interface Prepared {
  readonly thread: StoredThread;
  readonly answer: ReplyDto;
  readonly content: ReplyContent;
  /** Null: a message. */
  readonly as: ReplyForm | null;
  /** It names what it answers. */
  readonly quotes: boolean;
}

/** Kinds that the vendor knows by an id of their own; others are known by one that we made of their parts. */
const QUOTABLE: ReadonlySet<string> = new Set(['message']);

/** The thread of an item, answered by that item. A private answer is one to this item alone, whatever came after it. */
function threadOf(item: StoredItem, threads: readonly StoredThread[], isPrivate: boolean): StoredThread | undefined {
  const { id, threadId, identifierId, kind, eventId, at } = item;
  const found = threads.find((thread) => thread.threadId === threadId && thread.identifierId === identifierId);
  return found && { ...found, kind, lastItemId: id, lastEventId: eventId, ...(isPrivate && { lastAt: at }) };
}

function contentOf({ text, attachments }: ReplyRequestDto): ReplyContent {
  return {
    text: text ?? '',
    attachments: (attachments ?? []).map(({ kind, url, name = null }) => ({ kind, url, name })),
  };
}

function hashOf(conversation: string, request: ReplyRequestDto): Buffer {
  const { text, attachments } = contentOf(request);
  const { channel = null, itemId, private: isPrivate } = request;
  // what was asked for before there was an itemId keeps its hash
  const said = [
    conversation,
    text,
    channel,
    ...(attachments.length > 0 ? [attachments] : []),
    ...(itemId ? [{ itemId }] : []),
    ...(isPrivate ? ['private'] : []),
  ];
  return requestHashOf(said);
}
