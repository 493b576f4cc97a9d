import type { Fields } from '@lienmach/adapter-kit';
import { epochOf } from '../pbx-fields.js';
import { readPbxState, type PbxState } from '../pbx-state.payload.js';

/** A state of a call: seen in connectors, in no page of the vendor's. `duration` counts from the answer; a second hangup brings the recording. */
export type CmcPayload = PbxState;

const NAMES = {
  callId: 'uuid',
  state: 'state',
  direction: 'direction',
  from: 'caller',
  to: 'destination',
  hotline: 'pbxnumber',
  talkSeconds: 'duration',
  recordingUrl: 'recordUrl',
};
const TIMES: Readonly<Record<string, string>> = { ringing: 'startedAt', hangup: 'endedAt' };

/** @throws MalformedPayload */
export const readCmc = (fields: Fields): CmcPayload =>
  readPbxState(fields, NAMES, (state) => (Object.hasOwn(TIMES, state) ? epochOf(fields, TIMES[state]!) : null));
