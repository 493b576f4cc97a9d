import { describe, expect, it } from '@jest/globals';
import { readThreeCx } from './3cx.payload.js';

const read = (fields: object) => readThreeCx({ event: 'incoming', id: '240729145056_39-1', ...fields });

describe('a body of a 3CX add-on', () => {
  it.each([
    ['240729145056_39-0', '240729145056_39'],
    ['240729145056_39-2', '240729145056_39'],
    ['240729145056_39', '240729145056_39'],
    ['-1', '-1'],
  ])('with the id %s is of the call %s', (id, callId) => {
    expect(read({ id }).callId).toBe(callId);
  });

  it.each([
    [{ title: 'Answered call from 84900000001 (0:43)' }, 43],
    [{ title: 'Answered call (1:02:03)' }, 3723],
    [{ duration: '00:06' }, 6],
    [{ title: 'Missed call from 84900000001' }, null],
    [{}, null],
  ])('%j has talked %s seconds', (fields, seconds) => {
    expect(read(fields).talkSeconds).toBe(seconds);
  });

  it.each([
    [{ did: 'DID-842470000001' }, '842470000001'],
    [{ did: '19000001' }, '19000001'],
    [{ did: 'DID Ha Noi 024', inbound_did: '842470000001' }, '842470000001'],
    [{ did: 'DID Ha Noi 024' }, null],
  ])('%j was called at %s', (fields, hotline) => {
    expect(read(fields).hotline).toBe(hotline);
  });

  it('names its recordings in either add-on’s field', () => {
    expect(read({ FILES: ['https://pbx.example/1.mp3', '', 7] }).recordings).toEqual(['https://pbx.example/1.mp3']);
    expect(read({ FileUrls: ['https://pbx.example/2.mp3'] }).recordings).toEqual(['https://pbx.example/2.mp3']);
    expect(read({}).recordings).toEqual([]);
  });

  it.each([
    [{ event: '' }, 'event is missing'],
    [{ id: null }, 'id is missing'],
  ])('%j is refused: %s', (fields, problem) => {
    expect(() => read(fields)).toThrow(problem);
  });
});
