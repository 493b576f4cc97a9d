import { NEXT, PROJECTIONS, SESSION } from './projections.js';

/**
 * Tables of `core` that a rebuild's statements find elsewhere: projections in the tables beside the live ones; marks, outbox and all records that
 * transaction 2 writes to in its session. Everything else, such as events and acts, is read where it is.
 */
const PLACES: ReadonlyMap<string, string> = new Map([
  ...PROJECTIONS.map(({ table }) => [table, NEXT] as const),
  ...['dirty', 'outbox', 'identifier', 'evidence', 'retraction'].map((table) => [table, SESSION] as const),
]);

const NAMES = new RegExp(`\\bcore\\.(${[...PLACES.keys()].join('|')})\\b`, 'g');

/** The same statement over the tables beside the live ones. */
export function redirect(sql: string): string {
  return sql.replace(NAMES, (_name, table: string) => `${PLACES.get(table)}.${table}`);
}
