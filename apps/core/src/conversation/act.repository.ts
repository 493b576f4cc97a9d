import { Injectable } from '@nestjs/common';
import type { Transaction } from '../database/tenant-database.js';
import { milliseconds as ms } from '../database/recordset.js';
import { isArranging, type Act } from './timed-item.js';

/** A segment by what an act may name of it. */
export interface ActedSegment {
  readonly id: string;
  readonly threadId: string;
  readonly identifierId: string;
  readonly lastAt: number;
  /** The item that it begins with. */
  readonly itemId: string;
  /** It may belong to another conversation as well (rule T6). */
  readonly ambiguous: boolean;
}

export interface ActRow {
  readonly id: string;
  readonly identifierIds: readonly string[];
  readonly itemIds: readonly string[];
}

/** An item by whether it can be moved, and from where. */
export interface ActedItem {
  readonly id: string;
  readonly segmentId: string;
  /** A word or a call; a notice goes where what stands around it goes. */
  readonly counts: boolean;
}

/** Writes agents' acts, and takes them back. */
@Injectable()
export class ActRepository {
  /** Segments of a conversation, oldest first. */
  segments({ query, tenant }: Transaction, conversationId: string): Promise<ActedSegment[]> {
    return query<ActedSegment>(
      `SELECT s.id, s.thread_id AS "threadId", s.identifier_id AS "identifierId", ${ms('s.last_at', 'lastAt')}, i.id AS "itemId",
              s.candidates IS NOT NULL AS ambiguous
       FROM core.segment s
       CROSS JOIN LATERAL (
         SELECT id FROM core.item WHERE tenant = s.tenant AND segment_id = s.id ORDER BY at, hash LIMIT 1
       ) i
       WHERE s.tenant = $1 AND s.conversation_id = $2 ORDER BY s.started_at, s.started_by`,
      [tenant, conversationId],
    );
  }

  async item({ query, tenant }: Transaction, id: string): Promise<ActedItem | undefined> {
    const rows = await query<ActedItem>(
      'SELECT id, segment_id AS "segmentId", counts FROM core.item WHERE tenant = $1 AND id = $2 AND segment_id IS NOT NULL',
      [tenant, id],
    );
    return rows[0];
  }

  async insert({ query, tenant }: Transaction, act: Act, concerned: Omit<ActRow, 'id'>): Promise<void> {
    const arranging = isArranging(act);
    await query(
      `INSERT INTO core.act (tenant, id, kind, at, stretches, identifier_ids, item_ids, with_ids, apart_ids, actor, reason)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
      [
        tenant,
        act.id,
        act.kind,
        new Date(act.at).toISOString(),
        JSON.stringify(arranging ? [] : act.stretches),
        concerned.identifierIds,
        concerned.itemIds,
        arranging ? act.withIds : [],
        arranging ? act.apartIds : [],
        act.actor,
        act.reason,
      ],
    );
  }

  async find({ query, tenant }: Transaction, id: string): Promise<ActRow | undefined> {
    const rows = await query<ActRow>(
      `SELECT id, identifier_ids AS "identifierIds", item_ids AS "itemIds" FROM core.act WHERE tenant = $1 AND id = $2`,
      [tenant, id],
    );
    return rows[0];
  }

  /** @returns false: it had been taken back before */
  async undo(
    { query, tenant }: Transaction,
    undo: { id: string; actId: string; at: number; actor: string; reason: string | null },
  ): Promise<boolean> {
    const rows = await query(
      `INSERT INTO core.act_undo (tenant, id, act_id, at, actor, reason) VALUES ($1, $2, $3, $4, $5, $6)
       ON CONFLICT (tenant, id) DO NOTHING RETURNING id`,
      [tenant, undo.id, undo.actId, new Date(undo.at).toISOString(), undo.actor, undo.reason],
    );
    return rows.length > 0;
  }

  /** The conversation in which the first of these items that is in any is now. */
  async conversationOf({ query, tenant }: Transaction, itemIds: readonly string[]): Promise<string | null> {
    const rows = await query<{ id: string }>(
      `SELECT s.conversation_id AS id FROM unnest($2::uuid[]) WITH ORDINALITY AS n(id, place)
       JOIN core.item i ON i.tenant = $1 AND i.id = n.id
       JOIN core.segment s ON s.tenant = i.tenant AND s.id = i.segment_id
       ORDER BY place LIMIT 1`,
      [tenant, itemIds],
    );
    return rows[0]?.id ?? null;
  }
}
