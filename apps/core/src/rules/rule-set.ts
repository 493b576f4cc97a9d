import { normaliseIdentifier } from '@lienmach/identifiers';
import { DEFAULT_IDENTITY_RULES, type IdentityRules } from '../identity/evidence.js';
import { DEFAULT_THREAD_RULES, type ThreadRules } from '../conversation/timed-item.js';

/** A tenant's thresholds, as one version of them is kept and shown. */
export interface Rules {
  readonly identity: Omit<IdentityRules, 'version' | 'blocked'> & {
    /** Numbers and addresses that join nobody, normalised. */
    readonly blocked: readonly string[];
  };
  readonly threads: Omit<ThreadRules, 'version'>;
}

/** The same for whom they rule. */
export interface RuleSet {
  readonly version: number;
  readonly identity: IdentityRules;
  readonly threads: ThreadRules;
}

export function ruleSetOf(version: number, { identity, threads }: Rules): RuleSet {
  return {
    version,
    identity: { ...identity, version, blocked: new Set(identity.blocked) },
    threads: { ...threads, version },
  };
}

const { version, blocked, ...identity } = DEFAULT_IDENTITY_RULES;
const { version: _, ...threads } = DEFAULT_THREAD_RULES;

/** For whoever has set none. */
export const DEFAULT_RULES: Rules = { identity: { ...identity, blocked: [...blocked] }, threads };
export const DEFAULT_RULE_SET: RuleSet = ruleSetOf(version, DEFAULT_RULES);

/** A number or an address in its one form, as `blocked` holds it; null: it is none. */
export function blockedValue(value: string): string | null {
  const result = normaliseIdentifier(value.includes('@') ? 'email' : 'phone', null, value);
  return result.kind === 'invalid' ? null : result.identifier.value;
}
