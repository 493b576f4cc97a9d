import type { ChannelAccount, Normalised } from '@lienmach/adapter-kit';
import { keyPart } from '@lienmach/contracts';
import { callEvents, directionByNumbers, endsOf, type CallEnds, type Happening } from '../pbx-call.rules.js';
import type { FreeswitchSettings } from './freeswitch.config.js';
import type { FreeswitchPayload } from './freeswitch.payload.js';

type Account = ChannelAccount<FreeswitchSettings>;

/** A leg is told when it has ended, with all its times: what happened to it comes at once. The leg that began the call stands for the whole. */
export function normaliseFreeswitch(leg: FreeswitchPayload, account: Account): Normalised {
  const isWhole = leg.uuid === leg.callId;
  const file = leg.recordingFile;
  return callEvents(
    {
      callId: leg.callId,
      legId: isWhole ? null : leg.uuid,
      ...partiesOf(leg, account),
      queue: leg.queue,
      happened: happenedOf(leg, isWhole, account),
      vendorData: { ...leg.rest, ...(file !== null && { record_file_name: file }) },
    },
    account,
  );
}

/** A queue or a menu answers the caller's leg: that counts as an answer only when somebody was bridged to it. */
function happenedOf(leg: FreeswitchPayload, isWhole: boolean, account: Account): Happening[] {
  const { startedAt, endedAt: at, billedSeconds, durationSeconds, cause, recordingFile } = leg;
  const hasTalked = (billedSeconds ?? 0) > 0 && (!isWhole || leg.isBridged);
  const answeredAt = (isWhole ? leg.bridgedAt : null) ?? leg.answeredAt;
  const talkSeconds = !hasTalked ? 0 : answeredAt === null || at === null ? billedSeconds : (at - answeredAt) / 1000;
  return [
    ...(startedAt === null ? [] : [{ type: 'call.ringing', at: startedAt } as const]),
    ...(hasTalked && answeredAt !== null ? [{ type: 'call.answered', at: answeredAt } as const] : []),
    {
      type: 'call.ended',
      at,
      durationSeconds: isWhole ? durationSeconds : null,
      talkSeconds,
      cause,
      endedBy: isWhole && leg.disposition?.startsWith('recv_') ? beganBy(leg, account) : null,
    },
    ...(recordingFile === null || !hasTalked
      ? []
      : [{ type: 'call.recorded', at, url: urlOf(recordingFile, account), durationSeconds: talkSeconds } as const]),
  ];
}

const beganBy = (leg: FreeswitchPayload, account: Account) =>
  partiesOf(leg, account).direction === 'inbound' ? 'customer' : 'agent';

/** FreeSWITCH's `direction` is a leg's, seen from the switch. */
function partiesOf({ caller: from, callee: to, agent }: FreeswitchPayload, account: Account): CallEnds {
  const ends = endsOf({ direction: directionByNumbers(from, to, account), from, to, hotline: null }, account);
  return agent === null ? ends : { ...ends, agent };
}

function urlOf(file: string, { settings }: Account): string | null {
  if (settings.recordingsUrl === undefined) return null;
  const path = file
    .split('/')
    .filter((part) => part !== '')
    .map(keyPart)
    .join('/');
  return `${settings.recordingsUrl.replace(/\/$/, '')}/${path}`;
}
