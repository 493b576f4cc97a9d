/** PostgreSQL types of columns that travel as arrays. Times are milliseconds or null on our side. */
export type ColumnType = 'text' | 'uuid' | 'timestamptz' | 'boolean' | 'jsonb' | 'integer' | 'bigint' | 'smallint';

export type Columns<T> = { readonly [K in keyof T]-?: ColumnType };

export interface Recordset {
  /** Comma-separated column names. */
  readonly names: string;
  /** `unnest($n::type[], …) AS name(columns)`, for FROM. */
  readonly from: string;
  readonly parameters: unknown[];
}

const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

function encode(value: unknown, type: ColumnType): unknown {
  if (value === null || value === undefined) return null;
  if (type === 'timestamptz' && typeof value === 'number') return new Date(value).toISOString();
  if (type === 'jsonb') return typeof value === 'string' ? value : JSON.stringify(value);
  return value;
}

/**
 * Rows as one array a column: one statement for any number of rows, and one plan for all of them.
 * @param name alias in FROM
 * @param columns camelCase names as in the rows; snake_case in SQL. A jsonb given as a string is taken as JSON text.
 * @param first number of the first parameter
 */
export function recordset<T extends object>(
  name: string,
  columns: Columns<T>,
  rows: readonly T[],
  first = 1,
): Recordset {
  const keys = Object.keys(columns) as (keyof T & string)[];
  const names = keys.map(snake).join(', ');
  const arrays = keys.map((key, index) => `$${first + index}::${columns[key]}[]`).join(', ');
  return {
    names,
    from: `unnest(${arrays}) AS ${name}(${names})`,
    parameters: keys.map((key) => rows.map((row) => encode(row[key], columns[key]))),
  };
}

/** A timestamp column as milliseconds, for SELECT. */
export function milliseconds(column: string, name: string): string {
  return `(extract(epoch FROM ${column}) * 1000)::float8 AS "${name}"`;
}
