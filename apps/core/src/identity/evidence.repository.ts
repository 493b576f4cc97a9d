import { Injectable } from '@nestjs/common';
import { recordset } from '../database/recordset.js';
import type { Transaction } from '../database/tenant-database.js';
import type { Evidence, EvidenceKind } from './evidence.js';

export interface EvidenceEnds {
  readonly id: string;
  readonly a: string;
  readonly b: string | null;
}

/** Writes agents' words, and takes them back. */
@Injectable()
export class EvidenceRepository {
  /** How often this was said of these two, or of the one, and taken back: another time is another record. */
  async retractedBefore(
    { query, tenant }: Transaction,
    kind: EvidenceKind,
    a: string,
    b: string | null,
  ): Promise<number> {
    const rows = await query<{ count: number }>(
      `SELECT count(DISTINCT e.id)::int AS count FROM core.evidence e
       JOIN core.retraction x ON x.tenant = e.tenant AND x.evidence_id = e.id
       WHERE e.tenant = $1 AND e.kind = $2 AND ((e.a = $3::uuid AND e.b IS NOT DISTINCT FROM $4::uuid) OR (e.a = $4::uuid AND e.b = $3::uuid))`,
      [tenant, kind, a, b],
    );
    return rows[0]!.count;
  }

  /**
   * @param actId what all records of one act share
   * @returns ids of those that were not there yet
   */
  async insert({ query, tenant }: Transaction, actId: string, evidence: readonly Evidence[]): Promise<string[]> {
    const set = recordset(
      'e',
      {
        id: 'uuid',
        kind: 'text',
        strength: 'text',
        a: 'uuid',
        b: 'uuid',
        at: 'timestamptz',
        actor: 'text',
        rule: 'text',
        reason: 'text',
        aAt: 'timestamptz',
        bAt: 'timestamptz',
      },
      evidence.map(({ retractedBy: _retracted, validFrom: _from, validTo: _to, aAt = null, bAt = null, ...row }) => {
        return { ...row, aAt, bAt };
      }),
      3,
    );
    const rows = await query<{ id: string }>(
      `INSERT INTO core.evidence (tenant, source_event, ${set.names}) SELECT $1, $2, e.* FROM ${set.from}
       ON CONFLICT (tenant, id) DO NOTHING RETURNING id`,
      [tenant, actId, ...set.parameters],
    );
    return rows.map(({ id }) => id);
  }

  /** The record and, of an agent's word about many pairs, all of them: it is taken back as a whole. */
  withSiblings({ query, tenant }: Transaction, id: string): Promise<EvidenceEnds[]> {
    return query<EvidenceEnds>(
      `WITH named AS (SELECT * FROM core.evidence WHERE tenant = $1 AND id = $2),
       opposite AS (
         SELECT e.b FROM named n
         JOIN core.evidence e ON e.tenant = $1 AND e.a = n.a AND e.kind = n.kind AND e.source_event = n.source_event
         WHERE n.kind = 'different'
       )
       SELECT id, a, b FROM named
       UNION
       SELECT e.id, e.a, e.b FROM named n CROSS JOIN opposite o
       JOIN core.evidence e ON e.tenant = $1 AND e.b = o.b AND e.kind = n.kind AND e.source_event = n.source_event`,
      [tenant, id],
    );
  }

  /** @returns ids of the records that were not retracted yet */
  async retract(
    { query, tenant }: Transaction,
    rows: readonly { id: string; evidenceId: string }[],
    by: { at: number; actor: string; reason: string },
  ): Promise<string[]> {
    const set = recordset('r', { id: 'uuid', evidenceId: 'uuid' }, rows, 5);
    const inserted = await query<{ evidenceId: string }>(
      `INSERT INTO core.retraction (tenant, at, actor, reason, ${set.names}) SELECT $1, $2, $3, $4, r.* FROM ${set.from}
       ON CONFLICT (tenant, id) DO NOTHING RETURNING evidence_id AS "evidenceId"`,
      [tenant, new Date(by.at).toISOString(), by.actor, by.reason, ...set.parameters],
    );
    return inserted.map(({ evidenceId }) => evidenceId);
  }
}
