import type { Fields } from '@lienmach/adapter-kit';
import { readPbxState, untimed, type PbxState } from '../pbx-state.payload.js';

/** States as seen in connectors; fields of a CDR: https://documents.tel4vn.com/api/v3 */
export type Tel4vnPayload = PbxState;

const NAMES = {
  callId: 'call_id',
  parentId: 'parent_id',
  state: 'state',
  direction: 'direction',
  from: 'from_number',
  to: 'to_number',
  hotline: 'hotline',
  durationSeconds: 'duration',
  talkSeconds: 'billsec',
  cause: 'cause',
  recordingUrl: 'recording_url',
  keys: 'press_key',
};

/** @throws MalformedPayload */
export const readTel4vn = (fields: Fields): Tel4vnPayload => readPbxState(fields, NAMES, untimed);
