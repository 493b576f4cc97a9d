import { Injectable } from '@nestjs/common';
import type { Transaction } from '../database/tenant-database.js';
import type { Clock, Conversation, LinkedBy } from './timed-item.js';

/** A conversation as it is stored; times in milliseconds. */
export interface ConversationRow
  extends
    Pick<Conversation, 'id' | 'brand' | 'state' | 'startedAt' | 'lastAt' | 'resolvedAt' | 'channels' | 'ambiguous'>,
    Pick<Clock, 'waitingSince' | 'stoppedAt' | 'stoppedBy'> {
  readonly personId: string;
}

export interface SegmentRow {
  readonly id: string;
  readonly channel: string;
  readonly account: string;
  readonly thread: string;
  readonly threadId: string;
  readonly identifierId: string;
  readonly startedAt: number;
  readonly resolvedAt: number | null;
  readonly linkedBy: LinkedBy;
  /** Conversations that it may belong to as well, the latest active first; null where that is clear. */
  readonly candidates: readonly string[] | null;
}

export interface ConversationFilter {
  readonly state?: string;
  readonly channel?: string;
  readonly waiting?: boolean;
}

const ms = (column: string, name: string): string => `(extract(epoch FROM ${column}) * 1000)::float8 AS "${name}"`;
const CONVERSATION = `id, brand, person_id AS "personId", state, channels, ambiguous, ${ms('started_at', 'startedAt')}, ${ms('last_at', 'lastAt')},
  ${ms('resolved_at', 'resolvedAt')}, ${ms('waiting_since', 'waitingSince')}, ${ms('stopped_at', 'stoppedAt')}, stopped_by AS "stoppedBy"`;

@Injectable()
export class ConversationRepository {
  /** The conversation that a present or former id leads to. */
  async present({ query, tenant }: Transaction, id: string): Promise<ConversationRow | undefined> {
    const rows = await query<ConversationRow>(
      `SELECT ${CONVERSATION} FROM core.conversation
       WHERE tenant = $1 AND id = coalesce((SELECT conversation_id FROM core.conversation_name WHERE tenant = $1 AND id = $2), $2)`,
      [tenant, id],
    );
    return rows[0];
  }

  async formerIds({ query, tenant }: Transaction, id: string): Promise<string[]> {
    const rows = await query<{ id: string }>(
      'SELECT id FROM core.conversation_name WHERE tenant = $1 AND conversation_id = $2 AND id <> $2 ORDER BY id',
      [tenant, id],
    );
    return rows.map((row) => row.id);
  }

  segments({ query, tenant }: Transaction, id: string): Promise<SegmentRow[]> {
    return query<SegmentRow>(
      `SELECT s.id, s.channel, s.account, t.thread, s.thread_id AS "threadId", s.identifier_id AS "identifierId",
              ${ms('s.started_at', 'startedAt')}, ${ms('s.resolved_at', 'resolvedAt')}, s.linked_by AS "linkedBy", s.candidates
       FROM core.segment s JOIN core.thread t ON t.tenant = s.tenant AND t.id = s.thread_id
       WHERE s.tenant = $1 AND s.conversation_id = $2 ORDER BY s.started_at, s.started_by`,
      [tenant, id],
    );
  }

  /** The longest waiting first where waiting ones are asked for, else the latest active. */
  list(
    { query, tenant }: Transaction,
    { state, channel, waiting }: ConversationFilter,
    after: { readonly at: number; readonly id: string } | undefined,
    limit: number,
  ): Promise<ConversationRow[]> {
    const [order, direction, sign] = waiting ? ['waiting_since', 'ASC', '>'] : ['last_at', 'DESC', '<'];
    return query<ConversationRow>(
      `SELECT ${CONVERSATION} FROM core.conversation
       WHERE tenant = $1 AND ($2::text IS NULL OR state = $2) AND ($3::text IS NULL OR $3 = ANY(channels))
         ${waiting === undefined ? '' : `AND waiting_since IS ${waiting ? 'NOT ' : ''}NULL`}
         AND ($4::timestamptz IS NULL OR (${order}, id) ${sign} ($4, $5::uuid))
       ORDER BY ${order} ${direction}, id ${direction} LIMIT $6`,
      [
        tenant,
        state ?? null,
        channel ?? null,
        after ? new Date(after.at).toISOString() : null,
        after?.id ?? null,
        limit,
      ],
    );
  }
}
