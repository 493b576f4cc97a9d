import {
  formatIdentifier,
  joinKey,
  type Author,
  type Claim,
  type IdentifierRef,
  type MessageData,
  type ReceiptData,
} from '@lienmach/contracts';
import type { ChannelAccount, DraftEvent, Normalised } from '@lienmach/adapter-kit';
import { mailboxOf, messageId, messageIds, replyTokenOf, type MailAddress } from './mail-address.js';
import { storedAttachments } from './mail-attachments.js';
import { automaticOf, isLoop, type Automatic } from './mail-kind.rules.js';
import { reasonOf, type MailReport } from './mail-report.js';
import { mailText } from './mail-text.js';
import { mailTime } from './mail-time.js';
import type { Mail, MailEnvelope } from './mail.payload.js';

type Account = ChannelAccount<object>;

/** The newest, which answers name. */
const MOST_REFERENCES = 50;
const MOST_PARTICIPANTS = 50;

/** What a mail is: a message, or what became of one of ours. Pure: no clock, no network. */
export function normaliseMail(mail: Mail, told: MailEnvelope, account: Account): Normalised {
  const envelope: MailEnvelope = mail.hasOneFrom ? told : { ...told, authentication: 'none' };
  // whatever the account is called: where the mail came to is ours
  const addresses = [account.id, ...account.ownNumbers, ...envelope.to].filter((each) => each.includes('@'));
  const own = new Set(addresses.map((each) => mailboxOf(each.trim())));
  const reported = mail.report ? reportEvents(mail, mail.report, envelope, account) : null;
  return reported ?? messageEvents(mail, envelope, account, own);
}

interface Place {
  readonly id: string;
  readonly thread: string;
  readonly inReplyTo: string | null;
  readonly references: readonly string[];
}

/** References[0], else In-Reply-To, else its own Message-ID, else the hash of the mail. */
function placeOf({ headers }: Mail, { fallbackId }: MailEnvelope): Place {
  const id = messageId(headers.raw('message-id')) ?? fallbackId;
  const references = messageIds(headers.raw('references'));
  const answered = messageIds(headers.raw('in-reply-to'))[0] ?? null;
  return { id, thread: references[0] ?? answered ?? id, inReplyTo: answered ?? references.at(-1) ?? null, references };
}

function messageEvents(mail: Mail, envelope: MailEnvelope, account: Account, own: ReadonlySet<string>): Normalised {
  const place = placeOf(mail, envelope);
  const automatic = automaticOf(mail, envelope);
  const loop = isLoop(mail, automatic, own);
  const written = authorOf(mail, envelope, { place, account, own, loop });
  const { listed, files } = storedAttachments(mail.attachments);
  const { text, fullText } = mailText(mail);
  const recipients = recipientsOf(mail, envelope);
  const data: Omit<MessageData, 'claims'> = {
    kind: 'message',
    vendor: account.vendor,
    vendorEventId: place.id,
    thread: place.thread,
    direction: written.direction,
    author: written.author,
    participants: participantsOf(mail, own, written.author),
    content: { text, attachments: listed, replyTo: place.inReplyTo },
    automatic: automatic ?? (loop ? 'auto-reply' : null),
    subject: mail.subject,
    fullText,
    ...(place.references.length > 0 && { references: place.references.slice(-MOST_REFERENCES) }),
    replyToken: replyTokenOf(recipients),
    authentication: envelope.authentication,
    vendorData: vendorDataOf(mail, envelope, loop),
  };
  const event: DraftEvent<MessageData> = {
    account: account.id,
    type: written.direction === 'outbound' ? 'message.sent' : 'message.received',
    time: mailTime(mail.headers.text('date')),
    subject: written.customer?.value ?? place.thread,
    ...(written.customer ? { identifier: formatIdentifier(written.customer) } : {}),
    data,
    claims: written.claims,
  };
  return { events: [event], unknown: [], malformed: [], files };
}

interface Written {
  readonly direction: 'inbound' | 'outbound';
  readonly author: Author;
  readonly customer: IdentifierRef | null;
  readonly claims: readonly Claim[];
}

interface AuthorContext {
  readonly place: Place;
  readonly account: Account;
  readonly own: ReadonlySet<string>;
  readonly loop: boolean;
}

/**
 * An address is the author's identifier only where its From is proven; else the mail hangs on its own thread and the address is a claim (rule I3). A From
 * of ours that is proven is a colleague's own mail; one that is not stops nobody's clock.
 */
function authorOf(mail: Mail, { authentication }: MailEnvelope, { place, account, own, loop }: AuthorContext): Written {
  const { from, replyTo } = mail;
  const isOwn = (address: MailAddress | null): boolean => address !== null && own.has(mailboxOf(address.address));
  const isProven = authentication === 'pass';
  if (loop) return { direction: 'inbound', author: nobody('system'), customer: null, claims: [] };
  if (isOwn(from) && isProven) {
    const to = [...mail.to, ...mail.cc].find((each) => !isOwn(each));
    const customer: IdentifierRef | null = to ? { type: 'email', scope: null, value: to.address } : null;
    return { direction: 'outbound', author: { ...nobody('agent'), name: from?.name ?? null }, customer, claims: [] };
  }
  const answers = replyTo.find((each) => !isOwn(each)) ?? null;
  // a form on the business's own site writes in its own name and asks for the answer to go to the customer
  const writer = isOwn(from) ? answers : (from ?? answers);
  const customer: IdentifierRef =
    isProven && from && writer === from
      ? { type: 'email', scope: null, value: from.address }
      : { type: 'mail_thread', scope: account.id, value: place.thread };
  const claimed = [writer, answers].flatMap((each) => (each && each.address !== customer.value ? [each.address] : []));
  return {
    direction: 'inbound',
    author: { kind: 'customer', identifiers: [customer], name: writer?.name ?? null },
    customer,
    claims: [...new Set(claimed)].map((value): Claim => ({ type: 'email', value, where: 'header' })),
  };
}

const nobody = (kind: Author['kind']): Author => ({ kind, identifiers: [], name: null });

/** Everyone else who got it: they take part, the item is its author's alone (rule T14). */
function participantsOf({ to, cc }: Mail, own: ReadonlySet<string>, author: Author): Author[] {
  const written = author.identifiers[0]?.value;
  const others = [...to, ...cc].filter(({ address }) => !own.has(mailboxOf(address)) && address !== written);
  const distinct = new Map(others.map((each) => [each.address, each]));
  return [...distinct.values()].slice(0, MOST_PARTICIPANTS).map(({ address, name }) => ({
    kind: 'customer',
    identifiers: [{ type: 'email', scope: null, value: address }],
    name,
  }));
}

/** All addresses that a mail may have come by, the envelope's first: a plus part may stand in any. */
function recipientsOf({ headers, to, cc }: Mail, envelope: MailEnvelope): string[] {
  const delivered = ['delivered-to', 'x-original-to', 'x-envelope-to'].flatMap((name) => headers.all(name));
  const listed = [...to, ...cc].map(({ address }) => address);
  return [...envelope.to, ...delivered, ...listed].map((address) => address.trim().replace(/^<|>$/g, ''));
}

function vendorDataOf(mail: Mail, envelope: MailEnvelope, loop: boolean): Record<string, unknown> {
  const { headers, attachments, replyTo, guessedCharset } = mail;
  const originalNames = attachments.flatMap(({ fileName }) =>
    fileName && /[/\\\p{Cc}\p{Cf}]/u.test(fileName) ? [fileName] : [],
  );
  return {
    ...envelope.vendorData,
    ...(replyTo.length > 0 && { replyTo: replyTo.slice(0, 5).map(({ address }) => address) }),
    ...(mail.from && { from: mail.from.address }),
    ...(originalNames.length > 0 && { originalNames }),
    ...(guessedCharset && { guessedCharset }),
    ...(loop && { loop }),
    ...(!headers.has('date') && { undated: true }),
    ...(headers.has('x-auto-response-suppress') && { suppressAutoResponse: headers.text('x-auto-response-suppress') }),
  };
}

/** Receipts about mails of ours; null where the report names none, which is then shown as what it is: a machine's mail. */
function reportEvents(mail: Mail, report: MailReport, envelope: MailEnvelope, account: Account): Normalised | null {
  const { original } = report;
  const place = placeOf(mail, envelope);
  const target = original.messageId ?? place.inReplyTo;
  if (report.kind === 'feedback') return nothing(`feedback report ${report.feedback}`);
  if (report.kind === 'disposition' && report.disposition !== 'displayed')
    return nothing(`disposition ${report.disposition || 'unnamed'}`);
  if (target === null) return null;
  const thread = original.root ?? (original.messageId === null ? place.thread : target);
  const receipt = (type: ReceiptType, reason: string | null): DraftEvent => ({
    account: account.id,
    type,
    time: mailTime(mail.headers.text('date')),
    subject: thread,
    data: receiptData(
      { vendor: account.vendor, id: joinKey(type, place.id), thread, target, reason },
      envelope.vendorData,
    ),
  });
  if (report.kind === 'disposition') return { events: [receipt('message.read', null)], unknown: [], malformed: [] };
  const failed = report.recipients.filter(({ action }) => action === 'failed');
  const isDelivered = report.recipients.some(({ action }) => action === 'delivered');
  const unknown = report.recipients.filter(({ action }) => !['failed', 'delivered'].includes(action));
  const events = [
    ...(failed.length > 0 ? [receipt('message.failed', failed.map(reasonOf).join('; ').slice(0, 2_000))] : []),
    ...(isDelivered ? [receipt('message.delivered', null)] : []),
  ];
  // of several recipients one that is still tried decides nothing
  return { events, unknown: unknown.map(({ action }) => `delivery report ${action}`), malformed: [] };
}

const nothing = (kind: string): Normalised => ({ events: [], unknown: [kind], malformed: [] });

export type ReceiptType = 'message.delivered' | 'message.read' | 'message.failed';

/** `data` of what became of a mail of ours, however we heard of it. */
export function receiptData(
  facts: { vendor: string; id: string; thread: string; target: string; reason: string | null },
  vendorData: Readonly<Record<string, unknown>>,
): Omit<ReceiptData, 'claims'> {
  return {
    kind: 'receipt',
    vendor: facts.vendor,
    vendorEventId: facts.id,
    thread: facts.thread,
    direction: 'inbound',
    author: nobody('system'),
    participants: [],
    targets: [facts.target],
    watermark: null,
    ...(facts.reason !== null && { reason: facts.reason }),
    vendorData: { ...vendorData },
  };
}

/** The automatic kinds, for whoever decides about answering. */
export type { Automatic };
