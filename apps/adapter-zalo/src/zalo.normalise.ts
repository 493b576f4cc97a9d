import type { AccountLookup, DraftEvent, Normalised } from '@lienmach/adapter-kit';
import { formatIdentifier, type IdentifierRef, type MessageData } from '@lienmach/contracts';
import type { ZaloSettings } from './zalo.config.js';
import { isObject, readMessage, type ZaloMessage, type ZaloPayload } from './zalo.payload.js';

/** Pure: no clock, no network. Each part becomes an event, a counted unknown kind or a problem, so that none takes its neighbours with it. */
export function normaliseZalo({ account, events }: ZaloPayload, accounts: AccountLookup<ZaloSettings>): Normalised {
  const drafts: DraftEvent[] = [];
  const unknown: string[] = [];
  const malformed: { account: string; reason: string }[] = [];
  if (!accounts(account))
    return { events: [], unknown, malformed: [{ account, reason: 'not the account of this door' }] };
  for (const event of events) {
    if (!isObject(event) || typeof event['kind'] !== 'string') malformed.push({ account, reason: 'kind: missing' });
    else if (event['kind'] !== 'text') unknown.push(event['kind']);
    else {
      const message = readMessage(event);
      if (typeof message === 'string') malformed.push({ account, reason: message });
      else drafts.push(draft(account, message));
    }
  }
  return { events: drafts, unknown, malformed };
}

function draft(account: string, { id, from, time, text }: ZaloMessage): DraftEvent<MessageData> {
  const customer: IdentifierRef = { type: 'web_visitor', scope: account, value: from };
  return {
    account,
    type: 'message.received',
    time,
    subject: from,
    identifier: formatIdentifier(customer),
    data: {
      kind: 'message',
      vendor: 'zalo',
      vendorEventId: id,
      thread: from,
      direction: 'inbound',
      author: { kind: 'customer', identifiers: [customer], name: null },
      participants: [],
      content: { text, attachments: [], replyTo: null },
      vendorData: {},
    },
  };
}
