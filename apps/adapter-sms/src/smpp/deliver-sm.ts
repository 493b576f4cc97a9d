import { MalformedPayload } from '@lienmach/contracts';

/** Optional parameters that we read, by tag. */
export const TLV = {
  receiptedMessageId: 0x001e,
  sarReference: 0x020c,
  sarTotal: 0x020e,
  sarNumber: 0x020f,
  networkError: 0x0423,
  payload: 0x0424,
  messageState: 0x0427,
} as const;

export interface Address {
  readonly number: string;
  /** 1: international; 5: alphanumeric. */
  readonly type: number;
}

/** A `deliver_sm` as it stands in the PDU. SMPP 3.4, 4.6.1. */
export interface DeliverSm {
  readonly source: Address;
  readonly destination: Address;
  readonly esmClass: number;
  readonly dataCoding: number;
  readonly message: Buffer;
  readonly tlvs: ReadonlyMap<number, Buffer>;
}

const HEADER = 16;
export const DELIVER_SM = 0x0000_0005;

/** @throws MalformedPayload for anything but a whole `deliver_sm` */
export function parseDeliverSm(pdu: Buffer): DeliverSm {
  if (pdu.length < HEADER || pdu.readUInt32BE(0) !== pdu.length) throw new MalformedPayload('not a whole PDU');
  if (pdu.readUInt32BE(4) !== DELIVER_SM) throw new MalformedPayload('not a deliver_sm');
  const reader = new Reader(pdu, HEADER);
  reader.text(); // service_type
  const source = reader.address();
  const destination = reader.address();
  const esmClass = reader.byte();
  reader.byte(); // protocol_id
  reader.byte(); // priority_flag
  reader.text(); // schedule_delivery_time
  reader.text(); // validity_period
  reader.byte(); // registered_delivery
  reader.byte(); // replace_if_present_flag
  const dataCoding = reader.byte();
  reader.byte(); // sm_default_msg_id
  const short = reader.bytes(reader.byte());
  const tlvs = reader.tlvs();
  const message = short.length > 0 ? short : (tlvs.get(TLV.payload) ?? short);
  return { source, destination, esmClass, dataCoding, message, tlvs };
}

class Reader {
  constructor(
    private readonly pdu: Buffer,
    private at: number,
  ) {}

  byte(): number {
    return this.bytes(1)[0]!;
  }

  bytes(length: number): Buffer {
    const end = this.at + length;
    if (end > this.pdu.length) throw new MalformedPayload('the PDU ends too early');
    const bytes = this.pdu.subarray(this.at, end);
    this.at = end;
    return bytes;
  }

  /** C-octet string. */
  text(): string {
    const end = this.pdu.indexOf(0, this.at);
    if (end < 0) throw new MalformedPayload('the PDU ends too early');
    const text = this.pdu.toString('latin1', this.at, end);
    this.at = end + 1;
    return text;
  }

  address(): Address {
    const type = this.byte();
    this.byte(); // numbering plan
    return { number: this.text(), type };
  }

  tlvs(): Map<number, Buffer> {
    const found = new Map<number, Buffer>();
    while (this.at < this.pdu.length) {
      const head = this.bytes(4);
      found.set(head.readUInt16BE(0), this.bytes(head.readUInt16BE(2)));
    }
    return found;
  }
}
