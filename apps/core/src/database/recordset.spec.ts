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
    expect(set.parameters).toEqual(['{a,b}', '{1970-01-01T00:00:00.000Z,NULL}', '{"{\\"x\\":1}","{\\"y\\":2}"}']);
  });

  it.each([
    ['plain-word', 'plain-word'],
    ['two words', '"two words"'],
    ['', '""'],
    ['NULL', '"NULL"'],
    ['a,b', '"a,b"'],
    ['{x}', '"{x}"'],
    ['say "hi"', String.raw`"say \"hi\""`],
    [String.raw`C:\temp`, String.raw`"C:\\temp"`],
    ['line\nbreak "q"', '"line\nbreak \\"q\\""'],
    ['ơi', 'ơi'],
  ])('quotes %j where an array literal needs it', (value, element) => {
    expect(recordset('r', { text: 'text' }, [{ text: value }]).parameters).toEqual([`{${element}}`]);
  });

  it('keeps JSON text with line breaks as it is', () => {
    const text = '{\n  "a": "b\\n"\n}';
    const set = recordset('r', { value: 'jsonb' }, [{ value: text }]);
    expect(set.parameters).toEqual([String.raw`{"{NL  \"a\": \"b\\n\"NL}"}`.replaceAll('NL', '\n')]);
  });

  it('writes numbers and booleans plainly, and nothing as NULL', () => {
    const rows = [
      { yes: true, count: 7 },
      { yes: false, count: null },
    ];
    expect(recordset('r', { yes: 'boolean', count: 'integer' }, rows).parameters).toEqual(['{true,false}', '{7,NULL}']);
  });
});
