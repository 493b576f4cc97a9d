import type { EntityManager } from 'typeorm';
import { prepared } from '../database/prepared.js';
import { recordset } from '../database/recordset.js';
import { NAME_SOURCES, type GivenName } from '../identity/name.rules.js';

/** SQL: of names `v` the stronger sources have the higher number. */
export const BY_STRENGTH = `array_position(ARRAY['${NAME_SOURCES.join("', '")}'], v.source)`;

/** SQL of names. The identifiers' rows are locked: what is best of several names is decided by one at a time. */
export class NameRepository {
  constructor(private readonly manager: EntityManager) {}

  /**
   * @param names each once, sorted by key
   * @returns ids of identifiers whose person may have another name to show: not where a name was only said again
   */
  async store(names: readonly GivenName[]): Promise<string[]> {
    if (names.length === 0) return [];
    const set = recordset(
      'r',
      { tenant: 'text', identifierId: 'uuid', source: 'text', value: 'text', at: 'timestamptz' },
      names,
    );
    const news = await prepared<{ tenant: string; id: string }>(
      this.manager,
      `INSERT INTO core.profile_value AS p (field, ${set.names}) SELECT 'name', ${set.names} FROM ${set.from}
       ON CONFLICT (identifier_id, field, source, hash, tenant) DO UPDATE SET at = excluded.at
         WHERE CASE p.source WHEN 'claim' THEN excluded.at < p.at ELSE excluded.at > p.at END
       RETURNING tenant, identifier_id AS id`,
      set.parameters,
    );
    return news.length > 0 ? this.chooseAgain(news) : [];
  }

  /** Whatever came, or was taken back. @returns ids of identifiers whose person may have another name to show */
  async chooseAgain(identifiers: readonly { tenant: string; id: string }[]): Promise<string[]> {
    const set = recordset('r', { tenant: 'text', id: 'uuid' }, identifiers);
    const chosen = await prepared<{ id: string; renames: boolean }>(
      this.manager,
      `UPDATE core.identifier i SET name = best.value, name_source = best.source, name_at = best.at
       FROM (SELECT DISTINCT tenant, id FROM ${set.from}) asked
       LEFT JOIN LATERAL (
         SELECT v.value, v.source, v.at FROM core.profile v
         WHERE v.tenant = asked.tenant AND v.identifier_id = asked.id AND v.field = 'name'
         ORDER BY ${BY_STRENGTH} DESC, v.at DESC, v.hash LIMIT 1
       ) best ON true
       WHERE i.tenant = asked.tenant AND i.id = asked.id
         AND (i.name, i.name_source, i.name_at) IS DISTINCT FROM (best.value, best.source, best.at)
       RETURNING i.id, old.name IS DISTINCT FROM new.name OR EXISTS (
         SELECT FROM core.node n
         JOIN core.node m ON m.tenant = n.tenant AND m.person_id = n.person_id
         JOIN core.identifier other ON other.tenant = m.tenant AND other.id = m.identifier_id
         WHERE n.tenant = i.tenant AND n.identifier_id = i.id AND other.name_source = new.name_source AND other.name <> new.name
       ) AS renames`,
      set.parameters,
    );
    return chosen.flatMap(({ id, renames }) => (renames ? [id] : []));
  }
}
