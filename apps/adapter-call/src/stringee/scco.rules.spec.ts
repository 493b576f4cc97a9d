import { describe, expect, it } from '@jest/globals';
import { routeCall, type CallQuestion } from './scco.rules.js';

const settings = { signingSecret: 's', routeTo: ['agent_101', '0911000001'] };
const addresses = { eventUrl: 'https://x/e', nextUrl: (rung: number) => `https://x/answer?rung=${rung}` };
const question: CallQuestion = { from: '84900000001', to: '842470000001', fromInternal: false, custom: null, rung: 0 };

const route = (asked: Partial<CallQuestion>, set: object = {}) =>
  routeCall({ ...question, ...asked }, { ...settings, ...set }, addresses);

const record = { action: 'record', eventUrl: 'https://x/e', format: 'mp3' };

describe('the answer to answer_url', () => {
  it('records and rings the first agent, who sees the hotline', () => {
    expect(route({})).toEqual([
      record,
      {
        action: 'connect',
        from: { type: 'external', number: '84900000001', alias: '84900000001' },
        to: { type: 'internal', number: 'agent_101', alias: '842470000001' },
        timeout: 30,
        peerToPeerCall: false,
        continueOnFail: true,
        onFailEventUrl: 'https://x/answer?rung=1',
      },
    ]);
  });

  it('rings the next when the first cannot be reached, a telephone too', () => {
    expect(route({ rung: 1 }, { greeting: 'Xin chào', ringSeconds: 20 })).toEqual([
      record,
      expect.objectContaining({
        action: 'connect',
        to: { type: 'external', number: '0911000001', alias: '842470000001' },
        timeout: 20,
        onFailEventUrl: 'https://x/answer?rung=2',
      }),
    ]);
  });

  it.each([
    ['when nobody is left', { rung: 2 }, {}],
    ['when nobody is set', {}, { routeTo: undefined }],
    ['after a count that was tampered with', { rung: 1e9 }, {}],
  ])('offers the voicemail %s', (_, asked, set) => {
    expect(route(asked, set)).toEqual([
      { action: 'talk', text: expect.stringContaining('lời nhắn'), bargeIn: false },
      {
        action: 'recordMessage',
        eventUrl: 'https://x/e?record=voicemail',
        format: 'mp3',
        beepStart: true,
        endOnKey: '#',
      },
    ]);
  });

  it('greets once, before anything else, and records nothing that must not be', () => {
    const answer = route({}, { greeting: 'Cuộc gọi được ghi âm', record: false });
    expect(answer.map(({ action }) => action)).toEqual(['talk', 'connect']);
  });

  it('shows the hotline where the caller is withheld', () => {
    expect(route({ from: '' })).toContainEqual(
      expect.objectContaining({ from: { type: 'external', number: '842470000001', alias: '842470000001' } }),
    );
  });

  it.each([
    ['0900000001', 'external'],
    ['+84900000001', 'external'],
    ['1900000001', 'external'],
    ['102', 'internal'],
    ['agent_102', 'internal'],
  ])('puts an agent who dials %s through to the %s side', (to, type) => {
    expect(route({ from: '842470000001', to, fromInternal: true, custom: 'order=DH1024' })).toEqual([
      record,
      {
        action: 'connect',
        from: { type: 'internal', number: '842470000001', alias: '842470000001' },
        to: { type, number: to, alias: to },
        timeout: 30,
        customData: 'order=DH1024',
        peerToPeerCall: false,
      },
    ]);
  });
});
