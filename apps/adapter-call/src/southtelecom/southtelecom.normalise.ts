import type { ChannelAccount, Normalised } from '@lienmach/adapter-kit';
import { numberKey } from '../party.rules.js';
import { autoCallEvents, callEvents, endsOf, noEvent, type CallEnds, type Happening } from '../pbx-call.rules.js';
import type { SouthtelecomSettings } from './southtelecom.config.js';
import type { SouthtelecomCall, SouthtelecomPayload } from './southtelecom.payload.js';

type Account = ChannelAccount<SouthtelecomSettings>;

/**
 * The extensions of a ring group are legs with ids of their own, and name their parent; Start, DialAnswer, HangUp and CDR carry the parent's id itself. A Trim
 * that does not name the parent says of no call that it goes on without this leg: it makes no event.
 */
export function normaliseSouthtelecom(payload: SouthtelecomPayload, account: Account): Normalised {
  if (payload.kind === 'auto-call') return autoCallEvents(payload, account);
  const happened = happenedOf(payload);
  if (happened === null) return noEvent(`callstatus ${payload.status}`);
  const { parentId, recordingFile } = payload;
  const ids = parentId === null ? { callId: payload.callId, legId: null } : { callId: parentId, legId: payload.callId };
  const vendorData = { ...payload.rest, ...(recordingFile !== null && { monitorfilename: recordingFile }) };
  return callEvents({ ...ids, ...partiesOf(payload, account), happened, vendorData }, account);
}

function happenedOf(call: SouthtelecomCall): Happening[] | null {
  const { status, at, durationSeconds, talkSeconds, parentId } = call;
  const ended = { type: 'call.ended', at, durationSeconds, talkSeconds } as const;
  switch (status) {
    case 'Start':
    case 'Dialing':
      return [{ type: 'call.ringing', at }];
    case 'DialAnswer':
      return [{ type: 'call.answered', at }];
    case 'Trim':
      return parentId === null ? null : [ended];
    case 'HangUp':
      return [ended];
    case 'CDR':
      return [
        { ...ended, key: ['call.ended', 'cdr'] },
        // a file's name is no address: it is kept beside the event
        ...(call.recordingFile === null
          ? []
          : [{ type: 'call.recorded', at, url: null, durationSeconds: talkSeconds } as const]),
      ];
    case 'LocalSIPCDR':
      return call.disposition === 'NO ANSWER'
        ? [{ type: 'call.missed', at, talkSeconds: 0, cause: call.disposition }]
        : null;
    default:
      return null;
  }
}

/** A call that is dialled out has the chosen hotline in front of the customer's number. */
function partiesOf({ direction, caller: from, callee: to, hotline }: SouthtelecomCall, account: Account): CallEnds {
  const ends = endsOf({ direction, from, to, hotline }, account);
  if (ends.direction !== 'outbound' || ends.outside === null) return ends;
  const { outside } = ends;
  const prefix = (account.settings.hotlines ?? [])
    .map((number) => number.replace(/\D/g, ''))
    .find((number) => {
      return outside.startsWith(number) && outside.length > number.length;
    });
  if (prefix === undefined) return ends;
  return { ...ends, outside: outside.slice(prefix.length), hotline: ends.hotline ?? numberKey(prefix) };
}
