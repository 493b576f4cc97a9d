import { describe, expect, it } from '@jest/globals';
import { consentIn } from './consent.rules.js';

const out = { to: 'opted-out', isCandidate: false };
const perhapsOut = { to: 'opted-out', isCandidate: true };

describe('a whole text', () => {
  it.each([
    'TC',
    ' tc ',
    'HUY',
    'Hủy',
    'huỷ',
    'HỦY',
    'STOP',
    'stop',
    'StopAll',
    'UNSUBSCRIBE',
    'CANCEL',
    'END',
    'QUIT',
    'REVOKE',
    'OPTOUT',
    'TU CHOI',
    'Từ chối',
    'từ  chối\n',
    'ＳＴＯＰ',
    'S\u200bTOP',
  ])('%j opts out', (text) => expect(consentIn(text, {})).toEqual(out));

  it.each(['START', 'unstop'])('%j opts in', (text) => {
    expect(consentIn(text, {})).toEqual({ to: 'opted-in', isCandidate: false });
  });

  it.each(['TC QC', 'tc1', 'TC4'])('%j may opt out', (text) => expect(consentIn(text, {})).toEqual(perhapsOut));
  it.each(['DK', 'đk'])('%j may opt in', (text) => {
    expect(consentIn(text, {})).toEqual({ to: 'opted-in', isCandidate: true });
  });

  it.each([
    'Huy oi toi muon huy don hang',
    'Anh Huy',
    'hủy đơn',
    'TC5',
    'TCQC',
    'stop it',
    'đừng STOP',
    'STOP STOP',
    '',
    '   ',
    'ok',
    'STOP'.padEnd(200),
  ])('%j is an ordinary message', (text) => expect(consentIn(text, {})).toBeNull());
});

describe("an account's own words", () => {
  it('take the place of the usual ones', () => {
    expect(consentIn('ngưng', { optOutWords: ['NGUNG'] })).toEqual(out);
    expect(consentIn('HUY', { optOutWords: ['NGUNG'] })).toBeNull();
    expect(consentIn('START', { optInWords: [] })).toBeNull();
  });

  it('decide over what would need a person', () => {
    expect(consentIn('TC QC', { optOutWords: ['Tc  qc'] })).toEqual(out);
    expect(consentIn('DK', { optInWords: ['DK'] })).toEqual({ to: 'opted-in', isCandidate: false });
  });
});
