import { describe, expect, it } from '@jest/globals';
import type { PbxState } from './pbx-state.payload.js';
import { stateEvents } from './pbx-state.rules.js';

const account = { vendor: 'pbx', id: 'acme', ownNumbers: [] };
const ringing: PbxState = {
  callId: 'c-1',
  parentId: null,
  state: 'ringing',
  direction: 'inbound',
  from: '0900000001',
  to: '101',
  hotline: '842470000001',
  at: null,
  durationSeconds: null,
  talkSeconds: null,
  cause: null,
  recordingUrl: null,
  keys: null,
  rest: {},
};
const events = (part: Partial<PbxState>) => stateEvents({ ...ringing, ...part }, account).events;
const ids = (part: Partial<PbxState>) => events(part).map(({ data }) => data.vendorEventId);

describe('a state of a call', () => {
  it('rings and is answered on the leg of an agent, and ends as a whole', () => {
    expect(ids({})).toEqual(['c-1|call.ringing|101']);
    expect(ids({ state: 'answered', to: '102' })).toEqual(['c-1|call.answered|102']);
    expect(ids({ state: 'hangup' })).toEqual(['c-1|call.ended|hangup']);
  });

  it('is of its parent where it has one, and ends as a leg', () => {
    const [ended] = events({ state: 'hangup', parentId: 'c-0' });
    expect(ended?.data).toMatchObject({ thread: 'c-0', callId: 'c-0', legId: 'c-1' });
    expect(ids({ parentId: 'c-0' })).toEqual(['c-0|call.ringing|c-1']);
  });

  it('that ends a second time with the recording adds it, and its end counts too', () => {
    const again = { state: 'hangup', recordingUrl: 'https://pbx.example/1.wav', talkSeconds: 92 };
    expect(ids(again)).toEqual(['c-1|call.ended|hangup|recorded', 'c-1|call.recorded']);
    expect(ids({ ...again, state: 'cdr' })).toEqual(['c-1|call.ended|cdr', 'c-1|call.recorded']);
  });

  it('of a name that nobody knows is kept and counted', () => {
    expect(stateEvents({ ...ringing, state: 'parked' }, account).unknown).toEqual(['state parked']);
  });
});
