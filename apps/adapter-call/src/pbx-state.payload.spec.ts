import { expect, it } from '@jest/globals';
import { readCmc } from './cmc/cmc.payload.js';
import { readOmicall } from './omicall/omicall.payload.js';
import { readTel4vn } from './tel4vn/tel4vn.payload.js';

it.each([
  [readCmc, { uuid: 'c' }, 'state is missing'],
  [readCmc, { state: 'ringing' }, 'uuid is missing'],
  [readCmc, { uuid: 'c', state: 'hangup', duration: 'long' }, 'duration must be a number'],
  [readTel4vn, { state: 'cdr' }, 'call_id is missing'],
  [readOmicall, { state: 'cdr', call_uuid: '' }, 'call_uuid is missing'],
  [readOmicall, { disposition: 'answered' }, 'transaction_id is missing'],
])('%O of %j: %s', (read, body, problem) => {
  expect(() => read(body)).toThrow(problem);
});

it('reads the fields of a vendor and keeps the rest', () => {
  const read = readCmc({ uuid: 900719925474, state: 'ringing', startedAt: '1740968103', queue: 'x' });
  expect(read).toMatchObject({
    callId: '900719925474',
    at: 1740968103000,
    cause: null,
    rest: { startedAt: '1740968103', queue: 'x' },
  });
});
