import { Injectable } from '@nestjs/common';
import type { IdentifierType, LinkLevel } from '@lienmach/contracts';
import type { Transaction } from '../database/tenant-database.js';
import type { IdentifierRow } from './person.repository.js';

export interface Found {
  readonly personId: string;
  /** Last interaction, milliseconds; null where there was none. */
  readonly lastAt: number | null;
}

export interface Candidate {
  readonly personId: string;
  readonly level: LinkLevel;
}

/** Evidence that nobody has taken back. */
const STANDS = 'NOT EXISTS (SELECT FROM core.retraction x WHERE x.tenant = e.tenant AND x.evidence_id = e.id)';
/** Letters without their marks; the same as `foldName`. */
const FOLDED = `replace(lower(regexp_replace(normalize(i.name, NFD), '[\\u0300-\\u036f]', '', 'g')), 'đ', 'd')`;
const MOST = 100;
/** A hotline may have been typed by everybody. */
const MOST_TIES = 1_000;
const LAST_AT = "coalesce(p.last_at, '-infinity')";

@Injectable()
export class PersonSearchRepository {
  /** Identifiers of a type and value; of any scope where none is named. */
  identifiers(
    { query, tenant }: Transaction,
    { type, value, scope }: { type: IdentifierType; value: string; scope?: string | null },
  ): Promise<Pick<IdentifierRow, 'id' | 'type' | 'scope' | 'value' | 'class'>[]> {
    return query(
      `SELECT id, type, scope, value, class FROM core.identifier
       WHERE tenant = $1 AND value = $2 AND type = $3 AND ($4::text IS NULL OR scope = $4) ORDER BY scope, id LIMIT ${MOST}`,
      [tenant, value, type, scope ?? null],
    );
  }

  /**
   * Whom identifiers may belong to: the people who have them, then those who claimed them, or whom a vendor or an agent tied to one that joins nobody.
   * Not those of whom an agent said that they are somebody else.
   */
  candidates({ query, tenant }: Transaction, identifiers: readonly string[]): Promise<Candidate[]> {
    return query<Candidate>(
      `WITH asked AS (SELECT unnest($2::uuid[]) AS id),
       tied AS (
         SELECT asked.id, e.a AS other FROM asked JOIN core.evidence e ON e.tenant = $1 AND e.b = asked.id AND e.kind <> 'different' AND ${STANDS}
         UNION ALL
         SELECT asked.id, e.b FROM asked JOIN core.evidence e ON e.tenant = $1 AND e.a = asked.id AND e.kind IN ('same', 'platform') AND ${STANDS}
         LIMIT ${MOST_TIES}
       ),
       found AS (
         SELECT n.person_id, n.level, 0 AS rank FROM asked JOIN core.node n ON n.tenant = $1 AND n.identifier_id = asked.id
         UNION ALL
         SELECT n.person_id, 'claimed', 1 FROM tied JOIN core.node n ON n.tenant = $1 AND n.identifier_id = tied.other
         WHERE NOT EXISTS (
           SELECT FROM core.node m
           JOIN core.evidence e ON e.tenant = $1 AND e.kind = 'different' AND (e.a, e.b) IN ((m.identifier_id, tied.id), (tied.id, m.identifier_id)) AND ${STANDS}
           WHERE m.tenant = $1 AND m.person_id = n.person_id
         )
       ),
       best AS (SELECT DISTINCT ON (person_id) person_id, level, rank FROM found ORDER BY person_id, rank)
       SELECT person_id AS "personId", level FROM best ORDER BY rank, person_id LIMIT ${MOST}`,
      [tenant, identifiers],
    );
  }

  /** People who have or claimed one of the values, or whose name holds the text; the latest active first. */
  people(
    { query, tenant }: Transaction,
    wanted: { values: readonly string[]; name: string | null },
    after: { lastAt: string; id: string } | undefined,
    limit: number,
  ): Promise<Found[]> {
    return query<Found>(
      `WITH valued AS (SELECT id FROM core.identifier WHERE tenant = $1 AND value = ANY($2::text[])),
       matched AS (
         SELECT n.person_id FROM valued v JOIN core.node n ON n.tenant = $1 AND n.identifier_id = v.id
         UNION
         SELECT n.person_id FROM valued v
         JOIN core.evidence e ON e.tenant = $1 AND e.b = v.id AND e.kind = 'claim' AND ${STANDS}
         JOIN core.node n ON n.tenant = $1 AND n.identifier_id = e.a
         UNION
         SELECT n.person_id FROM core.identifier i JOIN core.node n ON n.tenant = $1 AND n.identifier_id = i.id
         WHERE i.tenant = $1 AND i.name IS NOT NULL AND $3::text IS NOT NULL AND ${FOLDED} LIKE $3
       )
       SELECT p.id AS "personId", (extract(epoch FROM p.last_at) * 1000)::float8 AS "lastAt"
       FROM matched m JOIN core.person p ON p.tenant = $1 AND p.id = m.person_id
       WHERE $4::timestamptz IS NULL OR (${LAST_AT}, p.id) < ($4, $5)
       ORDER BY ${LAST_AT} DESC, p.id DESC LIMIT $6`,
      [
        tenant,
        wanted.values,
        wanted.name === null ? null : `%${wanted.name.replace(/[\\%_]/g, '\\$&')}%`,
        after?.lastAt ?? null,
        after?.id ?? null,
        limit,
      ],
    );
  }
}
