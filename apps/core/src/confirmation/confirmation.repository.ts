import { Injectable } from '@nestjs/common';
import { milliseconds as ms } from '../database/recordset.js';
import type { Transaction } from '../database/tenant-database.js';
import { STANDS } from '../identity/look-up.repository.js';
import type { ConfirmationFacts } from './confirmation.rules.js';

/** What was asked for. */
export interface ConfirmationWrite {
  readonly id: string;
  readonly claimantId: string;
  readonly identifierId: string;
  readonly channel: string;
  readonly account: string;
  readonly codeHash: Buffer;
  readonly guesses: number;
  /** Milliseconds. */
  readonly at: number;
  readonly expiresAt: number;
  readonly actor: string;
  readonly key: string;
  readonly requestHash: Buffer;
}

export interface ConfirmationRow
  extends Omit<ConfirmationWrite, 'codeHash' | 'key' | 'requestHash' | 'guesses' | 'expiresAt'>, ConfirmationFacts {}

const MOST = 100;
const ROW = `c.id, c.claimant_id AS "claimantId", c.identifier_id AS "identifierId", c.channel, c.account, c.guesses, ${ms('c.at', 'at')},
  ${ms('c.expires_at', 'expiresAt')}, c.actor, i.state->'delivery' AS delivery, coalesce(tried.attempts, '[]') AS attempts`;
const FROM = `core.confirmation c
  LEFT JOIN core.item i ON i.tenant = c.tenant AND i.id = c.id
  CROSS JOIN LATERAL (
    SELECT json_agg(json_build_object('eventId', a.event_id, 'at', (extract(epoch FROM a.at) * 1000)::float8, 'codes', a.codes, 'correct', a.correct)) AS attempts
    FROM core.confirmation_attempt a WHERE a.tenant = c.tenant AND a.confirmation_id = c.id
  ) tried`;

@Injectable()
export class ConfirmationRepository {
  async find({ query, tenant }: Transaction, id: string): Promise<ConfirmationRow | undefined> {
    const rows = await query<ConfirmationRow>(`SELECT ${ROW} FROM ${FROM} WHERE c.tenant = $1 AND c.id = $2`, [
      tenant,
      id,
    ]);
    return rows[0];
  }

  /** Of claims that any of these made, the newest first. */
  of({ query, tenant }: Transaction, claimants: readonly string[]): Promise<ConfirmationRow[]> {
    return query<ConfirmationRow>(
      `SELECT ${ROW} FROM ${FROM} WHERE c.tenant = $1 AND c.claimant_id = ANY($2::uuid[]) ORDER BY c.at DESC, c.id LIMIT ${MOST}`,
      [tenant, claimants],
    );
  }

  /** Who of the members claimed the identifier last. */
  async claimant(
    { query, tenant }: Transaction,
    members: readonly string[],
    identifierId: string,
  ): Promise<string | undefined> {
    const rows = await query<{ id: string }>(
      `SELECT e.a AS id FROM core.evidence e
       WHERE e.tenant = $1 AND e.b = $3 AND e.kind = 'claim' AND e.a = ANY($2::uuid[]) AND ${STANDS}
       ORDER BY e.at DESC, e.id LIMIT 1`,
      [tenant, members, identifierId],
    );
    return rows[0]?.id;
  }

  /** Whether both are one person's for sure. */
  async isVerified({ query, tenant }: Transaction, one: string, other: string): Promise<boolean> {
    const rows = await query(
      `SELECT 1 FROM core.node a JOIN core.node b ON b.tenant = a.tenant AND b.person_id = a.person_id
       WHERE a.tenant = $1 AND a.identifier_id = $2 AND b.identifier_id = $3 AND a.level = 'verified' AND b.level = 'verified'
         AND a.until IS NULL AND b.until IS NULL LIMIT 1`,
      [tenant, one, other],
    );
    return rows.length > 0;
  }

  /** Brand of the thread in which an identifier wrote last. */
  async brandOf({ query, tenant }: Transaction, identifierId: string): Promise<string | null> {
    const rows = await query<{ brand: string }>(
      'SELECT brand FROM core.item WHERE tenant = $1 AND identifier_id = $2 ORDER BY at DESC, hash DESC LIMIT 1',
      [tenant, identifierId],
    );
    return rows[0]?.brand ?? null;
  }

  /** One request of a tenant at a time: what may be sent is counted and sent without anybody between. */
  async lock({ query, tenant }: Transaction): Promise<void> {
    await query(`SELECT pg_advisory_xact_lock(hashtextextended('confirmations of ' || $1, 0))`, [tenant]);
  }

  /** When codes were sent since then, milliseconds: to the identifier, and for any of the members. */
  async sentSince(
    { query, tenant }: Transaction,
    { identifierId, members }: { readonly identifierId: string; readonly members: readonly string[] },
    since: number,
  ): Promise<{ toIdentifier: number[]; forPerson: number[] }> {
    const rows = await query<{ at: number; toIdentifier: boolean; forPerson: boolean }>(
      `SELECT ${ms('at', 'at')}, identifier_id = $2 AS "toIdentifier", claimant_id = ANY($3::uuid[]) AS "forPerson" FROM core.confirmation
       WHERE tenant = $1 AND (identifier_id = $2 OR claimant_id = ANY($3::uuid[])) AND at > $4`,
      [tenant, identifierId, members, new Date(since).toISOString()],
    );
    const times = (of: 'toIdentifier' | 'forPerson'): number[] => rows.filter((row) => row[of]).map(({ at }) => at);
    return { toIdentifier: times('toIdentifier'), forPerson: times('forPerson') };
  }

  async byKey(
    { query, tenant }: Transaction,
    actor: string,
    key: string,
  ): Promise<{ id: string; requestHash: Buffer } | undefined> {
    const rows = await query<{ id: string; requestHash: Buffer }>(
      `SELECT id, request_hash AS "requestHash" FROM core.confirmation WHERE tenant = $1 AND actor = $2 AND idempotency_key = $3`,
      [tenant, actor, key],
    );
    return rows[0];
  }

  async insert({ query, tenant }: Transaction, row: ConfirmationWrite): Promise<void> {
    const { id, claimantId, identifierId, channel, account, guesses, actor, key, requestHash } = row;
    const times = [row.at, row.expiresAt].map((time) => new Date(time).toISOString());
    await query(
      `INSERT INTO core.confirmation
         (tenant, id, claimant_id, identifier_id, channel, account, code_hash, guesses, at, expires_at, actor, idempotency_key, request_hash)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
      [
        tenant,
        id,
        claimantId,
        identifierId,
        channel,
        account,
        row.codeHash,
        guesses,
        ...times,
        actor,
        key,
        requestHash,
      ],
    );
  }
}
