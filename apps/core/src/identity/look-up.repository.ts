import { Injectable } from '@nestjs/common';
import type { IdentifierType, LinkLevel } from '@lienmach/contracts';
import type { Transaction } from '../database/tenant-database.js';
import { inTimeOf, isOver } from './node-time.js';
import type { IdentifierRow } from './person.repository.js';

export interface Candidate {
  readonly personId: string;
  readonly level: LinkLevel;
  /** Since when it is somebody else's (rule I13), milliseconds; null: it is not. */
  readonly until: number | null;
}

/** Evidence `e` that nobody has taken back. */
export const STANDS = 'NOT EXISTS (SELECT FROM core.retraction x WHERE x.tenant = e.tenant AND x.evidence_id = e.id)';
const MOST = 100;
/** A hotline may have been typed by everybody. */
const MOST_TIES = 1_000;

@Injectable()
export class LookUpRepository {
  /** Identifiers of a type and value; of any scope where none is named. */
  identifiers(
    { query, tenant }: Transaction,
    { type, value, scope }: { type: IdentifierType; value: string; scope?: string | null },
  ): Promise<Pick<IdentifierRow, 'id' | 'type' | 'scope' | 'value' | 'class' | 'standing'>[]> {
    return query(
      `SELECT id, type, scope, value, class, standing FROM core.identifier
       WHERE tenant = $1 AND value = $2 AND type = $3 AND ($4::text IS NULL OR scope = $4) ORDER BY scope, id LIMIT ${MOST}`,
      [tenant, value, type, scope ?? null],
    );
  }

  /**
   * Whom identifiers may belong to: the people who have them, then those who claimed them, or whom a vendor or an agent tied to one that joins nobody.
   * Not those of whom an agent said that they are somebody else. Whoever had it before somebody else got it comes after all of them.
   */
  candidates({ query, tenant }: Transaction, identifiers: readonly string[]): Promise<Candidate[]> {
    return query<Candidate>(
      `WITH asked AS (SELECT unnest($2::uuid[]) AS id),
       tied AS (
         SELECT asked.id, e.a AS other, e.at FROM asked JOIN core.evidence e ON e.tenant = $1 AND e.b = asked.id AND e.kind <> 'different' AND ${STANDS}
         UNION ALL
         SELECT asked.id, e.b, e.at FROM asked JOIN core.evidence e ON e.tenant = $1 AND e.a = asked.id AND e.kind IN ('same', 'platform', 'record', 'one-time-code') AND ${STANDS}
         LIMIT ${MOST_TIES}
       ),
       found AS (
         SELECT n.person_id, n.level, 0 AS rank, CASE WHEN ${isOver('n')} THEN n.until END AS until
         FROM asked JOIN core.node n ON n.tenant = $1 AND n.identifier_id = asked.id
         UNION ALL
         SELECT n.person_id, 'claimed', 1, o.until
         FROM tied JOIN core.node n ON n.tenant = $1 AND n.identifier_id = tied.other AND ${inTimeOf('n', 'tied.at')}
         LEFT JOIN LATERAL (
           SELECT min(o.since) AS until FROM core.node o
           WHERE o.tenant = $1 AND o.identifier_id = tied.id AND o.since > tied.at AND o.since <= clock_timestamp()
         ) o ON true
         WHERE NOT EXISTS (
           SELECT FROM core.node m
           JOIN core.evidence e ON e.tenant = $1 AND e.kind = 'different' AND (e.a, e.b) IN ((m.identifier_id, tied.id), (tied.id, m.identifier_id)) AND ${STANDS}
           WHERE m.tenant = $1 AND m.person_id = n.person_id
         )
       ),
       best AS (
         SELECT DISTINCT ON (person_id) person_id, level, rank, until FROM found ORDER BY person_id, until IS NOT NULL, rank, until DESC
       )
       SELECT person_id AS "personId", level, (extract(epoch FROM until) * 1000)::float8 AS until
       FROM best ORDER BY until IS NOT NULL, rank, until DESC, person_id LIMIT ${MOST}`,
      [tenant, identifiers],
    );
  }
}
