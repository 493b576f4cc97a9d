import type { ChannelAccount, DoorRequest, Normalised } from '@lienmach/adapter-kit';
import { isOwnNumber, isTelephone, numberKey } from '../party.rules.js';
import { callEvents, noEvent, type CallEnds, type Happening, type PbxCall } from '../pbx-call.rules.js';
import type { TwilioVoiceSettings } from './twilio.config.js';
import type { TwilioPayload, TwilioRecording } from './twilio.payload.js';

type Account = ChannelAccount<TwilioVoiceSettings>;

const UNANSWERED: ReadonlySet<string> = new Set(['no-answer', 'busy', 'failed', 'canceled']);

/** A call is the leg that the customer or the agent began; what it dials are its legs (`ParentCallSid`). */
export function normaliseTwilio(payload: TwilioPayload, account: Account, request: DoorRequest): Normalised {
  const told = tell(payload, account, request);
  if (typeof told === 'string') return noEvent(told);
  const { legId, happening } = told;
  const query = Object.fromEntries(request.query);
  const call: PbxCall = {
    callId: payload.parentCallSid ?? payload.callSid,
    legId,
    ...endsOf(payload, account),
    happened: [happening],
    vendorData: { ...payload.rest, ...(request.query.size > 0 && { query }) },
  };
  return callEvents(call, account);
}

interface Told {
  readonly legId: string | null;
  readonly happening: Happening;
}

/** What a request tells, or the name of a kind that makes no event. */
function tell(payload: TwilioPayload, account: Account, request: DoorRequest): Told | string {
  if (payload.recording) return tellRecording(payload.recording);
  if (payload.digits !== null) return tellKeys(payload.digits, request);
  if (payload.dial) return tellDial(payload, payload.dial, account, request);
  return tellStatus(payload, account);
}

function tellRecording({ sid, url, status, source, seconds, startedAt }: TwilioRecording): Told | string {
  if (status !== null && status !== 'completed') return `recording ${status}`;
  const at = startedAt === null ? null : startedAt + (seconds ?? 0) * 1000;
  const isVoicemail = status === null || source === 'RecordVerb';
  const type = isVoicemail ? 'voicemail.left' : 'call.recorded';
  return { legId: null, happening: { type, at, key: [type, sid], url, durationSeconds: seconds } };
}

/** Twilio gives no time here; its own token is the same whenever it sends a request again. */
function tellKeys(digits: string, request: DoorRequest): Told | string {
  if (digits === '') return 'gather timed out';
  const token = request.headers['i-twilio-idempotency-token'];
  const [path = '', query = ''] = request.target.split('?');
  const place = path.slice(path.lastIndexOf('/') + 1);
  const key = ['call.keyed', ...(token ? [token] : [place, query, digits])];
  const purpose = place === 'survey' || /survey/i.test(request.query.get('purpose') ?? '') ? 'survey' : 'ivr';
  return { legId: null, happening: { type: 'call.keyed', at: null, key, digits, purpose } };
}

/** A call is missed when nobody is left to be rung, or its caller has given up. */
function tellDial(
  payload: TwilioPayload,
  { status, callSid, seconds }: NonNullable<TwilioPayload['dial']>,
  account: Account,
  { query }: DoorRequest,
): Told | string {
  const isUnanswered = UNANSWERED.has(status);
  const isLast = Number(query.get('rung') ?? Infinity) >= (account.settings.routeTo?.length ?? 0);
  if (isUnanswered && (isLast || status === 'canceled') && endsOf(payload, account).direction === 'inbound')
    return { legId: null, happening: { type: 'call.missed', at: null, talkSeconds: 0, cause: status } };
  if (callSid === null) return `dial ${status}`;
  const talkSeconds = isUnanswered ? 0 : seconds;
  const cause = isUnanswered ? status : null;
  return { legId: callSid, happening: { type: 'call.ended', at: null, talkSeconds, cause } };
}

function tellStatus(payload: TwilioPayload, account: Account): Told | string {
  const { status, seconds, time: at } = payload;
  const legId = payload.parentCallSid === null ? null : payload.callSid;
  if (status === 'ringing') return { legId, happening: { type: 'call.ringing', at } };
  // whoever began the call is answered by our TwiML: nobody has talked to anybody yet
  const isOwnMachine = legId === null && (payload.direction === 'inbound' || !reachesCustomer(payload, account));
  if (status === 'in-progress')
    return isOwnMachine ? 'first leg in progress' : { legId, happening: { type: 'call.answered', at } };
  if (status === 'completed') {
    // of a leg it counts from the answer
    const talkSeconds = isOwnMachine ? null : seconds;
    return {
      legId,
      happening: { type: 'call.ended', at, durationSeconds: legId === null ? seconds : null, talkSeconds },
    };
  }
  if (status !== null && UNANSWERED.has(status))
    return { legId, happening: { type: 'call.ended', at, talkSeconds: 0, cause: status } };
  return status === null ? 'without status' : `status ${status}`;
}

const reachesCustomer = (payload: TwilioPayload, account: Account): boolean => endsOf(payload, account).agent === null;

/**
 * `outbound-dial` is the direction of a leg, whichever way the whole call goes: a leg to a client or SIP address is a caller put through, a leg with our own
 * number in front goes to a customer, any other is a caller put through to somebody's telephone.
 */
function endsOf({ direction, parentCallSid, from, to }: TwilioPayload, account: Account): CallEnds {
  if (from === null && to === null) return { direction: 'internal', outside: null, hotline: null, agent: null };
  const [caller, callee] = [agentOf(from), agentOf(to)];
  if (caller !== null && callee !== null) return { direction: 'internal', outside: null, hotline: null, agent: callee };
  const hotline = [to, from].find((number) => number !== null && isOwnNumber(number, account)) ?? null;
  const shown = hotline === null ? null : numberKey(hotline);
  if (caller !== null) return { direction: 'outbound', outside: to, hotline: shown, agent: caller };
  if (parentCallSid === null) {
    if (direction === 'inbound')
      return { direction, outside: from, hotline: to === null ? null : numberKey(to), agent: null };
    return { direction: 'outbound', outside: callee === null ? to : null, hotline: shown, agent: callee };
  }
  if (callee === null && from !== null && isOwnNumber(from, account))
    return { direction: 'outbound', outside: to, hotline: shown, agent: null };
  return { direction: 'inbound', outside: from, hotline: shown, agent: callee ?? to };
}

/** The user of a client or SIP address; null for a telephone. */
function agentOf(address: string | null): string | null {
  if (address === null || isTelephone(address)) return null;
  return /^(?:client|sips?):([^@]+)/.exec(address)?.[1] ?? null;
}
