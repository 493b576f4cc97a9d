import type { EntityManager } from 'typeorm';
import { prepared } from '../database/prepared.js';
import { milliseconds as ms, recordset } from '../database/recordset.js';
import type { TenantKey } from '../identity/people.repository.js';
import { WARNED_AFTER } from './clock.rules.js';
import type { NameRow } from './conversation-name.rules.js';
import type { ChannelSwitch, Clock, Conversation, Segment, Stage } from './timed-item.js';

export interface PersonThreads extends TenantKey {
  /** Latest item or act that was folded, milliseconds. */
  lastAt: number | null;
  /** As `advance` left it; opaque here. */
  threads: unknown;
}

export type SegmentRow = Segment & { tenant: string; personId: string };
export type ConversationRow = Omit<Conversation, 'segmentIds'> & { tenant: string; personId: string };
export type StoredConversation = ConversationRow & {
  /** The last stage that was told of its wait. */
  stage: Stage;
};
export type SwitchRow = ChannelSwitch & { tenant: string; personId: string };

const KEY = { tenant: 'text', id: 'uuid' } as const;

/** A wait that goes on keeps what was told of it. It is due no sooner than by the clock on the wall; a calendar may put it off. */
const SAME_WAIT = `(c.waiting_since, c.waiting_item_id) IS NOT DISTINCT FROM (excluded.waiting_since, excluded.waiting_item_id)`;

const SEGMENT = `s.tenant, s.id, s.person_id AS "personId", s.thread_id AS "threadId", s.identifier_id AS "identifierId", s.channel, s.account,
  s.conversation_id AS "conversationId", s.linked_by AS "linkedBy", ${ms('s.started_at', 'startedAt')}, s.started_by AS "startedBy",
  ${ms('s.last_at', 'lastAt')}, ${ms('s.resolved_at', 'resolvedAt')}, s.candidates`;

/** SQL over segments, conversations, clocks and switches; every call takes many keys of many tenants. */
export class ThreadsRepository {
  constructor(private readonly manager: EntityManager) {}

  async personThreads(keys: readonly TenantKey[]): Promise<PersonThreads[]> {
    const set = recordset('r', KEY, keys);
    return this.query(
      `SELECT p.tenant, p.id, ${ms('p.last_at', 'lastAt')}, p.threads
       FROM ${set.from} JOIN core.person p USING (tenant, id)`,
      set.parameters,
    );
  }

  async storePersonThreads(rows: readonly PersonThreads[]): Promise<void> {
    if (rows.length === 0) return;
    const set = recordset('r', { ...KEY, lastAt: 'timestamptz', threads: 'jsonb' }, rows);
    await this.query(
      `UPDATE core.person p SET last_at = r.last_at, threads = r.threads
       FROM ${set.from} WHERE p.tenant = r.tenant AND p.id = r.id`,
      set.parameters,
    );
  }

  /** Segments by conversation, with the vendor's name of the thread, oldest first. */
  async segmentsOf(conversations: readonly TenantKey[]): Promise<(SegmentRow & { thread: string })[]> {
    const set = recordset('r', KEY, conversations);
    return this.query(
      `SELECT ${SEGMENT}, t.thread FROM ${set.from} JOIN core.segment s ON s.tenant = r.tenant AND s.conversation_id = r.id
       JOIN core.thread t ON t.tenant = s.tenant AND t.id = s.thread_id
       ORDER BY s.started_at, s.started_by`,
      set.parameters,
    );
  }

  /** Conversations of segments, as keys. */
  async segmentConversations(segments: readonly TenantKey[]): Promise<TenantKey[]> {
    const set = recordset('r', KEY, segments);
    return this.query(
      `SELECT DISTINCT s.tenant, s.conversation_id AS id FROM ${set.from} JOIN core.segment s USING (tenant, id)`,
      set.parameters,
    );
  }

  /** Segments by the identifiers that they hang on: what stands before a refold, whosever it was. */
  async segmentsOfIdentifiers(keys: readonly TenantKey[]): Promise<SegmentRow[]> {
    const set = recordset('r', KEY, keys);
    return this.query(
      `SELECT ${SEGMENT} FROM ${set.from} JOIN core.segment s ON s.tenant = r.tenant AND s.identifier_id = r.id`,
      set.parameters,
    );
  }

  async conversations(keys: readonly TenantKey[]): Promise<StoredConversation[]> {
    const set = recordset('r', KEY, keys);
    const rows = await this.query<Omit<StoredConversation, 'clock'> & Clock>(
      `SELECT c.tenant, c.id, c.person_id AS "personId", c.brand, c.state, ${ms('c.started_at', 'startedAt')}, ${ms('c.last_at', 'lastAt')},
              ${ms('c.last_customer_at', 'lastCustomerAt')}, ${ms('c.resolved_at', 'resolvedAt')}, c.channels, c.ambiguous,
              ${ms('c.waiting_since', 'waitingSince')}, c.waiting_item_id AS "waitingItemId", ${ms('c.stopped_at', 'stoppedAt')},
              c.stopped_by AS "stoppedBy", c.stop_cause AS "stopCause", c.state_cause AS "stateCause", ${ms('c.last_wait_from', 'lastWaitFrom')}, c.stage
       FROM ${set.from} JOIN core.conversation c USING (tenant, id)`,
      set.parameters,
    );
    return rows.map(({ waitingSince, waitingItemId, stoppedAt, stoppedBy, stopCause, lastWaitFrom, ...row }) => ({
      ...row,
      clock: { waitingSince, waitingItemId, stoppedAt, stoppedBy, stopCause, lastWaitFrom },
    }));
  }

  /** Who acted, or took an act back; what is neither is left out. */
  async actors(keys: readonly TenantKey[]): Promise<(TenantKey & { actor: string })[]> {
    const set = recordset('r', KEY, keys);
    return this.query(
      `SELECT a.tenant, a.id, a.actor FROM ${set.from} JOIN core.act a ON a.tenant = r.tenant AND a.id = r.id
       UNION ALL SELECT u.tenant, u.id, u.actor FROM ${set.from} JOIN core.act_undo u ON u.tenant = r.tenant AND u.id = r.id`,
      set.parameters,
    );
  }

  async storeSegments(rows: readonly SegmentRow[], gone: readonly TenantKey[]): Promise<void> {
    await this.remove('segment', gone);
    if (rows.length === 0) return;
    const set = recordset(
      'r',
      {
        ...KEY,
        personId: 'uuid',
        threadId: 'uuid',
        identifierId: 'uuid',
        channel: 'text',
        account: 'text',
        conversationId: 'uuid',
        linkedBy: 'text',
        startedAt: 'timestamptz',
        startedBy: 'uuid',
        lastAt: 'timestamptz',
        resolvedAt: 'timestamptz',
        candidates: 'jsonb',
      },
      rows,
    );
    await this.query(
      `INSERT INTO core.segment (${set.names}) SELECT ${set.names} FROM ${set.from}
       ON CONFLICT (tenant, id) DO UPDATE SET person_id = excluded.person_id, conversation_id = excluded.conversation_id,
         thread_id = excluded.thread_id, identifier_id = excluded.identifier_id, started_at = excluded.started_at,
         linked_by = excluded.linked_by, last_at = excluded.last_at, resolved_at = excluded.resolved_at, candidates = excluded.candidates`,
      set.parameters,
    );
  }

  async storeConversations(rows: readonly ConversationRow[], gone: readonly TenantKey[]): Promise<void> {
    await this.remove('conversation', gone);
    if (rows.length === 0) return;
    const flat = rows.map(({ clock, channels, ...row }) => ({
      ...row,
      ...clock,
      channels: JSON.stringify(channels),
    }));
    const set = recordset(
      'r',
      {
        ...KEY,
        personId: 'uuid',
        brand: 'text',
        state: 'text',
        startedAt: 'timestamptz',
        lastAt: 'timestamptz',
        lastCustomerAt: 'timestamptz',
        resolvedAt: 'timestamptz',
        channels: 'jsonb',
        ambiguous: 'boolean',
        waitingSince: 'timestamptz',
        waitingItemId: 'uuid',
        stoppedAt: 'timestamptz',
        stoppedBy: 'text',
        stopCause: 'text',
        stateCause: 'text',
        lastWaitFrom: 'timestamptz',
      },
      flat,
    );
    const values = set.names.replace('channels', 'ARRAY(SELECT jsonb_array_elements_text(channels))');
    await this.query(
      `INSERT INTO core.conversation AS c (${set.names}, stage, due_at)
       SELECT ${values}, CASE WHEN waiting_since IS NULL THEN 'stopped' ELSE 'running' END, waiting_since + make_interval(secs => ${WARNED_AFTER / 1_000})
       FROM ${set.from}
       ON CONFLICT (tenant, id) DO UPDATE SET person_id = excluded.person_id, state = excluded.state, started_at = excluded.started_at, last_at = excluded.last_at,
         last_customer_at = excluded.last_customer_at, resolved_at = excluded.resolved_at, channels = excluded.channels,
         ambiguous = excluded.ambiguous, waiting_since = excluded.waiting_since, waiting_item_id = excluded.waiting_item_id,
         stopped_at = excluded.stopped_at, stopped_by = excluded.stopped_by, stop_cause = excluded.stop_cause,
         state_cause = excluded.state_cause, last_wait_from = excluded.last_wait_from,
         stage = CASE WHEN ${SAME_WAIT} THEN c.stage ELSE excluded.stage END, due_at = CASE WHEN ${SAME_WAIT} THEN c.due_at ELSE excluded.due_at END`,
      set.parameters,
    );
  }

  /** Names of conversations with the conversation that they lead to now. */
  async storeNames(rows: readonly NameRow[]): Promise<void> {
    if (rows.length === 0) return;
    const set = recordset('r', { ...KEY, itemId: 'uuid', conversationId: 'uuid' }, rows);
    await this.query(
      `INSERT INTO core.conversation_name AS n (${set.names}) SELECT ${set.names} FROM ${set.from}
       ON CONFLICT (tenant, id) DO UPDATE SET conversation_id = excluded.conversation_id
         WHERE n.conversation_id <> excluded.conversation_id`,
      set.parameters,
    );
  }

  /** Names that were ever made of the given items. */
  async namesOfItems(items: readonly TenantKey[]): Promise<NameRow[]> {
    const set = recordset('r', KEY, items);
    return this.query(
      `SELECT n.tenant, n.id, n.item_id AS "itemId", n.conversation_id AS "conversationId"
       FROM ${set.from} JOIN core.conversation_name n ON n.tenant = r.tenant AND n.item_id = r.id`,
      set.parameters,
    );
  }

  async namesOfConversations(conversations: readonly TenantKey[]): Promise<NameRow[]> {
    const set = recordset('r', KEY, conversations);
    return this.query(
      `SELECT n.tenant, n.id, n.item_id AS "itemId", n.conversation_id AS "conversationId"
       FROM ${set.from} JOIN core.conversation_name n ON n.tenant = r.tenant AND n.conversation_id = r.id`,
      set.parameters,
    );
  }

  /** Replaces the switches of the given conversations. */
  async storeSwitches(rows: readonly SwitchRow[], gone: readonly TenantKey[]): Promise<void> {
    await this.remove('channel_switch', gone);
    if (rows.length === 0) return;
    const set = recordset(
      'r',
      {
        ...KEY,
        personId: 'uuid',
        conversationId: 'uuid',
        itemId: 'uuid',
        identifierId: 'uuid',
        at: 'timestamptz',
        fromChannel: 'text',
        toChannel: 'text',
      },
      rows.map(({ from, to, ...row }) => ({ ...row, fromChannel: from, toChannel: to })),
    );
    await this.query(
      `INSERT INTO core.channel_switch (${set.names}) SELECT ${set.names} FROM ${set.from}
       ON CONFLICT (tenant, id) DO UPDATE SET person_id = excluded.person_id, conversation_id = excluded.conversation_id, at = excluded.at,
         from_channel = excluded.from_channel, to_channel = excluded.to_channel`,
      set.parameters,
    );
  }

  async switchesOfConversations(conversations: readonly TenantKey[]): Promise<SwitchRow[]> {
    const set = recordset('r', KEY, conversations);
    return this.query(
      `SELECT w.tenant, w.id, w.person_id AS "personId", w.conversation_id AS "conversationId", w.item_id AS "itemId",
              w.identifier_id AS "identifierId", ${ms('w.at', 'at')}, w.from_channel AS "from", w.to_channel AS "to"
       FROM ${set.from} JOIN core.channel_switch w ON w.tenant = r.tenant AND w.conversation_id = r.id`,
      set.parameters,
    );
  }

  private async remove(
    table: 'segment' | 'conversation' | 'channel_switch',
    keys: readonly TenantKey[],
  ): Promise<void> {
    if (keys.length === 0) return;
    const set = recordset('r', KEY, keys);
    await this.query(
      `DELETE FROM core.${table} t USING (SELECT * FROM ${set.from}) g WHERE t.tenant = g.tenant AND t.id = g.id`,
      set.parameters,
    );
  }

  private query<T>(sql: string, parameters: unknown[]): Promise<T[]> {
    return prepared(this.manager, sql, parameters);
  }
}
