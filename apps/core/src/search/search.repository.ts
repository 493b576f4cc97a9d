import { Injectable } from '@nestjs/common';
import type { Transaction } from '../database/tenant-database.js';
import { STANDS } from '../identity/look-up.repository.js';
import { inTimeOf } from '../identity/node-time.js';
import type { Wanted } from './words.rules.js';

export interface FoundPerson {
  readonly id: string;
  /** Last interaction, milliseconds; null where there was none. */
  readonly lastAt: number | null;
}

export interface FoundItem {
  readonly id: string;
  /** Milliseconds. */
  readonly at: number;
}

/** A place in a list: what lies strictly after it comes next. Times as PostgreSQL reads them. */
export interface Place {
  readonly at: string;
  readonly id: string;
}

export const BEFORE_ALL: Place = { at: 'infinity', id: 'ffffffff-ffff-ffff-ffff-ffffffffffff' };

/** Whoever finds so many wants another word. */
const MOST_IDENTIFIERS = 2_000;
/** A hotline may have been claimed by everybody. */
const MOST_CLAIMS = 1_000;
/** In how many of the latest messages a code is looked for people. */
const MOST_MENTIONS = 200;
const LAST_AT = "coalesce(p.last_at, '-infinity')";

@Injectable()
export class SearchRepository {
  /** The newest items that hold the words. */
  items({ query }: Transaction, { query: wanted }: Wanted, after: Place, limit: number): Promise<FoundItem[]> {
    return query<FoundItem>(
      `SELECT item_id AS id, (extract(epoch FROM at) * 1000)::float8 AS at FROM core.search_items($1::tsquery, $2, $3, $4)`,
      [wanted, after.at, after.id, limit],
    );
  }

  /** People by the identifiers that they have or had, by those that they claimed, and by a code in their messages; the latest active first. */
  people({ query, tenant }: Transaction, wanted: Wanted, after: Place, limit: number): Promise<FoundPerson[]> {
    return query<FoundPerson>(
      `WITH named AS MATERIALIZED (SELECT id FROM core.search_identifiers($2::tsquery, ${MOST_IDENTIFIERS})),
       claimants AS (
         SELECT e.a AS id, e.at FROM named JOIN core.evidence e ON e.tenant = $1 AND e.b = named.id AND e.kind = 'claim' AND ${STANDS} LIMIT ${MOST_CLAIMS}
       ),
       mentioned AS MATERIALIZED (
         SELECT item_id FROM core.search_items($2::tsquery, '${BEFORE_ALL.at}', '${BEFORE_ALL.id}', ${MOST_MENTIONS}) WHERE $3
       ),
       identifiers AS (
         SELECT id, NULL::timestamptz AS at FROM named
         UNION SELECT id, at FROM claimants
         UNION SELECT i.identifier_id, i.at FROM mentioned m JOIN core.item i ON i.tenant = $1 AND i.id = m.item_id
       ),
       people AS (
         SELECT DISTINCT n.person_id AS id FROM identifiers f
         JOIN core.node n ON n.tenant = $1 AND n.identifier_id = f.id AND (f.at IS NULL OR ${inTimeOf('n', 'f.at')})
       )
       SELECT p.id, (extract(epoch FROM p.last_at) * 1000)::float8 AS "lastAt"
       FROM people f JOIN core.person p ON p.tenant = $1 AND p.id = f.id
       WHERE (${LAST_AT}, p.id) < ($4, $5)
       ORDER BY ${LAST_AT} DESC, p.id DESC LIMIT $6`,
      [tenant, wanted.query, wanted.isCode, after.at, after.id, limit],
    );
  }
}
