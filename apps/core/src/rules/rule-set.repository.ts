import type { EntityManager } from 'typeorm';
import { prepared } from '../database/prepared.js';
import { milliseconds as ms } from '../database/recordset.js';
import type { Rules } from './rule-set.js';

export interface RuleSetRow {
  readonly tenant: string;
  /** Counts from 2: version 1 are the rules that hold for whoever has set none. */
  readonly version: number;
  readonly rules: Rules;
  /** Since when, milliseconds. */
  readonly at: number;
  readonly actor: string;
  readonly reason: string | null;
}

/** SQL over tenants' rule sets: the latest version of each counts. */
export class RuleSetRepository {
  constructor(private readonly manager: EntityManager) {}

  latest(tenants: readonly string[]): Promise<RuleSetRow[]> {
    return prepared(
      this.manager,
      `SELECT DISTINCT ON (tenant) tenant, version, rules, ${ms('at', 'at')}, actor, reason FROM core.rule_set
       WHERE tenant = ANY($1) ORDER BY tenant, version DESC`,
      [tenants],
    );
  }

  /** How many identifiers the tenant has. */
  async identifiers(tenant: string): Promise<number> {
    const [row] = await this.manager.query<[{ count: number }]>(
      'SELECT count(*)::int AS count FROM core.identifier WHERE tenant = $1',
      [tenant],
    );
    return row.count;
  }

  /** @returns false: somebody else has added a version meanwhile */
  async add({ tenant, version, rules, at, actor, reason }: RuleSetRow): Promise<boolean> {
    const rows: unknown[] = await this.manager.query(
      `INSERT INTO core.rule_set (tenant, version, rules, at, actor, reason) VALUES ($1, $2, $3, $4, $5, $6)
       ON CONFLICT DO NOTHING RETURNING version`,
      [tenant, version, JSON.stringify(rules), new Date(at).toISOString(), actor, reason],
    );
    return rows.length > 0;
  }
}
