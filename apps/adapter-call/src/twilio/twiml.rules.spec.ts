import { describe, expect, it } from '@jest/globals';
import twilio from 'twilio';
import { NO_MORE, routeCall } from './twiml.rules.js';

const BASE = 'https://hooks.example.com/webhooks/call/twilio/acme';
const caller = { from: '+84900000001', to: '+84900000100', rung: 0 };
const leg = { statusCallbackEvent: ['ringing', 'answered', 'completed'], statusCallback: `${BASE}/status` } as never;
const recorded = { record: 'record-from-answer-dual', recordingStatusCallback: `${BASE}/recording` } as const;

/** What Twilio's own library writes. */
function written(tell: (response: InstanceType<typeof twilio.twiml.VoiceResponse>) => void): string {
  const response = new twilio.twiml.VoiceResponse();
  tell(response);
  return response.toString();
}

const route = (settings: object, question = caller) => routeCall(question, settings, BASE, '+84900000100');

describe('what Twilio is told', () => {
  it('greets, rings the first agent and records; the next one is asked for when that dial is over', () => {
    expect(route({ routeTo: ['agent_101', 'b'], ringSeconds: 20, greeting: 'Xin chào <quý khách> & "bạn"' })).toBe(
      written((response) => {
        response.say({ language: 'vi-VN' }, 'Xin chào <quý khách> & "bạn"');
        response.dial({ action: `${BASE}/dial-complete?rung=1`, timeout: 20, ...recorded }).client(leg, 'agent_101');
      }).replace('"bạn"', '&quot;bạn&quot;'),
    );
  });

  it.each([
    ['+84911000001', 'Number', '+84911000001'],
    ['sip:101@pbx.example.com', 'Sip', 'sip:101@pbx.example.com'],
    ['client:agent_101', 'Client', 'agent_101'],
  ])('rings %s as a %s', (whom, noun, text) => {
    const answer = route({ routeTo: ['a', whom], record: false, greeting: 'x' }, { ...caller, rung: 1 });
    expect(answer).toContain(`>${text}</${noun}></Dial></Response>`);
    expect(answer).toContain(`dial-complete?rung=2" timeout="30">`);
    expect(answer).not.toContain('<Say');
  });

  it('offers the voicemail after the last one', () => {
    expect(route({ routeTo: ['a'], unavailable: 'Bận' }, { ...caller, rung: 1 })).toBe(
      written((response) => {
        response.say({ language: 'vi-VN' }, 'Bận');
        response.record({ action: `${BASE}/voicemail`, maxLength: 180, finishOnKey: '#', playBeep: true });
      }),
    );
    expect(route({})).toContain('tất cả tổng đài viên đều bận');
  });

  it('puts an agent through to whom he dialled, under our number', () => {
    expect(route({ record: false, routeTo: ['b'] }, { from: 'client:agent_101', to: '+84900000001', rung: 0 })).toBe(
      written((response) => {
        response.dial({ callerId: '+84900000100', timeout: 30 }).number(leg, '+84900000001');
      }),
    );
  });

  it('is nothing at the end', () => {
    expect(NO_MORE).toBe(written(() => {}));
  });
});
