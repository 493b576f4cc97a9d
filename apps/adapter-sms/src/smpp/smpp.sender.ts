import { randomInt } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { ChannelAccount, OutboundReply, SendContext, SendOutcome, TestAnswer } from '@lienmach/adapter-kit';
import { sentAs } from './receipt-ids.rules.js';
import { encodeText } from './short-message.js';
import { cutOff, isBusy, notConnected, refusal, unanswered } from './smpp-outcome.rules.js';
import type { SmppSession } from './smpp-session.client.js';
import { AnswerLost, NotSent } from './smpp-window.js';
import type { SmppSettings } from './smpp.config.js';
import { messageIdOf, submitBodies } from './submit-sm.js';

/** Before a part is offered again that the SMSC could not take. */
const BUSY_MS = 500;
let reference = randomInt(256);

/**
 * One `submit_sm` for each part, one after the other, each with a receipt asked for. SMPP has nothing by which an SMSC would know a repetition: a message whose
 * answer was lost is never sent again. Once a part of a long message is taken, the others are offered again for as long as the call may take.
 * @param session undefined: this process holds none of the account
 */
export async function sendBySmpp(
  { to, text }: OutboundReply,
  { id, settings }: ChannelAccount<SmppSettings>,
  { signal }: Pick<SendContext, 'signal'>,
  session: Pick<SmppSession, 'use' | 'submit'> | undefined,
): Promise<SendOutcome> {
  if (!session) return notConnected();
  reference = (reference + 1) % 256;
  const { sourceAddress: source = id, receiptIds } = settings;
  const bodies = submitBodies(encodeText(text), { ...settings, source, destination: to.value, reference });
  const ids: string[] = [];
  let taken = 0;
  const submitAll = async (): Promise<SendOutcome> => {
    for (const body of bodies) {
      let answer = await session.submit(body, signal);
      while (taken > 0 && isBusy(answer.status)) {
        await pause(BUSY_MS, undefined, { signal }).catch(() => undefined);
        if (signal.aborted) break;
        answer = await session.submit(body, signal);
      }
      const { status } = answer;
      if (status !== 0) return taken === 0 ? refusal(status) : cutOff(taken, bodies.length, `0x${status.toString(16)}`);
      taken += 1;
      const given = messageIdOf(answer.body);
      if (given !== null) ids.push(sentAs(given, receiptIds));
    }
    return { kind: 'sent', ids };
  };
  try {
    return await session.use(submitAll);
  } catch (error) {
    if (error instanceof AnswerLost) return unanswered(error.message);
    if (!(error instanceof NotSent)) throw error;
    return taken === 0 ? notConnected() : cutOff(taken, bodies.length, error.message);
  }
}

/** The session says by itself whether the carrier takes the account. */
export function testSmpp(session: Pick<SmppSession, 'trouble'> | undefined): TestAnswer {
  if (!session) return { ok: false, detail: 'it is being connected' };
  const { trouble } = session;
  return trouble === undefined ? { ok: true, detail: 'bound to the SMSC' } : { ok: false, detail: trouble };
}
