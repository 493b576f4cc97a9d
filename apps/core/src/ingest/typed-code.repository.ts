import type { EntityManager } from 'typeorm';
import type { Attempt } from '../confirmation/confirmation.rules.js';
import { prepared } from '../database/prepared.js';
import { milliseconds as ms, recordset } from '../database/recordset.js';

/** A one-time code that waits to be typed. */
export interface OpenCode {
  readonly tenant: string;
  readonly id: string;
  readonly claimantId: string;
  readonly identifierId: string;
  readonly codeHash: Buffer;
  readonly guesses: number;
  /** Milliseconds. */
  readonly at: number;
  readonly expiresAt: number;
}

export interface AttemptRow extends Attempt {
  readonly tenant: string;
  readonly confirmationId: string;
}

/** Somebody's message: of the tenant, by the identifier, milliseconds. */
export interface TypedAt {
  readonly tenant: string;
  readonly claimantId: string;
  readonly at: number;
}

/** A vendor's clock may be behind ours. */
export const SLACK_MS = 60_000;

/** SQL of one-time codes in transaction 1. */
export class TypedCodeRepository {
  constructor(private readonly manager: EntityManager) {}

  /** Codes that were open when these wrote; their rows are locked, so that what counts of several attempts is decided by one at a time. */
  async openTo(typed: readonly TypedAt[]): Promise<OpenCode[]> {
    const set = recordset('r', { tenant: 'text', claimantId: 'uuid', at: 'timestamptz' }, typed);
    return prepared(
      this.manager,
      `SELECT c.tenant, c.id, c.claimant_id AS "claimantId", c.identifier_id AS "identifierId", c.code_hash AS "codeHash", c.guesses,
              ${ms('c.at', 'at')}, ${ms('c.expires_at', 'expiresAt')}
       FROM core.confirmation c
       WHERE (c.id, c.tenant) IN (
         SELECT o.id, o.tenant FROM ${set.from} JOIN core.confirmation o ON o.tenant = r.tenant AND o.claimant_id = r.claimant_id
           AND o.at <= r.at + interval '${SLACK_MS} milliseconds' AND o.expires_at >= r.at
       )
       ORDER BY c.id, c.tenant FOR NO KEY UPDATE`,
      set.parameters,
    );
  }

  /** @returns those that were not known */
  async store(attempts: readonly AttemptRow[]): Promise<{ tenant: string; confirmationId: string; eventId: string }[]> {
    const set = recordset(
      'r',
      {
        tenant: 'text',
        confirmationId: 'uuid',
        eventId: 'uuid',
        at: 'timestamptz',
        codes: 'integer',
        correct: 'integer',
      },
      attempts,
    );
    return prepared(
      this.manager,
      `INSERT INTO core.confirmation_attempt (${set.names}) SELECT ${set.names} FROM ${set.from}
       ON CONFLICT DO NOTHING RETURNING tenant, confirmation_id AS "confirmationId", event_id AS "eventId"`,
      set.parameters,
    );
  }

  async attempts(codes: readonly { tenant: string; id: string }[]): Promise<AttemptRow[]> {
    const set = recordset('r', { tenant: 'text', id: 'uuid' }, codes);
    return prepared(
      this.manager,
      `SELECT a.tenant, a.confirmation_id AS "confirmationId", a.event_id AS "eventId", ${ms('a.at', 'at')}, a.codes, a.correct
       FROM ${set.from} JOIN core.confirmation_attempt a ON a.tenant = r.tenant AND a.confirmation_id = r.id`,
      set.parameters,
    );
  }

  /** What an attempt had proven counts no more: earlier ones came to light. */
  async retract(
    rows: readonly { tenant: string; id: string; evidenceId: string; at: number; reason: string }[],
  ): Promise<void> {
    if (rows.length === 0) return;
    const set = recordset(
      'r',
      { tenant: 'text', id: 'uuid', evidenceId: 'uuid', at: 'timestamptz', reason: 'text' },
      rows,
    );
    await prepared(
      this.manager,
      `INSERT INTO core.retraction (actor, ${set.names}) SELECT 'core', ${set.names} FROM ${set.from} ON CONFLICT DO NOTHING`,
      set.parameters,
    );
  }
}
