import type { EntityManager } from 'typeorm';
import { prepared } from '../database/prepared.js';
import { milliseconds as ms, recordset } from '../database/recordset.js';
import type { BegunEpoch, Conflict, Edge, Evidence, IdentifierFacts, Standing } from './evidence.js';
import type { MembershipRow } from './identity-change.js';
import type { Named } from './name.rules.js';
import type { KeptValue } from './profile.rules.js';

export interface TenantKey {
  tenant: string;
  id: string;
}

export type TenantIdentifier = IdentifierFacts &
  Named & {
    tenant: string;
    /** What rules I6 and I7 made of it last. */
    standing: Standing['is'] | null;
  };
export type TenantEvidence = Evidence & {
  tenant: string;
  sourceEvent: string | null;
  published: boolean;
  /** Who took it back. */
  retractedActor: string | null;
};

export interface Retraction extends TenantKey {
  evidenceId: string;
  at: number;
  actor: string;
  reason: string | null;
}
export type TenantMembership = MembershipRow & { tenant: string };
export type StoredMembership = Required<TenantMembership> & { readonly begun: Begun | null };

/** What is kept of an epoch after the first. */
export type Begun = Pick<BegunEpoch, 'because' | 'evidenceIds' | 'personSeed'>;

/** An id of a person that was made of an epoch of a number. */
export interface PersonNameRow extends TenantKey {
  identifierId: string;
  /** When the epoch began, milliseconds. */
  at: number;
}

export interface PersonRow extends TenantKey {
  rootIdentifierId: string;
  rootEpoch: number;
}

export interface EdgeRow extends TenantKey {
  a: string;
  b: string;
  joins: boolean;
  position: number;
  edge: Edge;
}

export interface ConflictRow extends TenantKey {
  a: string;
  b: string;
  edge: Conflict;
}

const KEY = { tenant: 'text', id: 'uuid' } as const;

/** SQL over identifiers, evidence and the people computed from them; every call takes many keys of many tenants. */
export class PeopleRepository {
  constructor(private readonly manager: EntityManager) {}

  /**
   * The identifiers and all that evidence ties to them, rejected ties included. Blocked and shared ones tie nobody (I6): the search ends there,
   * and they belong to nobody's component but their own.
   */
  async component(keys: readonly TenantKey[]): Promise<TenantKey[]> {
    const set = recordset('r', KEY, keys);
    return this.query(
      `WITH RECURSIVE reached(tenant, id) AS (
         SELECT tenant, id FROM ${set.from}
         UNION
         SELECT next.tenant, next.id
         FROM reached
         JOIN core.identifier here ON here.tenant = reached.tenant AND here.id = reached.id AND here.class NOT IN ('blocked', 'shared')
         CROSS JOIN LATERAL (
           SELECT e.tenant, e.b AS id FROM core.evidence e WHERE e.tenant = here.tenant AND e.a = here.id AND e.b IS NOT NULL
           UNION ALL
           SELECT e.tenant, e.a FROM core.evidence e WHERE e.tenant = here.tenant AND e.b = here.id
         ) next
       )
       SELECT reached.tenant, reached.id
       FROM reached JOIN core.identifier i ON i.tenant = reached.tenant AND i.id = reached.id
       WHERE i.class NOT IN ('blocked', 'shared') OR (i.tenant, i.id) IN (SELECT tenant, id FROM ${set.from})`,
      set.parameters,
    );
  }

  /** Locks in the order of ids, so that two transactions never wait for each other in a circle. */
  async lock(keys: readonly TenantKey[]): Promise<void> {
    const set = recordset('r', KEY, keys);
    await this.query(
      `SELECT FROM core.identifier i WHERE (tenant, id) IN (SELECT tenant, id FROM ${set.from})
       ORDER BY tenant, id FOR NO KEY UPDATE`,
      set.parameters,
    );
  }

  async identifiers(keys: readonly TenantKey[]): Promise<TenantIdentifier[]> {
    const set = recordset('r', KEY, keys);
    const rows = await this.query<
      Omit<TenantIdentifier, 'firstOwn'> & { firstOwnAt: number | null; firstOwnHash: string | null }
    >(
      `SELECT i.tenant, i.id, i.type, i.scope, i.value, i.class, i.standing, i.name, i.name_source AS "nameSource", ${ms('i.name_at', 'nameAt')}, i.person_seed AS "personSeed",
              ${ms('i.first_own_at', 'firstOwnAt')}, i.first_own_hash AS "firstOwnHash"
       FROM ${set.from} JOIN core.identifier i USING (tenant, id)`,
      set.parameters,
    );
    return rows.map(({ firstOwnAt, firstOwnHash, ...row }) => ({
      ...row,
      firstOwn: firstOwnAt === null ? null : { at: firstOwnAt, hash: firstOwnHash! },
    }));
  }

  async evidence(keys: readonly TenantKey[]): Promise<TenantEvidence[]> {
    const set = recordset('r', KEY, keys);
    const side = (condition: string): string =>
      `SELECT e.tenant, e.id, e.kind, e.strength, e.a, e.b, ${ms('e.at', 'at')}, e.actor, e.rule, e.reason,
              ${ms('e.valid_from', 'validFrom')}, ${ms('e.valid_to', 'validTo')}, ${ms('e.a_at', 'aAt')}, ${ms('e.b_at', 'bAt')},
              e.source_event AS "sourceEvent", e.published, x.id AS "retractedBy", x.actor AS "retractedActor"
       FROM ${set.from} JOIN core.evidence e ON e.tenant = r.tenant AND ${condition}
       LEFT JOIN LATERAL (
         SELECT id, actor FROM core.retraction WHERE tenant = e.tenant AND evidence_id = e.id ORDER BY id LIMIT 1
       ) x ON true`;
    return this.query(`${side('e.a = r.id')} UNION ${side('e.b = r.id')}`, set.parameters);
  }

  /** Retractions of the given evidence that no topic has told yet. */
  async untoldRetractions(evidence: readonly TenantKey[]): Promise<Retraction[]> {
    const set = recordset('r', KEY, evidence);
    return this.query(
      `SELECT x.tenant, x.id, x.evidence_id AS "evidenceId", ${ms('x.at', 'at')}, x.actor, x.reason
       FROM ${set.from} JOIN core.retraction x ON x.tenant = r.tenant AND x.evidence_id = r.id AND NOT x.published`,
      set.parameters,
    );
  }

  async markTold(table: 'evidence' | 'retraction', keys: readonly TenantKey[]): Promise<void> {
    if (keys.length === 0) return;
    const set = recordset('r', KEY, keys);
    await this.query(
      `UPDATE core.${table} t SET published = true FROM ${set.from} WHERE t.tenant = r.tenant AND t.id = r.id`,
      set.parameters,
    );
  }

  async memberships(keys: readonly TenantKey[]): Promise<TenantMembership[]> {
    const set = recordset('r', KEY, keys);
    return this.query(
      `SELECT n.tenant, n.identifier_id AS "identifierId", n.epoch, n.person_id AS "personId", n.level, ${ms('n.since', 'since')}, ${ms('n.until', 'until')}
       FROM ${set.from} JOIN core.node n ON n.tenant = r.tenant AND n.identifier_id = r.id`,
      set.parameters,
    );
  }

  /** Replaces what was computed for these identifiers. */
  async storeMemberships(keys: readonly TenantKey[], rows: readonly StoredMembership[]): Promise<void> {
    const gone = recordset('r', KEY, keys);
    const set = recordset(
      'r',
      {
        tenant: 'text',
        identifierId: 'uuid',
        epoch: 'integer',
        personId: 'uuid',
        level: 'text',
        since: 'timestamptz',
        until: 'timestamptz',
        begun: 'jsonb',
      },
      rows,
      gone.parameters.length + 1,
    );
    await this.query(
      `WITH gone AS (
         DELETE FROM core.node n USING (SELECT * FROM ${gone.from}) g
         WHERE n.tenant = g.tenant AND n.identifier_id = g.id
           AND NOT EXISTS (SELECT FROM ${set.from} WHERE r.tenant = n.tenant AND r.identifier_id = n.identifier_id AND r.epoch = n.epoch)
       )
       INSERT INTO core.node AS n (${set.names}) SELECT ${set.names} FROM ${set.from}
       ON CONFLICT (tenant, identifier_id, epoch) DO UPDATE
         SET person_id = excluded.person_id, level = excluded.level, since = excluded.since, until = excluded.until, begun = excluded.begun
         WHERE (n.person_id, n.level, n.since, n.until, n.begun)
           IS DISTINCT FROM (excluded.person_id, excluded.level, excluded.since, excluded.until, excluded.begun)`,
      [...gone.parameters, ...set.parameters],
    );
  }

  async storePersonNames(rows: readonly PersonNameRow[]): Promise<void> {
    if (rows.length === 0) return;
    const set = recordset('r', { ...KEY, identifierId: 'uuid', at: 'timestamptz' }, rows);
    await this.query(
      `INSERT INTO core.person_name (${set.names}) SELECT ${set.names} FROM ${set.from}
       ON CONFLICT (tenant, id) DO UPDATE SET at = excluded.at`,
      set.parameters,
    );
  }

  /** Everything that was said of these identifiers and stands. */
  async values(keys: readonly TenantKey[]): Promise<(KeptValue & { tenant: string })[]> {
    const set = recordset('r', KEY, keys);
    return this.query(
      `SELECT v.tenant, v.identifier_id AS "identifierId", v.field, v.source, v.value, ${ms('v.at', 'at')}, ${ms('v.held_at', 'heldAt')}
       FROM ${set.from} JOIN core.profile v ON v.tenant = r.tenant AND v.identifier_id = r.id`,
      set.parameters,
    );
  }

  async storeStandings(rows: readonly (TenantKey & { standing: Standing['is'] | null })[]): Promise<void> {
    if (rows.length === 0) return;
    const set = recordset('r', { ...KEY, standing: 'text' }, rows);
    await this.query(
      `UPDATE core.identifier i SET standing = r.standing FROM ${set.from} WHERE i.tenant = r.tenant AND i.id = r.id`,
      set.parameters,
    );
  }

  async storePeople(rows: readonly PersonRow[], gone: readonly TenantKey[]): Promise<void> {
    if (gone.length > 0) {
      const set = recordset('r', KEY, gone);
      await this.query(
        `DELETE FROM core.person p USING (SELECT * FROM ${set.from}) g WHERE p.tenant = g.tenant AND p.id = g.id`,
        set.parameters,
      );
    }
    if (rows.length === 0) return;
    const set = recordset('r', { ...KEY, rootIdentifierId: 'uuid', rootEpoch: 'integer' }, rows);
    await this.query(
      `INSERT INTO core.person (${set.names}) SELECT ${set.names} FROM ${set.from}
       ON CONFLICT (tenant, id) DO UPDATE SET root_identifier_id = excluded.root_identifier_id, root_epoch = excluded.root_epoch`,
      set.parameters,
    );
  }

  /** Of these conflicts those that stand already. */
  async knownConflicts(rows: readonly ConflictRow[]): Promise<ReadonlySet<string>> {
    if (rows.length === 0) return new Set();
    const keys = rows.map(({ tenant, id }): TenantKey => ({ tenant, id }));
    const set = recordset('r', KEY, keys);
    const known = await this.query<{ id: string }>(
      `SELECT id FROM ${set.from} JOIN core.identity_conflict USING (tenant, id)`,
      set.parameters,
    );
    return new Set(known.map(({ id }) => id));
  }

  /** Replaces the ties and conflicts of these identifiers: what "why" reads. */
  async storeEdges(
    keys: readonly TenantKey[],
    edges: readonly EdgeRow[],
    conflicts: readonly ConflictRow[],
  ): Promise<void> {
    for (const table of ['identity_edge', 'identity_conflict']) {
      const set = recordset('r', KEY, keys);
      await this.query(
        `DELETE FROM core.${table} e USING (SELECT * FROM ${set.from}) g WHERE e.tenant = g.tenant AND (e.a = g.id OR e.b = g.id)`,
        set.parameters,
      );
    }
    if (edges.length > 0) {
      const set = recordset(
        'r',
        { ...KEY, a: 'uuid', b: 'uuid', joins: 'boolean', position: 'integer', edge: 'jsonb' },
        edges,
      );
      await this.query(
        `INSERT INTO core.identity_edge (${set.names}) SELECT ${set.names} FROM ${set.from}`,
        set.parameters,
      );
    }
    if (conflicts.length > 0) {
      const set = recordset('r', { ...KEY, a: 'uuid', b: 'uuid', edge: 'jsonb' }, conflicts);
      await this.query(
        `INSERT INTO core.identity_conflict (${set.names}) SELECT ${set.names} FROM ${set.from}`,
        set.parameters,
      );
    }
  }

  private query<T>(sql: string, parameters: unknown[]): Promise<T[]> {
    return prepared(this.manager, sql, parameters);
  }
}
