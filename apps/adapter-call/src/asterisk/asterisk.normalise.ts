import type { ChannelAccount, Normalised } from '@lienmach/adapter-kit';
import { keyPart } from '@lienmach/contracts';
import {
  callEvents,
  directionByNumbers,
  endsOf,
  noEvent,
  readDirection,
  type CallEnds,
  type Happening,
} from '../pbx-call.rules.js';
import type { AsteriskSettings } from './asterisk.config.js';
import type { AriChannel, AriEvent } from './asterisk.payload.js';

type Account = ChannelAccount<AsteriskSettings>;

interface Told {
  readonly legId: string | null;
  readonly ends: CallEnds;
  readonly happening: Happening;
}

/** How a dial ends that nobody answered. */
const UNANSWERED: ReadonlySet<string> = new Set(['BUSY', 'NOANSWER', 'CANCEL', 'CHANUNAVAIL', 'CONGESTION']);
/** Channels tell most events without the other end of the call. */
const NOBODY: CallEnds = { direction: 'internal', outside: null, hotline: null, agent: null };

/** @param call the call that the client's memory of channels has found; null where it is about none */
export function normaliseAri(event: AriEvent, account: Account, call: string | null): Normalised {
  const callId = call ?? event.channel?.id ?? null;
  const told = callId === null ? null : tell(event, account, callId);
  if (callId === null || told === null) return noEvent(event.type);
  const { legId, ends, happening } = told;
  const { dialStatus, cause } = event;
  const vendorData = { type: event.type, ...(dialStatus !== null && { dialStatus }), ...(cause !== null && { cause }) };
  return callEvents({ callId, legId, ...ends, happened: [happening], vendorData }, account);
}

function tell(event: AriEvent, account: Account, callId: string): Told | null {
  const { channel, at, timestamp } = event;
  const again = (type: string) => [type, timestamp ?? ''];
  const ofChannel = (happening: Happening): Told | null =>
    channel && { legId: channel.id === callId ? null : channel.id, ends: agentOf(channel, callId), happening };
  switch (event.type) {
    case 'StasisStart':
      if (channel?.id !== callId) return null;
      return { legId: null, ends: callerEnds(event, channel, account), happening: { type: 'call.ringing', at } };
    case 'Dial':
      return channel && tellDial(event, channel, account);
    case 'ChannelHold':
      return ofChannel({ type: 'call.held', at, key: again('call.held') });
    case 'ChannelUnhold':
      return ofChannel({ type: 'call.unheld', at, key: again('call.unheld') });
    case 'ChannelDtmfReceived':
      return event.digit === null ? null : ofChannel(keyed(event, event.digit, again('call.keyed')));
    case 'BridgeAttendedTransfer':
    case 'BridgeBlindTransfer': {
      if (event.result !== 'Success') return null;
      const agent = event.joined.at(-1)?.number ?? event.exten;
      const happening = { type: 'call.transferred', at, key: again('call.transferred') } as const;
      return { legId: null, ends: { ...NOBODY, agent }, happening };
    }
    case 'RecordingFinished':
      return event.recording && { legId: null, ends: NOBODY, happening: recorded(event.recording, at, account) };
    case 'ChannelDestroyed':
      // a leg that only rang was not talked on; whether the call was, is told by its legs
      return ofChannel({
        type: 'call.ended',
        at,
        talkSeconds: channel?.id !== callId && channel?.state !== 'Up' ? 0 : null,
        cause: event.cause,
      });
    default:
      return null;
  }
}

function tellDial(event: AriEvent, peer: AriChannel, account: Account): Told | null {
  const { at, dialStatus: status, caller } = event;
  const from = caller?.number ?? null;
  const to = dialledIn(event.dialString);
  const direction = directionByNumbers(from, to, account);
  const hotline = direction === 'inbound' ? (caller?.exten ?? null) : null;
  const told = { legId: peer.id, ends: endsOf({ direction, from, to, hotline }, account) };
  if (status === 'RINGING' || status === 'PROGRESS') return { ...told, happening: { type: 'call.ringing', at } };
  if (status === 'ANSWER') return { ...told, happening: { type: 'call.answered', at } };
  if (status === null || !UNANSWERED.has(status)) return null;
  return { ...told, happening: { type: 'call.ended', at, talkSeconds: 0, cause: status } };
}

/** The application may be entered with the direction and our number as its arguments. */
function callerEnds({ args }: AriEvent, channel: AriChannel, account: Account): CallEnds {
  const [way = null, number = null] = args;
  const { number: from, exten: to } = channel;
  const direction = readDirection(way) ?? directionByNumbers(from, to, account);
  return endsOf({ direction, from, to, hotline: number ?? (direction === 'inbound' ? to : null) }, account);
}

/** `PJSIP/0900000001@trunk`, `PJSIP/101` or the number alone. */
const dialledIn = (dialString: string | null): string | null =>
  dialString === null ? null : (dialString.split('/').at(-1)?.split('@')[0] ?? null);

const agentOf = ({ id, number }: AriChannel, callId: string): CallEnds =>
  id === callId ? NOBODY : { ...NOBODY, agent: number };

function keyed({ at, channel }: AriEvent, digits: string, key: readonly string[]): Happening {
  const purpose = /survey/i.test(channel?.context ?? '') ? 'survey' : 'ivr';
  return { type: 'call.keyed', at, key, digits, purpose };
}

/** ARI's own address of the file, which asks for the account's user and password. */
function recorded(
  { name, seconds }: NonNullable<AriEvent['recording']>,
  at: number | null,
  { settings }: Account,
): Happening {
  const base = settings.url.replace(/^ws/, 'http').replace(/\/$/, '');
  const url = `${base}/recordings/stored/${keyPart(name)}/file`;
  return { type: 'call.recorded', at, key: ['call.recorded', name], url, durationSeconds: seconds };
}
