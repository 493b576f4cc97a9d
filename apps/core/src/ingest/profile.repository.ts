import type { EntityManager } from 'typeorm';
import { prepared } from '../database/prepared.js';
import { recordset } from '../database/recordset.js';
import type { GivenValue } from '../identity/name.rules.js';

interface StoredValue {
  readonly tenant: string;
  readonly identifierId: string;
  readonly field: string;
  readonly source: string;
  readonly value: string;
  /** Nobody had said it of this identifier. */
  readonly fresh: boolean;
}

/** SQL of what is said of customers beside their names, in transaction 1. */
export class ProfileRepository {
  constructor(private readonly manager: EntityManager) {}

  /**
   * @param values each once, sorted by key
   * @returns ids of identifiers whose person may have another value to show: not where one was only said again
   */
  async store(values: readonly GivenValue[]): Promise<string[]> {
    if (values.length === 0) return [];
    const set = recordset(
      'r',
      { tenant: 'text', identifierId: 'uuid', field: 'text', source: 'text', value: 'text', at: 'timestamptz' },
      values,
    );
    const news = await prepared<StoredValue>(
      this.manager,
      `INSERT INTO core.profile_value AS p (${set.names}) SELECT ${set.names} FROM ${set.from}
       ON CONFLICT (identifier_id, field, source, hash, tenant) DO UPDATE SET at = excluded.at
         WHERE CASE p.source WHEN 'claim' THEN excluded.at < p.at ELSE excluded.at > p.at END
       RETURNING tenant, identifier_id AS "identifierId", field, source, value, xmax = 0 AS fresh`,
      set.parameters,
    );
    const fresh = news.filter((one) => one.fresh).map(({ identifierId }) => identifierId);
    const again = news.filter((one) => !one.fresh);
    return [...fresh, ...(again.length > 0 ? await this.rivalled(again) : [])];
  }

  /** Of values whose time changed those that are not all that their source says of the person: another may be the newest now. */
  private async rivalled(values: readonly StoredValue[]): Promise<string[]> {
    const set = recordset(
      'r',
      { tenant: 'text', identifierId: 'uuid', field: 'text', source: 'text', value: 'text' },
      values.map(({ tenant, identifierId, field, source, value }) => ({ tenant, identifierId, field, source, value })),
    );
    const rows = await prepared<{ id: string }>(
      this.manager,
      `SELECT DISTINCT r.identifier_id AS id FROM ${set.from} WHERE EXISTS (
         SELECT FROM core.node n
         JOIN core.node m ON m.tenant = n.tenant AND m.person_id = n.person_id
         JOIN core.profile_value v ON v.tenant = m.tenant AND v.identifier_id = m.identifier_id AND v.field = r.field AND v.source = r.source AND v.value <> r.value
         WHERE n.tenant = r.tenant AND n.identifier_id = r.identifier_id
       )`,
      set.parameters,
    );
    return rows.map(({ id }) => id);
  }
}
