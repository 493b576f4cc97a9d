import { MalformedPayload } from '@lienmach/contracts';
import { isObject, requiredText, textOf, type Fields } from '@lienmach/adapter-kit';
import { localTimeOf, secondsOf } from '../pbx-fields.js';

/** One end of a call, as Asterisk sees it. */
export interface AriChannel {
  readonly id: string;
  /** Of the party at that end: telephone number or extension. */
  readonly number: string | null;
  readonly state: string | null;
  /** What was dialled. */
  readonly exten: string | null;
  readonly context: string | null;
}

/** An event of ARI. https://docs.asterisk.org/Latest_API/API_Documentation/Asterisk_REST_Interface/Asterisk_REST_Data_Models */
export interface AriEvent {
  readonly type: string;
  readonly at: number | null;
  /** As it is written: tells apart what happens again. */
  readonly timestamp: string | null;
  /** The channel that it happened to; of a Dial the one that is dialled. */
  readonly channel: AriChannel | null;
  /** Of a Dial the channel that dials, of a transfer the one that is handed on. */
  readonly caller: AriChannel | null;
  /** Of an attended transfer: the agent's second channel and the one that it leads to. */
  readonly joined: readonly AriChannel[];
  readonly args: readonly string[];
  readonly dialStatus: string | null;
  readonly dialString: string | null;
  readonly digit: string | null;
  readonly cause: string | null;
  readonly result: string | null;
  /** Where a blind transfer goes. */
  readonly exten: string | null;
  readonly recording: {
    readonly name: string;
    readonly channelId: string | null;
    readonly seconds: number | null;
  } | null;
}

/** @throws MalformedPayload */
export function readAri(body: unknown): AriEvent {
  if (!isObject(body)) throw new MalformedPayload('a frame must be one JSON object');
  const args = body['args'];
  const second = channelOf(body, 'transferer_second_leg');
  const target = channelOf(body, 'transfer_target');
  return {
    type: requiredText(body, 'type'),
    at: localTimeOf(body, 'timestamp'),
    timestamp: textOf(body, 'timestamp'),
    channel: channelOf(body, 'channel') ?? channelOf(body, 'peer') ?? channelOf(body, 'transferer_first_leg'),
    caller: channelOf(body, 'caller') ?? channelOf(body, 'transferee'),
    joined: [second, target].filter((channel) => channel !== null),
    args: Array.isArray(args) ? args.filter((arg) => typeof arg === 'string') : [],
    dialStatus: textOf(body, 'dialstatus'),
    dialString: textOf(body, 'dialstring'),
    digit: textOf(body, 'digit'),
    cause: textOf(body, 'cause_txt') ?? textOf(body, 'cause'),
    result: textOf(body, 'result'),
    exten: textOf(body, 'exten'),
    recording: recordingOf(body),
  };
}

function channelOf(body: Fields, name: string): AriChannel | null {
  const channel = body[name];
  if (channel === undefined || channel === null) return null;
  if (!isObject(channel)) throw new MalformedPayload(`${name} must be an object`);
  const caller = isObject(channel['caller']) ? channel['caller'] : {};
  const dialplan = isObject(channel['dialplan']) ? channel['dialplan'] : {};
  return {
    id: requiredText(channel, 'id'),
    number: textOf(caller, 'number'),
    state: textOf(channel, 'state'),
    exten: textOf(dialplan, 'exten'),
    context: textOf(dialplan, 'context'),
  };
}

function recordingOf(body: Fields): AriEvent['recording'] {
  const recording = body['recording'];
  if (!isObject(recording)) return null;
  const target = textOf(recording, 'target_uri');
  return {
    name: requiredText(recording, 'name'),
    channelId: target?.startsWith('channel:') ? target.slice('channel:'.length) : null,
    seconds: secondsOf(recording, 'duration'),
  };
}
