import type { EntityManager } from 'typeorm';
import { prepared } from '../database/prepared.js';
import { milliseconds as ms, recordset } from '../database/recordset.js';
import type { Evidence } from '../identity/evidence.js';
import type { Named } from '../identity/name.rules.js';

export interface IdentifierRow {
  tenant: string;
  id: string;
  type: string;
  scope: string | null;
  value: string;
  class: string;
  firstOwnAt: number | null;
  firstOwnHash: string | null;
  personSeed: string;
}

const KEY = { tenant: 'text', id: 'uuid' } as const;

/** SQL of transaction 1 over identifiers and evidence: set-based, rows sorted by key. */
export class LearningRepository {
  constructor(private readonly manager: EntityManager) {}

  async knownIdentifiers(keys: readonly { tenant: string; id: string }[]): Promise<(IdentifierRow & Named)[]> {
    const set = recordset('r', KEY, keys);
    return this.query(
      `SELECT i.tenant, i.id, i.type, i.scope, i.value, i.class, i.name, i.name_source AS "nameSource",
              ${ms('i.name_at', 'nameAt')}, ${ms('i.first_own_at', 'firstOwnAt')},
              i.first_own_hash AS "firstOwnHash", i.person_seed AS "personSeed"
       FROM ${set.from} JOIN core.identifier i USING (tenant, id)`,
      set.parameters,
    );
  }

  /** New identifiers, and known ones of which an earlier first interaction came to light; of all of them the rows are locked. */
  async storeIdentifiers(rows: readonly IdentifierRow[]): Promise<void> {
    if (rows.length === 0) return;
    const set = recordset(
      'r',
      {
        ...KEY,
        type: 'text',
        scope: 'text',
        value: 'text',
        class: 'text',
        firstOwnAt: 'timestamptz',
        firstOwnHash: 'uuid',
        personSeed: 'uuid',
      },
      rows,
    );
    await this.query(
      `INSERT INTO core.identifier AS i (${set.names}) SELECT ${set.names} FROM ${set.from}
       ON CONFLICT (tenant, id) DO UPDATE SET
         (first_own_at, first_own_hash) = (
           SELECT at, hash FROM (VALUES (i.first_own_at, i.first_own_hash), (excluded.first_own_at, excluded.first_own_hash)) AS f(at, hash)
           ORDER BY at NULLS LAST, hash LIMIT 1)`,
      set.parameters,
    );
  }

  /** Evidence is append-only; what is said several times (a contact by all events of a call, a record by every import) keeps the least (time, actor). */
  async storeEvidence(rows: readonly (Evidence & { tenant: string; sourceEvent: string | null })[]): Promise<string[]> {
    if (rows.length === 0) return [];
    const set = recordset(
      'r',
      {
        ...KEY,
        kind: 'text',
        strength: 'text',
        a: 'uuid',
        b: 'uuid',
        at: 'timestamptz',
        actor: 'text',
        rule: 'text',
        reason: 'text',
        sourceEvent: 'uuid',
        validFrom: 'timestamptz',
        validTo: 'timestamptz',
      },
      rows.map(({ retractedBy: _retracted, aAt: _a, bAt: _b, validFrom = null, validTo = null, ...row }) => {
        return { ...row, validFrom, validTo };
      }),
    );
    const stored = await this.query<{ id: string }>(
      `INSERT INTO core.evidence AS e (${set.names}) SELECT ${set.names} FROM ${set.from}
       ON CONFLICT (tenant, id) DO UPDATE SET at = excluded.at, actor = excluded.actor
         WHERE excluded.at < e.at OR (excluded.at = e.at AND excluded.actor < e.actor)
       RETURNING id`,
      set.parameters,
    );
    return stored.map(({ id }) => id);
  }

  private query<T>(sql: string, parameters: unknown[]): Promise<T[]> {
    return prepared(this.manager, sql, parameters);
  }
}
