import { RING_SECONDS, UNAVAILABLE } from '../routing.config.js';
import type { StringeeSettings } from './stringee.config.js';

/** What Stringee asks when a call needs an instruction. */
export interface CallQuestion {
  readonly from: string;
  readonly to: string;
  /** True: an agent calls from the app; false: somebody calls one of our numbers. */
  readonly fromInternal: boolean;
  readonly custom: string | null;
  /** How many of `routeTo` were rung already. */
  readonly rung: number;
}

/** Where Stringee finds us again while the call goes on. */
export interface CallAddresses {
  readonly eventUrl: string;
  /** Asked when an agent cannot be reached. */
  readonly nextUrl: (rung: number) => string;
}

interface Party {
  readonly type: 'internal' | 'external';
  readonly number: string;
  readonly alias: string;
}

/** The actions that we answer with. https://developer.stringee.com/docs/server/stringee-call-control-object */
export type SccoAction =
  | { action: 'talk'; text: string; bargeIn: boolean }
  | { action: 'record'; eventUrl: string; format: 'mp3' }
  | { action: 'recordMessage'; eventUrl: string; format: 'mp3'; beepStart: boolean; endOnKey: string }
  | {
      action: 'connect';
      from: Party;
      to: Party;
      customData?: string;
      timeout: number;
      /** Media must pass through Stringee, or nothing is recorded. */
      peerToPeerCall: false;
      continueOnFail?: boolean;
      onFailEventUrl?: string;
    };

/** Rings the account's agents one after the other, then offers the voicemail; an agent's own call goes where it was dialled. */
export function routeCall(question: CallQuestion, settings: StringeeSettings, addresses: CallAddresses): SccoAction[] {
  const record: SccoAction[] =
    settings.record === false ? [] : [{ action: 'record', eventUrl: addresses.eventUrl, format: 'mp3' }];
  const timeout = settings.ringSeconds ?? RING_SECONDS;
  const { from, to, custom, rung } = question;
  if (question.fromInternal) {
    const connect = { action: 'connect', from: party('internal', from), to: dialled(to), timeout } as const;
    return [...record, { ...connect, ...(custom === null ? {} : { customData: custom }), peerToPeerCall: false }];
  }
  const greeting: SccoAction[] =
    settings.greeting && rung === 0 ? [{ action: 'talk', text: settings.greeting, bargeIn: false }] : [];
  const agent = settings.routeTo?.[rung];
  if (agent === undefined) return [...greeting, ...voicemail(settings, addresses)];
  return [
    ...greeting,
    ...record,
    {
      action: 'connect',
      from: party('external', from || to),
      // the agent's app shows which hotline was called
      to: { ...dialled(agent), alias: to },
      timeout,
      peerToPeerCall: false,
      continueOnFail: true,
      onFailEventUrl: addresses.nextUrl(rung + 1),
    },
  ];
}

function voicemail(settings: StringeeSettings, { eventUrl }: CallAddresses): SccoAction[] {
  return [
    { action: 'talk', text: settings.unavailable ?? UNAVAILABLE, bargeIn: false },
    {
      action: 'recordMessage',
      eventUrl: `${eventUrl}?record=voicemail`,
      format: 'mp3',
      beepStart: true,
      endOnKey: '#',
    },
  ];
}

const party = (type: Party['type'], number: string): Party => ({ type, number, alias: number });

/** Short numbers are extensions, as in Stringee's own SCCO helper (above 600000 it dials out). */
function dialled(number: string): Party {
  const isTelephone = /^\+?\d+$/.test(number) && Number(number) > 600_000;
  return party(isTelephone ? 'external' : 'internal', number);
}
