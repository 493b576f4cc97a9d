import type { SmppSettings } from './smpp.config.js';

export const COMMAND = {
  bindTransceiver: 0x0000_0009,
  submitSm: 0x0000_0004,
  deliverSm: 0x0000_0005,
  unbind: 0x0000_0006,
  enquireLink: 0x0000_0015,
  genericNack: 0x8000_0000,
} as const;
/** Set in the answer to a command. */
export const RESPONSE = 0x8000_0000;

export const STATUS = { ok: 0x00, unknownCommand: 0x03, tryAgain: 0x64 } as const;

export interface PduHead {
  readonly command: number;
  readonly status: number;
  readonly sequence: number;
}

const HEADER = 16;
/** The largest message payload, and what stands around it. */
const LARGEST = 70_000;
const VERSION_3_4 = 0x34;

export const headOf = (pdu: Buffer): PduHead => ({
  command: pdu.readUInt32BE(4),
  status: pdu.readUInt32BE(8),
  sequence: pdu.readUInt32BE(12),
});

/** What follows the head. */
export const bodyOf = (pdu: Buffer): Buffer => pdu.subarray(HEADER);

export function makePdu({ command, status, sequence }: PduHead, body: Buffer = Buffer.alloc(0)): Buffer {
  const pdu = Buffer.alloc(HEADER + body.length);
  pdu.writeUInt32BE(pdu.length, 0);
  pdu.writeUInt32BE(command, 4);
  pdu.writeUInt32BE(status, 8);
  pdu.writeUInt32BE(sequence, 12);
  body.copy(pdu, HEADER);
  return pdu;
}

/** Body of a `bind_transceiver`: any address. */
export const bindBody = ({ systemId, password, systemType = '' }: SmppSettings): Buffer =>
  Buffer.from(`${systemId}\0${password}\0${systemType}\0${String.fromCharCode(VERSION_3_4)}\0\0\0`, 'latin1');

/** Cuts a stream of bytes into PDUs. */
export class PduStream {
  private rest: Buffer = Buffer.alloc(0);

  /** @throws RangeError for a length that no PDU has: the stream cannot be read any further */
  take(chunk: Buffer): Buffer[] {
    this.rest = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    const pdus: Buffer[] = [];
    while (this.rest.length >= 4) {
      const length = this.rest.readUInt32BE(0);
      if (length < HEADER || length > LARGEST) throw new RangeError(`a PDU of ${length} bytes`);
      if (this.rest.length < length) break;
      pdus.push(this.rest.subarray(0, length));
      this.rest = this.rest.subarray(length);
    }
    return pdus;
  }
}
