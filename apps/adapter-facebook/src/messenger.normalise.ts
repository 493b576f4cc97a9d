import { asId, asObject, asText, required, type Json, composedKey } from '@lienmach/adapter-kit';
import type {
  Author,
  ContactData,
  EditData,
  HandoverData,
  MessageData,
  PostbackData,
  ReactionData,
  ReceiptData,
  ReferralData,
  RemovalData,
} from '@lienmach/contracts';
import { readAttachments } from './attachment.normalise.js';
import { asTime } from './facebook.payload.js';
import { readMetadata, type Metadata } from './metadata.payload.js';
import {
  agentAuthor,
  common,
  customerAuthor,
  draft,
  systemAuthor,
  type Findings,
  type Part,
  type Where,
} from './part.normalise.js';

/** App id of the inbox in which people of the page answer by hand (webhook reference, message echoes). */
const PAGE_INBOX = '263902037430900';

type Reader = (body: Json, event: Json, part: Part, found: Findings) => void;

const idOf = (party: unknown): string | null => asId(asObject(party)?.['id']);

/** The thread of an event is its customer: the sender, but the recipient of what the page sends. */
function whereOf(event: Json, { page, entryTime }: Part, isEcho = false, fallbackTime: number | null = null): Where {
  const sender = idOf(event['sender']);
  const fromPage = isEcho || sender === page.id;
  const psid = required(fromPage ? idOf(event['recipient']) : sender, 'a messaging event without its customer');
  return {
    account: page.id,
    thread: psid,
    time: asTime(event['timestamp']) ?? fallbackTime ?? entryTime,
    customer: { type: 'fb_psid', scope: page.id, value: psid },
  };
}

/** Who acted: the page's own people, or the customer. */
const actorOf = (event: Json, { page }: Part, where: Where): Author =>
  idOf(event['sender']) === page.id ? agentAuthor() : customerAuthor(where);

/** Who sent what the page sent. A native send has no app; our own app is a person's voice only where a command stands behind it. */
function senderOf(message: Json, { page: { settings } }: Part): Sender {
  const app = asId(message['app_id']);
  const metadata = app !== null && app === settings.appId ? asText(message['metadata']) : null;
  const isPerson =
    app === null || app === PAGE_INBOX || metadata !== null || settings.agentApps?.includes(app) === true;
  const author: Author = { kind: isPerson ? 'agent' : 'bot', identifiers: [], name: null, id: app };
  return { author, ...(metadata ? readMetadata(metadata) : NOT_OURS) };
}

interface Sender extends Pick<Metadata, 'commenter'> {
  readonly author: Author;
  /** Null: no command of ours. */
  readonly commandId: string | null;
}

const NOT_OURS = { commandId: null, commenter: null };

/** Whom a private answer reached: Facebook itself sent it to who had written the comment. */
const reachedBy = ({ customer }: Where, commenter: string): Author => ({
  kind: 'customer',
  identifiers: customer ? [customer, { type: 'fb_commenter', scope: customer.scope, value: commenter }] : [],
  name: null,
});

const message: Reader = (body, event, part, found) => {
  const mid = required(asId(body['mid']), 'a message without its mid');
  const isEcho = body['is_echo'] === true;
  const where = whereOf(event, part, isEcho);
  const fromPage = isEcho || idOf(event['sender']) === part.page.id;
  const { author, commandId, commenter } = fromPage
    ? senderOf(body, part)
    : { author: customerAuthor(where), ...NOT_OURS };
  if (body['is_deleted'] === true) {
    const data = { kind: 'removal', ...common(where, composedKey(mid, 'removed'), author), target: mid } as const;
    found.events.push(draft<RemovalData>(where, 'message.removed', data));
    return;
  }
  const { attachments, thumbsUp, unknown } = readAttachments(body);
  found.unknown.push(...unknown);
  const quickReply = asText(asObject(body['quick_reply'])?.['payload']);
  const data: Omit<MessageData, 'claims'> = {
    kind: 'message',
    ...common(where, mid, author),
    content: {
      text: asText(body['text']) ?? (thumbsUp ? '👍' : null),
      attachments,
      replyTo: asId(asObject(body['reply_to'])?.['mid']),
    },
    ...(commenter ? { participants: [reachedBy(where, commenter)] } : {}),
    ...(commandId ? { commandId } : {}),
    ...(part.standby ? { standby: true } : {}),
    ...(quickReply ? { quickReply } : {}),
    vendorData: {
      ...(body['is_unsupported'] === true ? { unsupported: true } : {}),
      ...(unknown.length > 0 ? { unknown } : {}),
      ...(asObject(event['prior_message']) ? { priorMessage: event['prior_message'] } : {}),
    },
  };
  found.events.push(draft<MessageData>(where, fromPage ? 'message.sent' : 'message.received', data));
  referralOf(body, where, composedKey(mid, 'referral'), found);
};

const edit: Reader = (body, event, part, found) => {
  const mid = required(asId(body['mid']), 'an edit without its mid');
  const where = whereOf(event, part);
  const count = Number(asId(body['num_edit']) ?? NaN);
  const editNumber = Number.isSafeInteger(count) ? count : null;
  found.events.push(
    draft<EditData>(where, 'message.edited', {
      kind: 'edit',
      ...common(where, composedKey(mid, 'edit', editNumber ?? where.time), actorOf(event, part, where)),
      target: mid,
      content: { text: asText(body['text']), attachments: [], replyTo: null },
      editNumber,
    }),
  );
};

const postback: Reader = (body, event, part, found) => {
  const where = whereOf(event, part);
  const title = asText(body['title']);
  const payload = asText(body['payload']);
  const id = asId(body['mid']) ?? composedKey('postback', where.thread, where.time, payload ?? title);
  const data = { kind: 'postback', ...common(where, id, customerAuthor(where)), title, payload } as const;
  found.events.push(draft<PostbackData>(where, 'postback.received', data));
  referralOf(body, where, composedKey(id, 'referral'), found);
};

const referral: Reader = (body, event, part, found) => {
  const where = whereOf(event, part);
  referralOf({ referral: body }, where, composedKey('referral', where.thread, where.time, asText(body['ref'])), found);
};

/** A referral comes alone, or inside of a message or a postback. */
function referralOf(holder: Json, where: Where, vendorEventId: string, found: Findings): void {
  const body = asObject(holder['referral']);
  if (!body) return;
  const advertisement = asObject(body['ads_context_data']);
  found.events.push(
    draft<ReferralData>(where, 'referral.received', {
      kind: 'referral',
      ...common(where, vendorEventId, customerAuthor(where)),
      ref: asText(body['ref']),
      source: asText(body['source']),
      adId: asId(body['ad_id']),
      vendorData: advertisement ? { advertisement } : {},
    }),
  );
}

const optin: Reader = (body, event, part, found) => {
  const userRef = asId(body['user_ref']);
  // the checkbox on a web page names nobody: the page and the customer meet with the first message
  const anonymous = userRef !== null && idOf(event['sender']) === null;
  const where = anonymous
    ? {
        account: part.page.id,
        thread: composedKey('user_ref', userRef),
        time: asTime(event['timestamp']) ?? part.entryTime,
        customer: null,
      }
    : whereOf(event, part);
  const stopped = /^stop/i.test(asText(body['notification_messages_status']) ?? '');
  found.events.push(
    draft<ContactData>(where, stopped ? 'contact.opted-out' : 'contact.opted-in', {
      kind: 'contact',
      ...common(where, composedKey('optin', userRef ?? where.thread, where.time), customerAuthor(where)),
      purpose: asText(body['ref']) ?? asText(body['payload']) ?? asText(body['title']) ?? asText(body['type']),
    }),
  );
};

const receipt =
  (name: 'read' | 'delivery', type: 'message.read' | 'message.delivered'): Reader =>
  (body, event, part, found) => {
    const watermark = asTime(body['watermark']);
    const mids = Array.isArray(body['mids']) ? (body['mids'] as unknown[]) : [body['mid']];
    const targets = mids.flatMap((mid) => asId(mid) ?? []);
    if (watermark === null && targets.length === 0) required(null, `a ${name} without watermark and mids`);
    // the vendor's own example has no timestamp
    const where = whereOf(event, part, false, watermark);
    found.events.push(
      draft<ReceiptData>(where, type, {
        kind: 'receipt',
        ...common(where, composedKey(name, where.thread, watermark ?? targets.join(' ')), customerAuthor(where)),
        targets,
        watermark: watermark === null ? null : new Date(watermark).toISOString(),
      }),
    );
  };

const reaction: Reader = (body, event, part, found) => {
  const mid = required(asId(body['mid']), 'a reaction without its mid');
  const action = asText(body['action']);
  if (action !== 'react' && action !== 'unreact') {
    found.unknown.push('reaction');
    return;
  }
  const where = whereOf(event, part);
  const id = composedKey('reaction', mid, idOf(event['sender']), action, where.time);
  found.events.push(
    draft<ReactionData>(where, action === 'react' ? 'reaction.added' : 'reaction.removed', {
      kind: 'reaction',
      ...common(where, id, actorOf(event, part, where)),
      target: mid,
      reaction: asText(body['reaction']),
      emoji: asText(body['emoji']),
    }),
  );
};

const handover =
  (name: string, action: HandoverData['action']): Reader =>
  (body, event, part, found) => {
    const where = whereOf(event, part);
    found.events.push(
      draft<HandoverData>(where, 'thread.handed-over', {
        kind: 'handover',
        ...common(where, composedKey('handover', where.thread, where.time, name), systemAuthor()),
        action,
        from: asId(body['previous_owner_app_id']),
        to: asId(body['new_owner_app_id']) ?? asId(body['requested_owner_app_id']),
      }),
    );
  };

/** The field that makes an event what it is. */
const READERS: Readonly<Record<string, Reader>> = {
  message,
  message_edit: edit,
  postback,
  reaction,
  read: receipt('read', 'message.read'),
  delivery: receipt('delivery', 'message.delivered'),
  optin,
  pass_thread_control: handover('pass_thread_control', 'passed'),
  take_thread_control: handover('take_thread_control', 'taken'),
  request_thread_control: handover('request_thread_control', 'requested'),
  referral,
};
const PARTIES: ReadonlySet<string> = new Set(['sender', 'recipient', 'timestamp']);

/** One element of `messaging` or `standby`. */
export function normaliseMessaging(value: unknown, part: Part, found: Findings): void {
  const event = required(asObject(value), 'a messaging event that is no object');
  const kind = Object.keys(READERS).find((name) => Object.hasOwn(event, name));
  if (kind) {
    READERS[kind]!(required(asObject(event[kind]), `${kind} is no object`), event, part, found);
    return;
  }
  const other = Object.keys(event).find((name) => !PARTIES.has(name));
  found.unknown.push(other?.replace('policy-enforcement', 'policy_enforcement') ?? 'messaging');
}
