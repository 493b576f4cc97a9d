import type { EntityManager } from 'typeorm';
import { foundOwners } from '../conversation/items.repository.js';
import { prepared } from '../database/prepared.js';
import { recordset } from '../database/recordset.js';
import type { TenantKey } from '../identity/people.repository.js';

/** What a round of marks names. */
export interface Named {
  readonly identifiers: readonly TenantKey[];
  /** Identifiers whose person has to be computed anew. */
  readonly dirty: readonly TenantKey[];
  readonly items: readonly TenantKey[];
  readonly threads: readonly TenantKey[];
}

/** Somebody whom a round concerns. `deep`: its whole component is here, to be computed anew. */
export type Concerned = TenantKey & { readonly deep: boolean };

const KEY = { tenant: 'text', id: 'uuid' } as const;

/** Whom a round of transaction 2 concerns, in one statement: it is asked before and after the locks. */
export class ScopeRepository {
  constructor(private readonly manager: EntityManager) {}

  /**
   * Identifiers named, those that items hang on or will hang on, and all members of their people; of the dirty ones, and of those who belong to
   * nobody yet, the whole component: closed under evidence (blocked and shared ones tie nobody, I6), and under the people as they stand, because what
   * was one may have to come apart.
   */
  concerned({ identifiers, dirty, items, threads }: Named): Promise<Concerned[]> {
    const deep = new Set(dirty.map(({ tenant, id }) => `${tenant} ${id}`));
    const named = recordset(
      'n',
      { ...KEY, deep: 'boolean' },
      identifiers.map(({ tenant, id }) => ({ tenant, id, deep: deep.has(`${tenant} ${id}`) })),
    );
    const held = recordset('h', KEY, items, 4);
    const within = recordset('r', KEY, threads, 6);
    const neighbour = (from: string, to: string): string =>
      `SELECT e.tenant, e.${to} AS id, false AS companion FROM core.evidence e
       WHERE reached.deep AND here.class NOT IN ('blocked', 'shared') AND e.tenant = here.tenant AND e.${from} = here.id`;
    return prepared(
      this.manager,
      `WITH RECURSIVE ${foundOwners(within.from)}, named AS (
         SELECT tenant, id, deep FROM ${named.from}
         UNION SELECT i.tenant, i.identifier_id, false FROM ${held.from} JOIN core.item i USING (tenant, id) WHERE i.identifier_id IS NOT NULL
         UNION SELECT tenant, owner, false FROM found WHERE owner IS DISTINCT FROM former AND owner IS NOT NULL
         UNION SELECT tenant, former, false FROM found WHERE owner IS DISTINCT FROM former AND former IS NOT NULL
       ), reached(tenant, id, deep) AS (
         SELECT i.tenant, i.id, n.deep OR NOT EXISTS (SELECT FROM core.node o WHERE o.tenant = i.tenant AND o.identifier_id = i.id)
         FROM named n JOIN core.identifier i USING (tenant, id)
         UNION
         SELECT there.tenant, there.id, reached.deep
         FROM reached
         JOIN core.identifier here ON here.tenant = reached.tenant AND here.id = reached.id
         CROSS JOIN LATERAL (
           SELECT m.tenant, m.identifier_id AS id, true AS companion
           FROM core.node o JOIN core.node m ON m.tenant = o.tenant AND m.person_id = o.person_id
           WHERE o.tenant = here.tenant AND o.identifier_id = here.id
           UNION ALL ${neighbour('a', 'b')}
           UNION ALL ${neighbour('b', 'a')}
         ) next
         JOIN core.identifier there ON there.tenant = next.tenant AND there.id = next.id
         WHERE next.companion OR there.class NOT IN ('blocked', 'shared')
       )
       SELECT tenant, id, bool_or(deep) AS deep FROM reached GROUP BY tenant, id`,
      [...named.parameters, ...held.parameters, ...within.parameters],
    );
  }
}
