import { requiredText, restOf, textOf, type Fields } from '@lienmach/adapter-kit';
import { secondsOf } from './pbx-fields.js';

/** A call as many PBXs tell it: one body for each state (ringing, answered, hangup), and a cdr with the sums when all is over. */
export interface PbxState {
  readonly callId: string;
  /** Of a call that is itself a leg of a larger one. */
  readonly parentId: string | null;
  readonly state: string;
  readonly direction: string | null;
  /** Caller and callee: telephone number, extension or hotline. */
  readonly from: string | null;
  readonly to: string | null;
  readonly hotline: string | null;
  /** When it came to this state, milliseconds since 1970. */
  readonly at: number | null;
  readonly durationSeconds: number | null;
  readonly talkSeconds: number | null;
  readonly cause: string | null;
  readonly recordingUrl: string | null;
  /** Pressed in the menu. */
  readonly keys: string | null;
  readonly rest: Readonly<Record<string, unknown>>;
}

/** What a vendor calls the fields of a state. */
export type StateNames = Readonly<
  Record<'callId' | 'state' | 'direction' | 'from' | 'to' | 'hotline' | 'talkSeconds' | 'recordingUrl', string> &
    Partial<Record<'parentId' | 'durationSeconds' | 'cause' | 'keys', string>>
>;

/**
 * @param at reads the time of the state, where the vendor gives one
 * @throws MalformedPayload
 */
export function readPbxState(fields: Fields, names: StateNames, at: (state: string) => number | null): PbxState {
  const text = (name: string | undefined) => (name === undefined ? null : textOf(fields, name));
  const seconds = (name: string | undefined) => (name === undefined ? null : secondsOf(fields, name));
  const state = requiredText(fields, names.state);
  return {
    callId: requiredText(fields, names.callId),
    parentId: text(names.parentId),
    state,
    direction: text(names.direction),
    from: text(names.from),
    to: text(names.to),
    hotline: text(names.hotline),
    at: at(state),
    durationSeconds: seconds(names.durationSeconds),
    talkSeconds: seconds(names.talkSeconds),
    cause: text(names.cause),
    recordingUrl: text(names.recordingUrl),
    keys: text(names.keys),
    rest: restOf(fields, new Set(Object.values(names))),
  };
}

/** Of a vendor whose states carry no time. */
export const untimed = (): null => null;
