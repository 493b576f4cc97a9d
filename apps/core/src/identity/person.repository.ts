import { Injectable } from '@nestjs/common';
import type { IdentifierClass, IdentifierType, LinkLevel } from '@lienmach/contracts';
import { milliseconds as ms } from '../database/recordset.js';
import type { Transaction } from '../database/tenant-database.js';
import { BY_STRENGTH } from '../ingest/name.repository.js';
import type { Conflict, Edge, Node, Standing } from './evidence.js';
import type { Meant } from './evidence.rules.js';
import type { Named } from './name.rules.js';
import { inTimeOf } from './node-time.js';
import type { Begun } from './people.repository.js';
import type { KeptValue } from './profile.rules.js';

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
  /** When the identifier is this person's (rule I13), milliseconds; null: since, or until, ever. */
  readonly since: number | null;
  readonly until: number | null;
  readonly begun: Begun | null;
}

/** A person's identifier as an agent means it. */
export interface MeantIdentifier extends Meant {
  readonly at: number | null;
  readonly epoch: number;
  /** When its epoch began, milliseconds. */
  readonly since: number | null;
}

export interface ConversationLink {
  readonly id: string;
  readonly state: 'open' | 'resolved';
}

/** A value that somebody gave of a person. */
export interface ValueRow extends KeptValue {
  /** Of an agent's: who, and the record to undo. */
  readonly actor: string | null;
  readonly editId: string | null;
}

const FACTS = 'i.id, i.type, i.scope, i.value, i.class, i.standing';
const IDENTIFIER = `${FACTS}, i.person_seed AS "personSeed", i.name, i.name_source AS "nameSource", ${ms('i.name_at', 'nameAt')}`;
/** A node `n` of an identifier `i` with the best name `own` of its time, where it has not all of the identifier's. */
const MEMBER = `n.person_id AS "personId", n.epoch, n.level, ${ms('n.since', 'since')}, ${ms('n.until', 'until')}, n.begun, ${FACTS},
  coalesce((n.begun->>'personSeed')::uuid, i.person_seed) AS "personSeed",
  CASE WHEN own.ever THEN i.name ELSE own.name END AS name, CASE WHEN own.ever THEN i.name_source ELSE own.source END AS "nameSource",
  ${ms('CASE WHEN own.ever THEN i.name_at ELSE own.at END', 'nameAt')}`;
/** A node `n` with a moment in its time, where that is not the present. */
const MEANT = `n.identifier_id AS id, n.epoch, ${ms('n.since', 'since')},
  CASE WHEN NOT (${inTimeOf('n', 'clock_timestamp()')}) THEN coalesce((extract(epoch FROM n.since) * 1000)::float8, 0) END AS at`;
const OWN_NAME = `CROSS JOIN LATERAL (
  SELECT n.since IS NULL AND n.until IS NULL AS ever, v.value AS name, v.source, v.at
  FROM (VALUES (1)) one LEFT JOIN core.profile v
    ON (n.since IS NOT NULL OR n.until IS NOT NULL) AND v.tenant = n.tenant AND v.identifier_id = n.identifier_id AND v.field = 'name' AND ${inTimeOf('n', 'v.held_at')}
  ORDER BY ${BY_STRENGTH} DESC, v.at DESC, v.hash LIMIT 1
) own`;
const MOST_CONVERSATIONS = 100;
const MOST_VALUES = 500;

/** Reads people as the resolver left them. */
@Injectable()
export class PersonRepository {
  /** The present person of an id that is or was a person's: every such id is made of an identifier (rule I10), or of an epoch of a number (I13). */
  async present({ prepared, tenant }: Transaction, id: string): Promise<string | undefined> {
    const rows = await prepared<{ personId: string }>(
      `SELECT id AS "personId" FROM core.person WHERE tenant = $1 AND id = $2
       UNION ALL
       (SELECT n.person_id FROM core.identifier i JOIN core.node n ON n.tenant = i.tenant AND n.identifier_id = i.id
        WHERE i.tenant = $1 AND i.person_seed = $2 ORDER BY n.epoch LIMIT 1)
       UNION ALL
       (SELECT n.person_id FROM core.person_name p
        JOIN core.node n ON n.tenant = p.tenant AND n.identifier_id = p.identifier_id AND ${inTimeOf('n', 'p.at')}
        WHERE p.tenant = $1 AND p.id = $2)
       LIMIT 1`,
      [tenant, id],
    );
    return rows[0]?.personId;
  }

  /** The members of a person. */
  meant({ query, tenant }: Transaction, personId: string): Promise<MeantIdentifier[]> {
    return query<MeantIdentifier>(`SELECT ${MEANT} FROM core.node n WHERE n.tenant = $1 AND n.person_id = $2`, [
      tenant,
      personId,
    ]);
  }

  /** An identifier as it is now, whoever has it. */
  async presently({ query, tenant }: Transaction, id: string): Promise<MeantIdentifier> {
    const rows = await query<MeantIdentifier>(
      `SELECT ${MEANT} FROM core.node n WHERE n.tenant = $1 AND n.identifier_id = $2 AND ${inTimeOf('n', 'clock_timestamp()')}`,
      [tenant, id],
    );
    return rows[0] ?? { id, at: null, epoch: 1, since: null };
  }

  /** Whose a number is since a new owner was told of by this evidence. */
  async begunBy({ query, tenant }: Transaction, id: string, evidenceId: string): Promise<string | undefined> {
    const rows = await query<{ personId: string }>(
      `SELECT person_id AS "personId" FROM core.node WHERE tenant = $1 AND identifier_id = $2 AND begun->'evidenceIds' ? $3`,
      [tenant, id, evidenceId],
    );
    return rows[0]?.personId;
  }

  /** The agent's word of a new owner who has done nothing yet. */
  async awaitedOwner({ query, tenant }: Transaction, id: string): Promise<string | undefined> {
    const rows = await query<{ word: string }>(
      `SELECT n.begun->'evidenceIds'->>0 AS word FROM core.node n
       WHERE n.tenant = $1 AND n.identifier_id = $2 AND n.until IS NULL AND n.begun->>'because' = 'agent'
         AND NOT EXISTS (SELECT FROM core.item i WHERE i.tenant = $1 AND i.identifier_id = $2 AND i.shown AND i.at >= n.since)`,
      [tenant, id],
    );
    return rows[0]?.word;
  }

  /** The identifier that gave, or would give, a person this id. */
  async identifierOfSeed({ query, tenant }: Transaction, seed: string): Promise<MeantIdentifier | undefined> {
    const rows = await query<MeantIdentifier>(
      `SELECT coalesce(n.id, i.id) AS id, n.at, coalesce(n.epoch, 1) AS epoch, n.since
       FROM core.identifier i
       LEFT JOIN LATERAL (
         SELECT ${MEANT} FROM core.node n WHERE n.tenant = $1 AND n.identifier_id = i.id ORDER BY n.epoch LIMIT 1
       ) n ON true
       WHERE i.tenant = $1 AND i.person_seed = $2
       UNION ALL
       SELECT ${MEANT} FROM core.person_name p
       JOIN core.node n ON n.tenant = p.tenant AND n.identifier_id = p.identifier_id AND ${inTimeOf('n', 'p.at')}
       WHERE p.tenant = $1 AND p.id = $2`,
      [tenant, seed],
    );
    return rows[0];
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
      `SELECT ${MEMBER}
       FROM core.node n JOIN core.identifier i ON i.tenant = n.tenant AND i.id = n.identifier_id ${OWN_NAME}
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

  /** Everything that was said of a person and stands, the newest first. */
  values({ query, tenant }: Transaction, personId: string): Promise<ValueRow[]> {
    return query<ValueRow>(
      `SELECT v.identifier_id AS "identifierId", v.field, v.value, v.source, ${ms('v.at', 'at')}, ${ms('v.held_at', 'heldAt')}, v.actor, v.edit_id AS "editId"
       FROM core.node n JOIN core.profile v ON v.tenant = n.tenant AND v.identifier_id = n.identifier_id AND ${inTimeOf('n', 'v.held_at')}
       WHERE n.tenant = $1 AND n.person_id = $2 ORDER BY v.at DESC, v.hash, v.source LIMIT ${MOST_VALUES}`,
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
