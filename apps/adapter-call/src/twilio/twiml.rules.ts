import { RING_SECONDS, UNAVAILABLE, type RoutingSettings } from '../routing.config.js';
import { isTelephone } from '../party.rules.js';

/** What Twilio asks when a call needs an instruction. */
export interface TwimlQuestion {
  readonly from: string | null;
  readonly to: string | null;
  /** How many of `routeTo` were rung already. */
  readonly rung: number;
}

/** Whoever hears no more instructions is hung up on. */
export const NO_MORE = response();

const LANGUAGE = 'vi-VN';
const VOICEMAIL_SECONDS = 180;

/**
 * Rings the account's agents one after the other, then offers the voicemail; an agent who calls from the app is put through to whom he dialled.
 * https://www.twilio.com/docs/voice/twiml
 * @param base address of the account's answer door
 * @param callerId the number that a customer is shown
 */
export function routeCall(
  { from, to, rung }: TwimlQuestion,
  settings: RoutingSettings,
  base: string,
  callerId: string | undefined,
): string {
  if (from?.startsWith('client:') && to !== null) return response(dial(to, settings, base, { callerId }));
  const greeting = settings.greeting && rung === 0 ? say(settings.greeting) : '';
  const agent = settings.routeTo?.[rung];
  if (agent === undefined) return response(greeting, voicemail(settings, base));
  return response(greeting, dial(agent, settings, base, { action: `${base}/dial-complete?rung=${rung + 1}` }));
}

function dial(
  whom: string,
  settings: RoutingSettings,
  base: string,
  more: Readonly<Record<string, string | undefined>>,
): string {
  const recording = {
    record: 'record-from-answer-dual',
    recordingStatusCallback: `${base}/recording`,
  };
  const attributes = {
    ...more,
    timeout: String(settings.ringSeconds ?? RING_SECONDS),
    ...(settings.record !== false && recording),
  };
  const [name, text] = isTelephone(whom)
    ? ['Number', whom]
    : whom.startsWith('sip:')
      ? ['Sip', whom]
      : ['Client', whom.replace(/^client:/, '')];
  const events = {
    statusCallbackEvent: 'ringing answered completed',
    statusCallback: `${base}/status`,
  };
  return element('Dial', attributes, element(name, events, escape(text)));
}

function voicemail(settings: RoutingSettings, base: string): string {
  const attributes = { action: `${base}/voicemail`, maxLength: String(VOICEMAIL_SECONDS), finishOnKey: '#' };
  return say(settings.unavailable ?? UNAVAILABLE) + element('Record', { ...attributes, playBeep: 'true' });
}

const say = (text: string): string => element('Say', { language: LANGUAGE }, escape(text));

function response(...verbs: readonly string[]): string {
  return `<?xml version="1.0" encoding="UTF-8"?>${element('Response', {}, verbs.join(''))}`;
}

function element(name: string, attributes: Readonly<Record<string, string | undefined>>, inner = ''): string {
  const written = Object.entries(attributes).map(([key, value]) =>
    value === undefined ? '' : ` ${key}="${escape(value)}"`,
  );
  const start = name + written.join('');
  return inner === '' ? `<${start}/>` : `<${start}>${inner}</${name}>`;
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Characters that XML has no way to write are left out. */
function escape(text: string): string {
  return text.replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd]/g, '').replace(/[&<>"]/g, (each) => ESCAPES[each]!);
}
