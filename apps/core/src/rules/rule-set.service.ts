import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Access } from '../access/access.js';
import { Problem } from '../api/problem.js';
import { TenantDatabase } from '../database/tenant-database.js';
import { JobRepository } from '../jobs/job.repository.js';
import { REPLAY } from '../jobs/replay-work.service.js';
import type { AppliedRulesDto, NewRulesDto, RulesDto, RuleSetDto } from './rule-set.dto.js';
import { RuleSetRepository, type RuleSetRow } from './rule-set.repository.js';
import { blockedValue, DEFAULT_RULE_SET, DEFAULT_RULES, type Rules } from './rule-set.js';

@Injectable()
export class RuleSetService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly jobs: JobRepository,
  ) {}

  read({ tenant }: Access): Promise<RuleSetDto> {
    return this.database.read(tenant, async ({ manager }) => {
      const [row] = await new RuleSetRepository(manager).latest([tenant]);
      return shapeOf(row);
    });
  }

  /** Stores the new version with the job that applies it. @throws Problem 409 when two set them at once */
  set({ tenant, actor }: Access, body: NewRulesDto): Promise<AppliedRulesDto> {
    return this.database.write(tenant, async (transaction) => {
      const repository = new RuleSetRepository(transaction.manager);
      const [before] = await repository.latest([tenant]);
      const version = (before?.version ?? DEFAULT_RULE_SET.version) + 1;
      const row = { tenant, version, rules: rulesOf(body), at: Date.now(), actor, reason: body.reason };
      if (!(await repository.add(row)))
        throw Problem.conflict('Somebody else has just set the rules: read them and try again', {});
      const jobId = randomUUID();
      const total = await repository.identifiers(tenant);
      await this.jobs.add(transaction, { id: jobId, kind: REPLAY, total, actor, at: row.at });
      return { ...shapeOf(row), jobId };
    });
  }
}

/** Rules complete and normalised: what they are does not depend on what later versions of the program take for granted. */
export function rulesOf({ identity, threads }: RulesDto): Rules {
  const { corroborationDays, claimantDays, sharedBy, sharedDays, silentDays, newOwnerDays, caps, limits, blocked } =
    identity;
  return {
    identity: {
      corroborationDays,
      claimantDays,
      sharedBy,
      sharedDays,
      silentDays,
      newOwnerDays,
      caps: { phone: caps.phone, email: caps.email, unique: DEFAULT_RULES.identity.caps.unique },
      limits: { identifiers: limits.identifiers, pairs: limits.pairs },
      blocked: [...new Set(blocked.flatMap((value) => blockedValue(value) ?? []))].sort(),
    },
    threads: { carryOverHours: threads.carryOverHours, botStopsClock: threads.botStopsClock },
  };
}

function shapeOf(row: RuleSetRow | undefined): RuleSetDto {
  const { identity, threads } = row?.rules ?? DEFAULT_RULES;
  return {
    rules: { identity: { ...identity, blocked: [...identity.blocked] }, threads },
    version: row?.version ?? DEFAULT_RULE_SET.version,
    changedAt: row ? new Date(row.at).toISOString() : null,
    changedBy: row?.actor ?? null,
    reason: row?.reason ?? null,
  };
}
