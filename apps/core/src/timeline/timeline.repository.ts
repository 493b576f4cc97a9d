import { Injectable } from '@nestjs/common';
import type { Transaction } from '../database/tenant-database.js';
import type { ItemState } from '../conversation/item-state.js';
import { inTimeOf } from '../identity/node-time.js';
import type { Bounds } from './timeline-position.js';

/** Whose timeline. */
export type TimelineOf = { readonly person: string } | { readonly conversation: string };

export interface TimelineFilter {
  readonly channel?: string;
  readonly kind?: string;
}

export interface ItemRow {
  readonly id: string;
  /** Milliseconds. */
  readonly at: number;
  readonly hash: string;
  readonly state: ItemState;
  readonly personId: string | null;
  readonly conversationId: string | null;
  /** Its segment may belong to another conversation as well. */
  readonly ambiguous: boolean;
  /** Watermarks of the thread, milliseconds. */
  readonly readUpTo: number | null;
  readonly deliveredUpTo: number | null;
}

export interface SwitchRow {
  readonly id: string;
  readonly at: number;
  readonly from: string;
  readonly to: string;
  readonly personId: string;
  readonly conversationId: string;
}

const ms = (column: string): string => `(extract(epoch FROM ${column}) * 1000)::float8`;

const FIRST = '00000000-0000-0000-0000-000000000000';
/** Identifiers, or segments, each of which gives its own newest rows from an index: the work is the page's, not the history's. */
const SOURCES = {
  person: {
    from: 'core.node o',
    key: 'o.person_id',
    on: 'i.identifier_id = o.identifier_id',
    // of a number that several had in turn: what lies before his time is left out of the newest afterwards, so that the order of the index serves
    before: `(least($3::timestamptz, o.until), CASE WHEN o.until <= $3::timestamptz THEN '${FIRST}'::uuid ELSE $4::uuid END)`,
    since: '(o.since IS NULL OR i.at >= o.since)',
  },
  conversation: {
    from: 'core.segment o',
    key: 'o.conversation_id',
    on: 'i.segment_id = o.id',
    before: '($3::timestamptz, $4::uuid)',
    since: 'true',
  },
} as const;

/** An item `p` with its thread's watermarks and its place; $1 is the tenant. */
const SHOWN = `SELECT p.id, ${ms('p.at')} AS at, p.hash, p.state, s.conversation_id AS "conversationId", s.candidates IS NOT NULL AS ambiguous,
  (SELECT n.person_id FROM core.node n WHERE n.tenant = $1 AND n.identifier_id = p.identifier_id AND ${inTimeOf('n', 'p.at')} LIMIT 1) AS "personId",
  ${ms('t.read_at')} AS "readUpTo", ${ms('t.delivered_at')} AS "deliveredUpTo"`;
const PLACED = `LEFT JOIN core.segment s ON s.tenant = $1 AND s.id = p.segment_id
  LEFT JOIN core.thread t ON t.tenant = $1 AND t.id = p.thread_id`;

@Injectable()
export class TimelineRepository {
  /** The newest items before the bound. */
  items(
    { prepared, tenant }: Transaction,
    of: TimelineOf,
    { itemsBefore }: Bounds,
    filter: TimelineFilter,
    limit: number,
  ): Promise<ItemRow[]> {
    const source = 'person' in of ? SOURCES.person : SOURCES.conversation;
    const key = 'person' in of ? of.person : of.conversation;
    const parameters: unknown[] = [tenant, key, ...itemsBefore, limit];
    const conditions = [filter.channel && 'i.channel', filter.kind && 'i.kind'].map((column) => {
      if (!column) return '';
      parameters.push(column === 'i.channel' ? filter.channel : filter.kind);
      return `AND ${column} = $${parameters.length}`;
    });
    return prepared<ItemRow>(
      `WITH page AS MATERIALIZED (
         SELECT i.* FROM ${source.from}
         CROSS JOIN LATERAL (
           SELECT i.id, i.at, i.hash, i.state, i.thread_id, i.segment_id, i.identifier_id
           FROM core.item i
           WHERE i.tenant = $1 AND ${source.on} AND i.shown AND (i.at, i.hash) < ${source.before} ${conditions.join(' ')}
           ORDER BY i.at DESC, i.hash DESC LIMIT $5
         ) i
         WHERE o.tenant = $1 AND ${source.key} = $2 AND ${source.since}
         ORDER BY i.at DESC, i.hash DESC LIMIT $5
       )
       ${SHOWN} FROM page p ${PLACED}
       ORDER BY p.at DESC, p.hash DESC`,
      parameters,
    );
  }

  /** Items by their ids, in no order. */
  itemsById({ query, tenant }: Transaction, ids: readonly string[]): Promise<ItemRow[]> {
    return query<ItemRow>(`${SHOWN} FROM core.item p ${PLACED} WHERE p.tenant = $1 AND p.id = ANY($2::uuid[])`, [
      tenant,
      ids,
    ]);
  }

  /** The newest switches before the bound; of a channel: those that lead to it. */
  switches(
    { prepared, tenant }: Transaction,
    of: TimelineOf,
    { switchesBefore }: Bounds,
    { channel }: TimelineFilter,
    limit: number,
  ): Promise<SwitchRow[]> {
    const [column, key] = 'person' in of ? ['person_id', of.person] : ['conversation_id', of.conversation];
    return prepared<SwitchRow>(
      `SELECT id, ${ms('at')} AS at, from_channel AS "from", to_channel AS "to", person_id AS "personId", conversation_id AS "conversationId"
       FROM core.channel_switch
       WHERE tenant = $1 AND ${column} = $2 AND (at, id) < ($3, $4) AND ($6::text IS NULL OR to_channel = $6)
       ORDER BY at DESC, id DESC LIMIT $5`,
      [tenant, key, ...switchesBefore, limit, channel ?? null],
    );
  }
}
