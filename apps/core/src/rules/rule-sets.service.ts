import type { EntityManager } from 'typeorm';
import { RuleSetRepository } from './rule-set.repository.js';
import { DEFAULT_RULE_SET, ruleSetOf, type RuleSet } from './rule-set.js';

/** The rule set of a tenant. */
export type RuleSetOf = (tenant: string) => RuleSet;

/** Tenants' rule sets as the database has them at that moment: what is computed by older ones while they change is computed again by the replay. */
export async function ruleSetsOf(manager: EntityManager, tenants: Iterable<string>): Promise<RuleSetOf> {
  const rows = await new RuleSetRepository(manager).latest([...new Set(tenants)]);
  const sets = new Map(rows.map(({ tenant, version, rules }) => [tenant, ruleSetOf(version, rules)]));
  return (tenant) => sets.get(tenant) ?? DEFAULT_RULE_SET;
}
