import type { ChannelAccount, Normalised } from '@lienmach/adapter-kit';
import { callEvents, endsOf, noEvent, recordingOf, type Happening } from '../pbx-call.rules.js';
import type { CloudfoneSettings } from './cloudfone.config.js';
import type { CloudfonePayload } from './cloudfone.payload.js';

export function normaliseCloudfone(payload: CloudfonePayload, account: ChannelAccount<CloudfoneSettings>): Normalised {
  const happened = happenedOf(payload);
  if (happened === null) return noEvent(`status ${payload.status}`);
  const { callId, caller: from, receiver: to, hotline, queue, rest } = payload;
  const direction = payload.isOutgoing ? 'outbound' : payload.direction;
  const ends = endsOf({ direction, from, to, hotline }, account);
  const legId = payload.status === 'Down' ? null : ends.agent;
  return callEvents({ callId, legId, ...ends, queue, happened, vendorData: rest }, account);
}

/** `DateStart` is the call's: it is no time of an answer, and that of an end only with the length added. */
function happenedOf({ status, isTransfer, startedAt, ...payload }: CloudfonePayload): Happening[] | null {
  const { durationSeconds, talkSeconds, recordingUrl } = payload;
  switch (status) {
    case 'Ringing':
      return [
        ...(isTransfer ? [{ type: 'call.transferred', at: startedAt } as const] : []),
        { type: 'call.ringing', at: startedAt },
      ];
    case 'Up':
      return [{ type: 'call.answered', at: null }];
    case 'Down': {
      const at = startedAt === null || durationSeconds === null ? null : startedAt + durationSeconds * 1000;
      return [{ type: 'call.ended', at, durationSeconds, talkSeconds }, ...recordingOf(recordingUrl, at, talkSeconds)];
    }
    default:
      return null;
  }
}
