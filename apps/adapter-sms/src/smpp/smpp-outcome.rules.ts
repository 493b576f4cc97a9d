import { failed, heldBy, later, type SendOutcome } from '@lienmach/adapter-kit';

const SECOND = 1_000;

/** By the status of the answer (SMPP 3.4, 5.1.3): whatever is not 0 was not taken. */
const OUTCOMES: Readonly<Record<number, SendOutcome>> = {
  0x01: failed('too-long: shorten the text'),
  0x04: heldBy('may-not-send: the carrier lets this account only receive'),
  0x08: later('the SMSC could not just now: status 0x8'),
  0x0a: heldBy('wrong-sender: the carrier does not know the sourceAddress'),
  0x0b: failed('no-such-number: the carrier takes the number for none'),
  0x14: heldBy('rate-limit: the queue of the SMSC is full', 15 * SECOND),
  0x48: heldBy('wrong-sender: the carrier wants another sourceTon'),
  0x49: heldBy('wrong-sender: the carrier wants another sourceNpi'),
  0x58: heldBy('rate-limit: the account sends too fast', 5 * SECOND),
  0x64: later('the SMSC could not just now: status 0x64'),
};

/** The status of a part that the SMSC takes when it is asked again a little later. */
export const isBusy = (status: number): boolean => [0x08, 0x14, 0x58, 0x64].includes(status);

/** What it means that the SMSC refused a message of which it has taken nothing yet. */
export const refusal = (status: number): SendOutcome =>
  OUTCOMES[status] ?? failed(`refused: status 0x${status.toString(16)} of the SMSC`);

/** Some parts of a long message are taken and the others surely not: the customer will never see the whole. */
export const cutOff = (taken: number, total: number, why: string): SendOutcome =>
  failed(`cut-off: the carrier took ${taken} of ${total} parts (${why}); send it again if the customer needs it`);

/** Nobody knows whether the SMSC has the message. */
export const unanswered = (why: string): SendOutcome => ({
  kind: 'unknown',
  reason: `the SMSC's answer was lost (${why}): ask the customer or the carrier before you send it again`,
});

/** The session does not stand: the SMSC cannot have taken anything. */
export const notConnected = (): SendOutcome => later('not-connected: the carrier is not reached now', 5 * SECOND);
