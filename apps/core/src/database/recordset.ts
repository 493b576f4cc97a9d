/** PostgreSQL types of columns that travel as arrays. Times are milliseconds or null on our side. */
export type ColumnType =
  'text' | 'uuid' | 'timestamptz' | 'boolean' | 'jsonb' | 'integer' | 'bigint' | 'smallint' | 'tsvector';

export type Columns<T> = { readonly [K in keyof T]-?: ColumnType };

export interface Recordset {
  /** Comma-separated column names. */
  readonly names: string;
  /** `unnest($n::type[], …) AS name(columns)`, for FROM. */
  readonly from: string;
  /** One array literal a column. */
  readonly parameters: string[];
}

const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** What makes an element of an array literal need quotes; PostgreSQL's manual, 8.15.6. */
const NEEDS_QUOTES = /[{},"\\\s]|^$|^null$/i;
const CONTROL = /\p{Cc}/u;
const ESCAPED = /["\\]/g;

/** A quoted element. Where there are no control characters JSON writes the same, many times faster. */
const quoted = (text: string): string =>
  CONTROL.test(text) ? `"${text.replace(ESCAPED, '\\$&')}"` : JSON.stringify(text);

function element(value: unknown, type: ColumnType): string {
  if (value === null || value === undefined) return 'NULL';
  switch (type) {
    case 'timestamptz':
      return typeof value === 'string' ? quoted(value) : new Date(value as number | Date).toISOString();
    case 'jsonb':
      return quoted(typeof value === 'string' ? value : JSON.stringify(value));
    case 'text':
    case 'tsvector': {
      const text = value as string;
      return NEEDS_QUOTES.test(text) ? quoted(text) : text;
    }
    default:
      return `${value as string | number | boolean | bigint}`;
  }
}

/** The text of an array: made here by what is known of the type, which the driver would have to find out for each value. */
function arrayLiteral<T>(rows: readonly T[], key: keyof T, type: ColumnType): string {
  let text = '{';
  for (const [index, row] of rows.entries()) text += (index === 0 ? '' : ',') + element(row[key], type);
  return `${text}}`;
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
    parameters: keys.map((key) => arrayLiteral(rows, key, columns[key])),
  };
}

/** A timestamp column as milliseconds, for SELECT. */
export function milliseconds(column: string, name: string): string {
  return `(extract(epoch FROM ${column}) * 1000)::float8 AS "${name}"`;
}
