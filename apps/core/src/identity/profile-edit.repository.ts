import type { ProfileField } from '@lienmach/contracts';
import { Injectable } from '@nestjs/common';
import { milliseconds as ms } from '../database/recordset.js';
import type { Transaction } from '../database/tenant-database.js';
import { NameRepository } from '../ingest/name.repository.js';
import { inTimeOf } from './node-time.js';

/** What an agent says of a customer. */
export interface ProfileEdit {
  readonly id: string;
  readonly identifierId: string;
  /** A moment in the epoch of the identifier that is meant, milliseconds; null: that of `at`. */
  readonly meantAt: number | null;
  readonly field: ProfileField;
  readonly value: string;
  /** Milliseconds. */
  readonly at: number;
}

export interface Said {
  readonly at: number;
  readonly actor: string;
  readonly reason: string;
}

/** Writes what agents say of customers, and takes it back. */
@Injectable()
export class ProfileEditRepository {
  /** What is best of several names is decided by one at a time: as transaction 1 does, before it writes. */
  async lock({ query, tenant }: Transaction, identifiers: readonly string[]): Promise<void> {
    await query(
      'SELECT FROM core.identifier WHERE tenant = $1 AND id = ANY($2::uuid[]) ORDER BY tenant, id FOR NO KEY UPDATE',
      [tenant, identifiers],
    );
  }

  async find({ query, tenant }: Transaction, id: string): Promise<ProfileEdit | undefined> {
    const rows = await query<ProfileEdit>(
      `SELECT id, identifier_id AS "identifierId", ${ms('meant_at', 'meantAt')}, field, value, ${ms('at', 'at')} FROM core.profile_edit WHERE tenant = $1 AND id = $2`,
      [tenant, id],
    );
    return rows[0];
  }

  async insert({ query, tenant }: Transaction, edits: readonly ProfileEdit[], { actor, reason }: Said): Promise<void> {
    for (const { id, identifierId, meantAt, field, value, at } of edits) {
      await query(
        `INSERT INTO core.profile_edit (tenant, id, identifier_id, meant_at, field, value, at, actor, reason) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
        [tenant, id, identifierId, meantAt === null ? null : iso(meantAt), field, value, iso(at), actor, reason],
      );
    }
  }

  /** @returns ids of those that were not undone yet */
  async undo({ query, tenant }: Transaction, edits: readonly string[], { at, actor, reason }: Said): Promise<string[]> {
    const rows = await query<{ id: string }>(
      `INSERT INTO core.profile_edit_undo (tenant, edit_id, at, actor, reason) SELECT $1, id, $3, $4, $5 FROM unnest($2::uuid[]) AS id
       ON CONFLICT DO NOTHING RETURNING edit_id AS id`,
      [tenant, edits, iso(at), actor, reason],
    );
    return rows.map(({ id }) => id);
  }

  /** The names to show of identifiers, of which some came or went. */
  async chooseNames({ manager, tenant }: Transaction, identifiers: readonly string[]): Promise<void> {
    if (identifiers.length === 0) return;
    await new NameRepository(manager).chooseAgain(identifiers.map((id) => ({ tenant, id })));
  }

  /** Whose an identifier is at a moment. */
  async personAt({ query, tenant }: Transaction, identifierId: string, at: number): Promise<string | undefined> {
    const rows = await query<{ personId: string }>(
      `SELECT n.person_id AS "personId" FROM core.node n WHERE n.tenant = $1 AND n.identifier_id = $2 AND ${inTimeOf('n', '$3::timestamptz')}`,
      [tenant, identifierId, iso(at)],
    );
    return rows[0]?.personId;
  }
}

const iso = (at: number): string => new Date(at).toISOString();
