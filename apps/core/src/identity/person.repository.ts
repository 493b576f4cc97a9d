import { Injectable } from '@nestjs/common';
import type { IdentifierClass, IdentifierType, LinkLevel } from '@lienmach/contracts';
import { milliseconds as ms } from '../database/recordset.js';
import type { Transaction } from '../database/tenant-database.js';
import type { Conflict, Edge, Node, Standing } from './evidence.js';
import type { Named, NameSource } from './name.rules.js';

export interface IdentifierRow extends Named {
  readonly type: IdentifierType;
  readonly scope: string | null;
  readonly value: string;
  readonly class: IdentifierClass;
  readonly standing: Standing['is'] | null;
  readonly personSeed: string;
}

export interface MemberRow extends IdentifierRow {
  readonly personId: string;
  readonly epoch: number;
  readonly level: LinkLevel;
}

export interface ConversationLink {
  readonly id: string;
  readonly state: 'open' | 'resolved';
}

/** A name that somebody gave of a person. */
export interface NameRow {
  readonly value: string;
  readonly source: NameSource;
  /** Milliseconds. */
  readonly at: number;
}

const IDENTIFIER = `i.id, i.type, i.scope, i.value, i.class, i.standing, i.person_seed AS "personSeed",
  i.name, i.name_source AS "nameSource", ${ms('i.name_at', 'nameAt')}`;
const MOST_CONVERSATIONS = 100;
const MOST_NAMES = 100;

/** Reads people as the resolver left them. */
@Injectable()
export class PersonRepository {
  /** The present person of an id that is or was a person's: every such id is made of an identifier (rule I10). */
  async present({ prepared, tenant }: Transaction, id: string): Promise<string | undefined> {
    const rows = await prepared<{ personId: string }>(
      `SELECT id AS "personId" FROM core.person WHERE tenant = $1 AND id = $2
       UNION ALL
       SELECT n.person_id FROM core.identifier i JOIN core.node n ON n.tenant = i.tenant AND n.identifier_id = i.id
       WHERE i.tenant = $1 AND i.person_seed = $2
       LIMIT 1`,
      [tenant, id],
    );
    return rows[0]?.personId;
  }

  /** The identifier that gave, or would give, a person this id. */
  async identifierOfSeed({ query, tenant }: Transaction, seed: string): Promise<string | undefined> {
    const rows = await query<{ id: string }>('SELECT id FROM core.identifier WHERE tenant = $1 AND person_seed = $2', [
      tenant,
      seed,
    ]);
    return rows[0]?.id;
  }

  async root({ query, tenant }: Transaction, personId: string): Promise<Node | undefined> {
    const rows = await query<Node>(
      `SELECT root_identifier_id AS "identifierId", root_epoch AS epoch FROM core.person WHERE tenant = $1 AND id = $2`,
      [tenant, personId],
    );
    return rows[0];
  }

  members({ query, tenant }: Transaction, people: readonly string[]): Promise<MemberRow[]> {
    return query<MemberRow>(
      `SELECT n.person_id AS "personId", n.epoch, n.level, ${IDENTIFIER}
       FROM core.node n JOIN core.identifier i ON i.tenant = n.tenant AND i.id = n.identifier_id
       WHERE n.tenant = $1 AND n.person_id = ANY($2::uuid[])`,
      [tenant, people],
    );
  }

  identifiers({ query, tenant }: Transaction, ids: readonly string[]): Promise<IdentifierRow[]> {
    return query<IdentifierRow>(
      `SELECT ${IDENTIFIER} FROM core.identifier i WHERE i.tenant = $1 AND i.id = ANY($2::uuid[])`,
      [tenant, ids],
    );
  }

  /** Every name that is known of a person, the newest first. */
  names({ query, tenant }: Transaction, personId: string): Promise<NameRow[]> {
    return query<NameRow>(
      `SELECT v.value, v.source, ${ms('v.at', 'at')}
       FROM core.node n JOIN core.profile_value v ON v.tenant = n.tenant AND v.identifier_id = n.identifier_id AND v.field = 'name'
       WHERE n.tenant = $1 AND n.person_id = $2 ORDER BY v.at DESC, v.hash, v.source LIMIT ${MOST_NAMES}`,
      [tenant, personId],
    );
  }

  /** Open ones first, then the latest. */
  conversations({ query, tenant }: Transaction, personId: string): Promise<ConversationLink[]> {
    return query<ConversationLink>(
      `SELECT id, state FROM core.conversation WHERE tenant = $1 AND person_id = $2
       ORDER BY state = 'open' DESC, last_at DESC, id LIMIT ${MOST_CONVERSATIONS}`,
      [tenant, personId],
    );
  }

  /** Ties within the given members, in joining order, and what was refused of them. */
  async ties(
    { query, tenant }: Transaction,
    members: readonly string[],
  ): Promise<{ joins: Edge[]; rejected: Conflict[] }> {
    const joins = await query<{ edge: Edge }>(
      'SELECT edge FROM core.identity_edge WHERE tenant = $1 AND joins AND a = ANY($2::uuid[]) AND b = ANY($2::uuid[]) ORDER BY position, id',
      [tenant, members],
    );
    const rejected = await query<{ edge: Conflict }>(
      `SELECT edge FROM core.identity_conflict WHERE tenant = $1 AND (a = ANY($2::uuid[]) OR b = ANY($2::uuid[])) ORDER BY id`,
      [tenant, members],
    );
    return { joins: joins.map(({ edge }) => edge), rejected: rejected.map(({ edge }) => edge) };
  }
}
