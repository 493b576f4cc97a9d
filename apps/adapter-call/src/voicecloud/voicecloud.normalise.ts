import type { ChannelAccount, Normalised } from '@lienmach/adapter-kit';
import { numberKey } from '../party.rules.js';
import { callEvents, noEvent, recordingOf, type Happening } from '../pbx-call.rules.js';
import type { VoicecloudSettings } from './voicecloud.config.js';
import type { VoicecloudPayload } from './voicecloud.payload.js';

/** Every call is one that came in. A hang-up names neither side; core finds it by the call's id. */
export function normaliseVoicecloud(
  payload: VoicecloudPayload,
  account: ChannelAccount<VoicecloudSettings>,
): Normalised {
  const { callId, rest: vendorData } = payload;
  if (payload.kind === 'hangup') {
    const nobody = { direction: 'internal', outside: null, hotline: null, agent: null } as const;
    const happened: Happening[] = [{ type: 'call.ended', at: null }];
    return callEvents({ callId, legId: null, ...nobody, happened, vendorData }, account);
  }
  const { phone, extension, queue } = payload;
  const hotline = payload.kind === 'call_in' && payload.hotline !== null ? numberKey(payload.hotline) : null;
  const ends = { direction: 'inbound', outside: phone, hotline, agent: extension } as const;
  if (payload.kind === 'calldata')
    return callEvents({ callId, legId: null, ...ends, queue, happened: sumsOf(payload), vendorData }, account);
  const type = payload.event === 'RING' ? 'call.ringing' : payload.event === 'ANSWER' ? 'call.answered' : null;
  if (type === null) return noEvent(`event ${payload.event}`);
  return callEvents({ callId, legId: extension, ...ends, queue, happened: [{ type, at: null }], vendorData }, account);
}

function sumsOf(sums: VoicecloudPayload & { kind: 'calldata' }): Happening[] {
  const { status, startedAt, seconds, heldSeconds, recordingUrl } = sums;
  const after = (length: number | null) => (startedAt === null ? null : startedAt + (length ?? 0) * 1000);
  if (status === 'ABANDON')
    return [
      { type: 'call.missed', at: after(heldSeconds), durationSeconds: heldSeconds, talkSeconds: 0, cause: status },
    ];
  const isAnswered = status === 'ANSWERED';
  const at = after(seconds);
  return [
    {
      type: 'call.ended',
      key: ['call.ended', 'calldata'],
      at,
      talkSeconds: isAnswered ? seconds : 0,
      cause: isAnswered ? null : status,
    },
    ...recordingOf(recordingUrl, at, seconds),
  ];
}
