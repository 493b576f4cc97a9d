import { describe, expect, it } from '@jest/globals';
import { compareSums, isSame, type Sum } from './checksum.rules.js';

const TABLES = ['item', 'person'];
const sum = (table: string, tenant: string, rows: number, value: bigint): Sum => ({ table, tenant, rows, sum: value });

const live = [sum('item', 'a', 2, 5n), sum('item', 'b', 1, -7n), sum('person', 'a', 1, 9n)];

describe('checksums', () => {
  it('are equal whatever order parts come in, and show rows and sums of each table', () => {
    const { tables, tenants, live: one, rebuilt: other } = compareSums(TABLES, live, live.toReversed());
    expect(tables).toEqual([
      {
        table: 'item',
        live: { rows: 3, checksum: 'fffffffffffffffe' },
        rebuilt: { rows: 3, checksum: 'fffffffffffffffe' },
      },
      {
        table: 'person',
        live: { rows: 1, checksum: '0000000000000009' },
        rebuilt: { rows: 1, checksum: '0000000000000009' },
      },
    ]);
    expect(tenants).toEqual([]);
    expect(one).toMatch(/^[0-9a-f]{16}$/);
    expect(other).toBe(one);
  });

  it('wrap round at 64 bits', () => {
    const [item] = compareSums(['item'], [sum('item', 'a', 1, 2n ** 64n + 3n)], [sum('item', 'a', 1, 3n)]).tables;
    expect(isSame(item!)).toBe(true);
  });

  it('name the tenants whose part differs, though the whole may come to the same', () => {
    const moved = [sum('item', 'a', 2, -7n), sum('item', 'b', 1, 5n), sum('person', 'a', 1, 9n)];
    const compared = compareSums(TABLES, live, moved);
    expect(compared.tables.every(isSame)).toBe(true);
    expect(compared.tenants.map(({ table, tenant }) => `${table} ${tenant}`)).toEqual(['item a', 'item b']);
    expect(compared.rebuilt).not.toBe(compared.live);
  });

  it('differ where a part is missing, and not where it has no rows', () => {
    expect(compareSums(TABLES, live, live.slice(0, 2)).tenants).toMatchObject([
      { table: 'person', tenant: 'a', live: { rows: 1 }, rebuilt: { rows: 0, checksum: '0000000000000000' } },
    ]);
    const { live: one, rebuilt: other } = compareSums(TABLES, live, [...live, sum('person', 'c', 0, 0n)]);
    expect(other).toBe(one);
  });
});
