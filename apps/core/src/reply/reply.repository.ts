import type { AnsweredMessage, IdentifierType, LinkLevel, MessageData } from '@lienmach/contracts';
import { Injectable } from '@nestjs/common';
import type { Transaction } from '../database/tenant-database.js';
import { inTimeOf, isOver } from '../identity/node-time.js';
import type { ReplyDto } from './reply.dto.js';
import type { ReplyThread } from './reply.rules.js';

export interface StoredThread extends ReplyThread {
  readonly threadId: string;
  readonly level: LinkLevel | null;
  /** The customer's last word: its item and the event that it begins with. */
  readonly lastItemId: string;
  readonly lastEventId: string;
  /** The customer. */
  readonly type: IdentifierType;
  readonly scope: string | null;
  readonly value: string;
}

/** An item of a conversation that may be answered. */
export interface StoredItem {
  readonly id: string;
  /** Milliseconds. */
  readonly at: number;
  readonly threadId: string;
  readonly identifierId: string;
  readonly channel: string;
  readonly kind: string;
  /** The event that it begins with. */
  readonly eventId: string;
  /** A customer wrote it, or called. */
  readonly customer: boolean;
  /** It was taken back. */
  readonly removed: boolean;
}

/** A request as it was answered. */
export interface StoredReply {
  readonly requestHash: Buffer;
  readonly answer: ReplyDto;
}

@Injectable()
export class ReplyRepository {
  /** The present id of a conversation. */
  async conversation({ query, tenant }: Transaction, id: string): Promise<string | undefined> {
    const rows = await query<{ id: string }>(
      `SELECT id FROM core.conversation
       WHERE tenant = $1 AND id = coalesce((SELECT conversation_id FROM core.conversation_name WHERE tenant = $1 AND id = $2), $2)`,
      [tenant, id],
    );
    return rows[0]?.id;
  }

  /**
   * The threads of a conversation, each with its customer's last word, which may be of a later conversation: windows are the thread's. What somebody else wrote
   * there in his turn (rule I13) is none of it.
   */
  threads({ query, tenant }: Transaction, conversation: string): Promise<StoredThread[]> {
    return query<StoredThread>(
      `SELECT t.id AS "threadId", t.channel, t.account, t.thread, i.vendor, i.kind, i.at AS "lastAt", i.id AS "lastItemId", i.hash AS "lastEventId", s.identifier_id AS "identifierId", n.type, n.scope, n.value,
              o.level, CASE WHEN o.over THEN (extract(epoch FROM o.until) * 1000)::float8 END AS "givenAwayAt"
       FROM (SELECT DISTINCT thread_id, identifier_id, person_id FROM core.segment WHERE tenant = $1 AND conversation_id = $2) s
       JOIN core.thread t ON t.tenant = $1 AND t.id = s.thread_id
       JOIN core.identifier n ON n.tenant = $1 AND n.id = s.identifier_id
       LEFT JOIN LATERAL (
         SELECT o.level, o.until, ${isOver('o')} AS over FROM core.node o
         WHERE o.tenant = $1 AND o.identifier_id = s.identifier_id AND o.person_id = s.person_id ORDER BY o.epoch DESC LIMIT 1
       ) o ON true
       CROSS JOIN LATERAL (
         SELECT i.id, i.kind, i.hash, i.state->>'vendor' AS vendor, (extract(epoch FROM i.at) * 1000)::float8 AS at FROM core.item i
         WHERE i.tenant = $1 AND i.thread_id = s.thread_id AND i.identifier_id = s.identifier_id AND i.customer AND i.counts AND i.shown
           AND NOT EXISTS (
             SELECT FROM core.node x
             WHERE x.tenant = $1 AND x.identifier_id = s.identifier_id AND x.person_id <> s.person_id AND ${inTimeOf('x', 'i.at')}
           )
         ORDER BY i.at DESC, i.hash DESC LIMIT 1
       ) i`,
      [tenant, conversation],
    );
  }

  /** An item of a conversation, by whichever of its ids. */
  async item({ query, tenant }: Transaction, conversation: string, id: string): Promise<StoredItem | undefined> {
    const rows = await query<StoredItem>(
      `SELECT i.id, (extract(epoch FROM i.at) * 1000)::float8 AS at, i.thread_id AS "threadId", i.identifier_id AS "identifierId", i.channel, i.kind, i.hash AS "eventId", i.customer,
              coalesce((i.state->>'removed')::boolean, false) AS removed
       FROM core.item i JOIN core.segment s ON s.tenant = $1 AND s.id = i.segment_id AND s.conversation_id = $2
       WHERE i.tenant = $1 AND i.shown
         AND i.id = coalesce((SELECT a.item_id FROM core.item_alias a WHERE a.tenant = $1 AND a.id = $3), $3)`,
      [tenant, conversation, id],
    );
    return rows[0];
  }

  /** Whether a private answer to an item was asked for and did not fail. */
  async isAnsweredPrivately({ query, tenant }: Transaction, itemId: string): Promise<boolean> {
    const rows = await query(
      `SELECT 1 FROM core.item i WHERE i.tenant = $1 AND i.refers ? $2 AND i.kind = 'message' AND i.state->>'commandId' IS NOT NULL
         AND i.state->'delivery'->>'state' NOT IN ('failed', 'unknown') LIMIT 1`,
      [tenant, itemId],
    );
    return rows.length > 0;
  }

  /** What the channel told with the customer's word. */
  async answered({ query, tenant }: Transaction, eventId: string): Promise<AnsweredMessage | null> {
    const [row] = await query<{ data: MessageData }>(
      `SELECT value->'data' AS data FROM core.event WHERE tenant = $1 AND id = $2`,
      [tenant, eventId],
    );
    if (!row) return null;
    const { vendorEventId, subject = null, references = null, vendorData } = row.data;
    return { vendorEventId, subject, references, vendorData };
  }

  async byKey({ query, tenant }: Transaction, actor: string, key: string): Promise<StoredReply | undefined> {
    const rows = await query<StoredReply>(
      `SELECT request_hash AS "requestHash", answer FROM core.reply WHERE tenant = $1 AND actor = $2 AND idempotency_key = $3`,
      [tenant, actor, key],
    );
    return rows[0];
  }

  /** @returns false when the same key came first by another request */
  async insert(
    { query, tenant }: Transaction,
    reply: StoredReply & { readonly actor: string; readonly key: string; readonly at: number },
  ): Promise<boolean> {
    const rows = await query(
      `INSERT INTO core.reply (tenant, id, actor, idempotency_key, request_hash, answer, at) VALUES ($1, $2, $3, $4, $5, $6, $7)
       ON CONFLICT (idempotency_key, actor, tenant) DO NOTHING RETURNING 1`,
      [
        tenant,
        reply.answer.id,
        reply.actor,
        reply.key,
        reply.requestHash,
        JSON.stringify(reply.answer),
        new Date(reply.at).toISOString(),
      ],
    );
    return rows.length > 0;
  }

  /** One at a time within a thread: their commands go out in the order in which they were asked for. */
  async lockThread({ query }: Transaction, threadKey: string): Promise<void> {
    await query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [threadKey]);
  }

  /** Wakes whoever threads and whoever publishes, once the transaction stands. */
  async announce({ query }: Transaction, channels: readonly string[]): Promise<void> {
    await query('SELECT pg_notify(channel, $2) FROM unnest($1::text[]) AS channel', [channels, '']);
  }
}
