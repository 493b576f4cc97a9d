import { describe, expect, it } from '@jest/globals';
import { recordset } from './recordset.js';

describe('recordset', () => {
  it('turns rows into one array a column, times into ISO text and objects into JSON', () => {
    const rows = [
      { personId: 'a', at: 0, state: { x: 1 } },
      { personId: 'b', at: null, state: '{"y":2}' },
    ];

    const set = recordset('r', { personId: 'uuid', at: 'timestamptz', state: 'jsonb' }, rows, 3);

    expect(set.names).toBe('person_id, at, state');
    expect(set.from).toBe('unnest($3::uuid[], $4::timestamptz[], $5::jsonb[]) AS r(person_id, at, state)');
    expect(set.parameters).toEqual([
      ['a', 'b'],
      ['1970-01-01T00:00:00.000Z', null],
      ['{"x":1}', '{"y":2}'],
    ]);
  });
});
