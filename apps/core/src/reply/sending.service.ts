import {
  eventId,
  formatIdentifier,
  keyedId,
  outboundTopic,
  schemaUrn,
  threadKey,
  type AnsweredMessage,
  type ChannelEvent,
  type CommentData,
  type IdentifierRef,
  type MessageData,
  type ReplyForm,
} from '@lienmach/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { DIRTY_CHANNEL } from '../database/dirty.repository.js';
import type { Transaction } from '../database/tenant-database.js';
import { IngestPipeline } from '../ingest/ingest.pipeline.js';
import { DirectoryOfTenants, type TenantDirectory } from '../ingest/tenant-facts.js';
import { historyRow } from '../relay/envelope.js';
import { OUTBOX_CHANNEL, OutboxRepository } from '../relay/outbox.repository.js';
import { ReplyRepository } from './reply.repository.js';
import type { ReplyContent } from './reply.rules.js';

/** Where a message goes, as the vendor calls it. */
export interface Destination {
  readonly channel: string;
  readonly vendor: string;
  readonly account: string;
  readonly thread: string;
}

/** A message to send, once. */
export interface Outgoing extends Destination, ReplyContent {
  /** The command's, and the item's. */
  readonly id: string;
  /** The customer. */
  readonly to: IdentifierRef;
  /** Of a first message of a channel that has subjects. */
  readonly subject?: string | null;
  /** What the customer reads in place of the mask in the text, for the adapter alone. */
  readonly sealed?: string | null;
  readonly author: { readonly kind: 'agent' | 'system'; readonly name: string };
  /** Milliseconds. */
  readonly at: number;
  /** The customer's last word in the thread, milliseconds; of a first message `at`. */
  readonly lastCustomerAt: number;
  readonly answers: AnsweredMessage | null;
  /** Absent or null: a message. */
  readonly as?: ReplyForm | null;
  /** The vendor's id of what it quotes, or of the comment that it answers. */
  readonly replyTo?: string | null;
}

/** Makes a message a queued item of the timeline and a command to an adapter, within the transaction of whoever asks for it. */
@Injectable()
export class SendingService {
  constructor(
    private readonly replies: ReplyRepository,
    @Inject(IngestPipeline) private readonly pipeline: IngestPipeline,
    @Inject(DirectoryOfTenants) private readonly tenants: TenantDirectory,
  ) {}

  /** One at a time within a thread, until the transaction ends. */
  lock(transaction: Transaction, { channel, account, thread }: Destination): Promise<void> {
    return this.replies.lockThread(transaction, threadKey(transaction.tenant, channel, account, thread));
  }

  /** The item first: whatever the vendor says of the message finds it. */
  async send(transaction: Transaction, message: Outgoing): Promise<void> {
    const { tenant, manager } = transaction;
    const {
      id,
      channel,
      vendor,
      account,
      thread,
      to,
      text,
      attachments,
      subject,
      sealed,
      author,
      at,
      as,
      answers,
      replyTo = null,
    } = message;
    const replyToken = this.replyToken(tenant, id);
    await this.pipeline.storeOwn(manager, queuedEvent(tenant, message, replyToken));
    const command = historyRow({
      tenant,
      topic: outboundTopic(channel),
      key: threadKey(tenant, channel, account, thread),
      type: 'reply.requested',
      id,
      at,
      subject: thread,
      data: {
        channel,
        vendor,
        account,
        thread,
        to: { type: to.type, scope: to.scope, value: to.value },
        text,
        ...(attachments.length > 0 && { attachments: [...attachments] }),
        ...(subject != null && { subject }),
        ...(sealed != null && { sealed }),
        author: author.name,
        ...(author.kind === 'system' && { authorKind: author.kind }),
        lastCustomerAt: new Date(message.lastCustomerAt).toISOString(),
        ...(as != null && { as }),
        replyTo,
        answers,
        replyToken,
      },
    });
    await new OutboxRepository(manager).append([command]);
    await this.replies.announce(transaction, [DIRTY_CHANNEL, OUTBOX_CHANNEL]);
  }

  /** Whoever has it was sent this message, or was given it by somebody who was. */
  private replyToken(tenant: string, id: string): string {
    return keyedId(this.tenants.factsOf(tenant)!.secret, 'reply-token', id).replaceAll('-', '');
  }
}

function queuedEvent(tenant: string, message: Outgoing, replyToken: string): ChannelEvent<MessageData | CommentData> {
  const { id, channel, vendor, account, thread, to, text, attachments, subject, author, at, replyTo = null } = message;
  const time = new Date(at).toISOString();
  const vendorEventId = `${id}|queued`;
  const kind = message.as === 'comment' ? 'comment' : 'message';
  const common = {
    vendor,
    vendorEventId,
    thread,
    direction: 'outbound' as const,
    author: { kind: author.kind, identifiers: [], name: author.name, id: null },
    participants: [],
    content: { text: text || null, attachments: [...attachments], replyTo },
    claims: [],
    commandId: id,
    vendorData: {},
  };
  return {
    specversion: '1.0',
    id: eventId({ tenant, channel, vendor, account }, vendorEventId),
    source: '/core',
    type: `${kind}.queued`,
    time,
    datacontenttype: 'application/json',
    dataschema: schemaUrn(kind),
    subject: thread,
    tenant,
    channel,
    account,
    identifier: formatIdentifier(to),
    receivedtime: time,
    data:
      kind === 'comment'
        ? { kind, ...common, parent: replyTo }
        : { kind, ...common, replyToken, ...(subject != null && { subject }) },
  };
}
