import { MalformedPayload } from '@lienmach/contracts';
import { type AccountLookup, asId, type Normalised } from '@lienmach/adapter-kit';
import { call } from './call.normalise.js';
import { chatOpened, consent, contact, feedback, form, widget } from './contact.normalise.js';
import { MESSAGES, reaction, receipt } from './message.normalise.js';
import { partyId, type OfficialAccount, type Part, type Reader } from './part.normalise.js';
import type { ZaloSettings } from './zalo.config.js';
import { asTime, type ZaloPayload } from './zalo.payload.js';

const READERS: Readonly<Record<string, Reader>> = {
  user_received_message: receipt('message.delivered'),
  user_seen_message: receipt('message.read'),
  user_reacted_message: reaction(false),
  oa_reacted_message: reaction(true),
  user_click_chatnow: chatOpened,
  follow: contact('contact.followed'),
  unfollow: contact('contact.unfollowed'),
  // the customer takes back what was shared: nothing more may be sent
  user_withdraw: contact('contact.opted-out'),
  user_reply_consent: consent,
  user_submit_info: form,
  user_feedback: feedback,
  user_call_oa: call(false),
  oa_call_user: call(true),
  widget_interaction_accepted: widget,
};

const readerOf = (event: string): Reader | undefined =>
  Object.hasOwn(READERS, event) ? READERS[event] : MESSAGES.find(([pattern]) => pattern.test(event))?.[1];

/** The OA of an event: where it is named, else whichever party is one of ours. */
function accountOf({ body }: ZaloPayload, accounts: AccountLookup<ZaloSettings>): OfficialAccount | undefined {
  const named = asId(body['oa_id']) ?? asId(body['oaId']);
  if (named !== null) return accounts(named);
  const parties = [partyId(body, 'recipient'), partyId(body, 'sender')].flatMap((id) => id ?? []);
  return parties.map((id) => accounts(id)).find((account) => account !== undefined);
}

/** One event a body (https://developers.zalo.me/docs/official-account/webhook). */
export function normaliseZalo(payload: ZaloPayload, accounts: AccountLookup<ZaloSettings>): Normalised {
  const { event, body } = payload;
  const reader = readerOf(event);
  if (!reader) return { events: [], unknown: [event.slice(0, 60)], malformed: [] };
  const oa = accountOf(payload, accounts);
  if (!oa) {
    const reason = 'not an account that this signature proves';
    return { events: [], unknown: [], malformed: [{ account: null, reason: `${event}: ${reason}` }] };
  }
  const part: Part = { event, body, oa, time: asTime(body['timestamp']), events: [], unknown: [] };
  try {
    reader(part);
  } catch (error) {
    if (!(error instanceof MalformedPayload)) throw error;
    return { events: [], unknown: [], malformed: [{ account: oa.id, reason: error.message }] };
  }
  return { events: part.events, unknown: part.unknown, malformed: [] };
}
