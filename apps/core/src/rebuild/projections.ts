/** Where a rebuild puts what it computes, and where it leaves what stood in its place. */
export const NEXT = 'core_next';
export const BEFORE = 'core_before';
/** Tables and views of one session: what a rebuild needs while it computes, gone with it however it ends. */
export const SESSION = 'pg_temp';

/** A table that is computed from events, evidence and agents' records. */
export interface Projection {
  readonly table: string;
  /** What tells its rows apart beside the tenant: a uuid, and perhaps one column more. */
  readonly key: readonly [string, string?];
  /** Columns that are no result: they are carried over, or mean nothing beyond their table. */
  readonly unlike: readonly string[];
  /** Identifiers that rows hang on in one of the two places, FROM rows `d(tenant, id)`. */
  readonly identifiers: (schema: string) => string;
}

const of = (table: string, column: string, key: string, schema: string): string =>
  `SELECT d.tenant, t.${column} FROM d JOIN ${schema}.${table} t ON t.tenant = d.tenant AND t.${key} = d.id`;
const members = (column: string, from: string, schema: string): string =>
  `SELECT d.tenant, n.identifier_id FROM d ${from} JOIN ${schema}.node n ON n.tenant = d.tenant AND n.person_id = ${column}`;
const ends = (table: string) => (schema: string) =>
  `${of(table, 'a', 'id', schema)} UNION ${of(table, 'b', 'id', schema)}`;

/**
 * What a rebuild replaces. Not among them: what was said (events and which items they name, evidence, agents' records, names), and `thread`, which only keeps how a
 * thread is called and up to where it was read.
 */
export const PROJECTIONS: readonly Projection[] = [
  // `seq` counts rows as they were written
  { table: 'item', key: ['id'], unlike: ['seq'], identifiers: (schema) => of('item', 'identifier_id', 'id', schema) },
  {
    table: 'item_words',
    key: ['item_id'],
    unlike: [],
    identifiers: (schema) => of('item', 'identifier_id', 'id', schema),
  },
  { table: 'node', key: ['identifier_id', 'epoch'], unlike: [], identifiers: () => 'SELECT d.tenant, d.id FROM d' },
  {
    table: 'person',
    key: ['id'],
    unlike: [],
    identifiers: (schema) => `${members('d.id', '', schema)} UNION ${of('person', 'root_identifier_id', 'id', schema)}`,
  },
  { table: 'segment', key: ['id'], unlike: [], identifiers: (schema) => of('segment', 'identifier_id', 'id', schema) },
  {
    table: 'conversation',
    key: ['id'],
    // what was told of a wait, and when to look at it again: nothing but having told it makes them
    unlike: ['stage', 'due_at'],
    identifiers: (schema) =>
      `${of('segment', 'identifier_id', 'conversation_id', schema)}
       UNION ${members('c.person_id', `JOIN ${schema}.conversation c ON c.tenant = d.tenant AND c.id = d.id`, schema)}`,
  },
  {
    table: 'conversation_name',
    key: ['id'],
    unlike: [],
    identifiers: (schema) =>
      `SELECT d.tenant, i.identifier_id FROM d JOIN ${schema}.conversation_name n ON n.tenant = d.tenant AND n.id = d.id
       JOIN ${schema}.item i ON i.tenant = n.tenant AND i.id = n.item_id`,
  },
  {
    table: 'channel_switch',
    key: ['id'],
    unlike: [],
    identifiers: (schema) => of('channel_switch', 'identifier_id', 'id', schema),
  },
  // `position` counts within the round that computed them
  { table: 'identity_edge', key: ['id'], unlike: ['position'], identifiers: ends('identity_edge') },
  { table: 'identity_conflict', key: ['id'], unlike: [], identifiers: ends('identity_conflict') },
];

/** What rule I7 made of identifiers is a column of `identifier`, whose other columns are records: it is compared as a table, and written as a column. */
export const STANDING: Projection = {
  table: 'standing',
  key: ['id'],
  unlike: [],
  identifiers: () => 'SELECT d.tenant, d.id FROM d',
};

export const COMPARED: readonly Projection[] = [...PROJECTIONS, STANDING];
