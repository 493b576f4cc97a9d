import { withoutPlus } from '../party.rules.js';
import { TLV } from './deliver-sm.js';
import type { SmppSettings } from './smpp.config.js';
import type { EncodedText } from './short-message.js';

/** What one text is sent with. */
export interface SubmitOptions extends Pick<SmppSettings, 'sourceTon' | 'sourceNpi' | 'longMessages'> {
  readonly source: string;
  /** In E.164. */
  readonly destination: string;
  /** By which the telephone knows the parts of one message, 0 to 255. */
  readonly reference: number;
}

const HAS_HEADER = 0x40;
const FINAL_RECEIPT = 1;
const INTERNATIONAL = { ton: 1, npi: 1 } as const;
const ALPHANUMERIC = { ton: 5, npi: 0 } as const;
/** Specific to the network: how most carriers want a short code. */
const SHORT_CODE = { ton: 3, npi: 0 } as const;

/** Bodies of the `submit_sm`, one for each part. SMPP 3.4, 4.4.1. */
export function submitBodies({ dataCoding, parts }: EncodedText, options: SubmitOptions): Buffer[] {
  const { source, destination, longMessages, reference } = options;
  const usual = kindOf(source);
  const head = (esmClass: number): Buffer =>
    Buffer.concat([
      Buffer.from('\0', 'latin1'), // service_type: the default one
      address(source, { ton: options.sourceTon ?? usual.ton, npi: options.sourceNpi ?? usual.npi }),
      address(destination, INTERNATIONAL),
      // protocol_id, priority_flag, schedule_delivery_time, validity_period
      Buffer.from([esmClass, 0, 0, 0, 0]),
      // replace_if_present_flag, data_coding, sm_default_msg_id
      Buffer.from([FINAL_RECEIPT, 0, dataCoding, 0]),
    ]);
  const text = (bytes: Buffer): Buffer => Buffer.concat([Buffer.from([bytes.length]), bytes]);
  if (parts.length === 1) return [Buffer.concat([head(0), text(parts[0]!)])];
  return parts.map((part, index) => {
    const number = index + 1;
    if (longMessages === 'sar') {
      const places = [tlv(TLV.sarReference, 0, reference), tlv(TLV.sarTotal, parts.length), tlv(TLV.sarNumber, number)];
      return Buffer.concat([head(0), text(part), ...places]);
    }
    const header = Buffer.from([5, 0, 3, reference, parts.length, number]);
    return Buffer.concat([head(HAS_HEADER), text(Buffer.concat([header, part]))]);
  });
}

/** The id that a `submit_sm_resp` gives the message; null where it gives none. SMPP 3.4, 4.4.2. */
export function messageIdOf(body: Buffer): string | null {
  const end = body.indexOf(0);
  return body.toString('latin1', 0, end < 0 ? body.length : end).trim() || null;
}

function kindOf(source: string): { readonly ton: number; readonly npi: number } {
  if (!/^\+?\d+$/.test(source)) return ALPHANUMERIC;
  return source.startsWith('+') || source.length > 8 ? INTERNATIONAL : SHORT_CODE;
}

const address = (number: string, { ton, npi }: { readonly ton: number; readonly npi: number }): Buffer =>
  Buffer.concat([Buffer.from([ton, npi]), Buffer.from(`${withoutPlus(number)}\0`, 'latin1')]);

function tlv(tag: number, ...value: number[]): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16BE(tag, 0);
  head.writeUInt16BE(value.length, 2);
  return Buffer.concat([head, Buffer.from(value)]);
}
