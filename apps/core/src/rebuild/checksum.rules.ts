import { createHash } from 'node:crypto';

/** Rows of one table and one tenant: how many, and the sum of their hashes, in which their order leaves no trace. */
export interface Sum {
  readonly table: string;
  readonly tenant: string;
  readonly rows: number;
  /** Of any size and sign. */
  readonly sum: bigint;
}

export interface Side {
  readonly rows: number;
  /** 16 hexadecimal digits; comparable within one database server. */
  readonly checksum: string;
}

/** One table, or one tenant's part of it, as it stands and as it was computed anew. */
export interface Compared {
  readonly table: string;
  readonly live: Side;
  readonly rebuilt: Side;
}

export interface Comparison {
  /** In the order of the tables given. */
  readonly tables: readonly Compared[];
  /** Parts that differ. */
  readonly tenants: readonly (Compared & { readonly tenant: string })[];
  /** Over everything. */
  readonly live: string;
  readonly rebuilt: string;
}

export function compareSums(tables: readonly string[], live: readonly Sum[], rebuilt: readonly Sum[]): Comparison {
  const both = (table: string, isOne: (sum: Sum) => boolean): Compared => ({
    table,
    live: sideOf(live.filter((sum) => sum.table === table && isOne(sum))),
    rebuilt: sideOf(rebuilt.filter((sum) => sum.table === table && isOne(sum))),
  });
  const names = [...new Set([...live, ...rebuilt].map(({ tenant }) => tenant))].sort();
  return {
    tables: tables.map((table) => both(table, () => true)),
    tenants: tables.flatMap((table) =>
      names
        .map((tenant) => ({ ...both(table, (sum) => sum.tenant === tenant), tenant }))
        .filter((part) => !isSame(part)),
    ),
    live: digestOf(tables, live),
    rebuilt: digestOf(tables, rebuilt),
  };
}

export function isSame({ live, rebuilt }: Pick<Compared, 'live' | 'rebuilt'>): boolean {
  return live.rows === rebuilt.rows && live.checksum === rebuilt.checksum;
}

function sideOf(sums: readonly Sum[]): Side {
  return {
    rows: sums.reduce((rows, sum) => rows + sum.rows, 0),
    checksum: hexadecimal(sums.reduce((total, { sum }) => total + sum, 0n)),
  };
}

const hexadecimal = (sum: bigint): string => BigInt.asUintN(64, sum).toString(16).padStart(16, '0');

/** One word for all tables and tenants; parts without rows say nothing. */
function digestOf(tables: readonly string[], sums: readonly Sum[]): string {
  const lines = sums
    .filter(({ table, rows }) => rows > 0 && tables.includes(table))
    .map(({ table, tenant, rows, sum }) => JSON.stringify([table, tenant, rows, hexadecimal(sum)]))
    .sort();
  return createHash('sha256').update(lines.join('\n')).digest('hex').slice(0, 16);
}
