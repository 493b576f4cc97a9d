import { MalformedPayload } from '@lienmach/contracts';
import type { Address, DeliverSm } from './deliver-sm.js';
import { parseDeliverSm, TLV } from './deliver-sm.js';
import { decodeGsm } from '../gsm-alphabet.js';

/** The place of a part in a long message. */
export interface Concatenation {
  readonly ref: string;
  readonly total: number;
  readonly part: number;
}

export interface SmppMessage {
  readonly kind: 'message';
  readonly from: Address;
  readonly to: Address;
  /** Null for what is no text. */
  readonly text: string | null;
  readonly concat: Concatenation | null;
  readonly dataCoding: number;
  /** What makes two deliveries the same one: SMPP names a customer's message by no id. */
  readonly fingerprint: Buffer;
}

/** What became of a message of ours. SMPP 3.4, 5.3.2 and appendix B. */
export interface SmppReceipt {
  readonly kind: 'receipt';
  readonly id: string;
  readonly to: Address;
  /** `DELIVRD`, `UNDELIV` and their like. */
  readonly state: string;
  readonly error: string | null;
  readonly doneAt: string | null;
}

export type SmppPayload = SmppMessage | SmppReceipt | { readonly kind: 'other'; readonly name: string };

/** Of esm_class: what is delivered, and whether a header stands before the text. */
const TYPE = 0x3c;
const HAS_HEADER = 0x40;
const MESSAGE = 0x00;
const RECEIPT = 0x04;
const STATES = ['', 'ENROUTE', 'DELIVRD', 'EXPIRED', 'DELETED', 'UNDELIV', 'ACCEPTD', 'UNKNOWN', 'REJECTD'];
const BINARY = 4;
const HEX = /^(?:[0-9a-f]{2})+$/i;

/**
 * @param body the PDU in hexadecimal digits
 * @throws MalformedPayload
 */
export function readSmpp(body: Buffer): SmppPayload {
  const digits = body.toString('latin1').trim();
  if (!HEX.test(digits)) throw new MalformedPayload('expected a PDU in hexadecimal digits');
  const pdu = parseDeliverSm(Buffer.from(digits, 'hex'));
  const type = pdu.esmClass & TYPE;
  if (type === MESSAGE) return messageIn(pdu);
  return type === RECEIPT ? receiptIn(pdu) : { kind: 'other', name: `esm_class ${pdu.esmClass}` };
}

function messageIn(pdu: DeliverSm): SmppMessage {
  const { header, text } = split(pdu);
  return {
    kind: 'message',
    from: pdu.source,
    to: pdu.destination,
    text: textIn(text, pdu.dataCoding),
    concat: concatenationIn(header, pdu.tlvs),
    dataCoding: pdu.dataCoding,
    fingerprint: Buffer.concat([
      Buffer.from(JSON.stringify([pdu.source.number, pdu.destination.number, pdu.esmClass, pdu.dataCoding])),
      pdu.message,
      ...[TLV.sarReference, TLV.sarNumber].flatMap((tag) => pdu.tlvs.get(tag) ?? []),
    ]),
  };
}

function split({ esmClass, message }: DeliverSm): { header: Buffer; text: Buffer } {
  if ((esmClass & HAS_HEADER) === 0) return { header: Buffer.alloc(0), text: message };
  const end = (message[0] ?? 0) + 1;
  if (end > message.length) throw new MalformedPayload('the user data header is longer than the message');
  return { header: message.subarray(1, end), text: message.subarray(end) };
}

function textIn(bytes: Buffer, dataCoding: number): string | null {
  // message classes and flags stand in the upper half: there bits 2 and 3 say the alphabet
  const alphabet = dataCoding > 0x0f ? dataCoding & 0x0c : dataCoding;
  if (alphabet === 8)
    return Buffer.from(bytes.subarray(0, bytes.length & ~1))
      .swap16()
      .toString('utf16le');
  if (alphabet === BINARY || alphabet === 2) return null;
  if (alphabet === 1 || alphabet === 3) return bytes.toString('latin1');
  return decodeGsm(bytes);
}

function concatenationIn(header: Buffer, tlvs: DeliverSm['tlvs']): Concatenation | null {
  for (let at = 0; at + 1 < header.length; at += 2 + header[at + 1]!) {
    const value = header.subarray(at + 2, at + 2 + header[at + 1]!);
    if (header[at] === 0x00 && value.length === 3) return place(value[0]!, value[1]!, value[2]!);
    if (header[at] === 0x08 && value.length === 4) return place(value.readUInt16BE(0), value[2]!, value[3]!);
  }
  const [ref, total, part] = [TLV.sarReference, TLV.sarTotal, TLV.sarNumber].map((tag) => tlvs.get(tag));
  if (ref?.length !== 2 || total?.length !== 1 || part?.length !== 1) return null;
  return place(ref.readUInt16BE(0), total[0]!, part[0]!);
}

/** Some networks mark a whole message as part 1 of 1, or nonsense; both is no part. */
const place = (ref: number, total: number, part: number): Concatenation | null =>
  total > 1 && part >= 1 && part <= total ? { ref: String(ref), total, part } : null;

/** Optional parameters win over the text, which every carrier writes in its own way. */
function receiptIn({ source, message, tlvs }: DeliverSm): SmppReceipt {
  const text = message.toString('latin1');
  const field = (name: string) => new RegExp(`(?:^|\\s)${name}:\\s*(\\S+)`, 'i').exec(text)?.[1] ?? null;
  const named = tlvs.get(TLV.receiptedMessageId)?.toString('latin1').replace(/\0.*$/s, '');
  const id = named || field('id');
  const state = STATES[tlvs.get(TLV.messageState)?.[0] ?? 0] || field('stat')?.toUpperCase();
  if (!id || !state) throw new MalformedPayload('a receipt without id or state');
  const network = tlvs.get(TLV.networkError);
  const code = network?.length === 3 ? String(network.readUInt16BE(1)) : field('err');
  return {
    kind: 'receipt',
    id,
    to: source,
    state,
    error: code && !/^0*$/.test(code) ? code : null,
    doneAt: field('done date'),
  };
}
