import type { Customer } from './scene.js';

/** Bodies as the vendors post them; times in milliseconds. */

/** A Messenger event: of the customer, or the echo of what a person wrote in the page's inbox. */
export function messengerBody(page: string, customer: Customer, mid: string, at: number, text: string, echo: boolean) {
  const [sender, recipient] = echo ? [page, customer.value] : [customer.value, page];
  const message = { mid, text, ...(echo ? { is_echo: true, app_id: PAGE_INBOX } : {}) };
  const messaging = [{ sender: { id: sender }, recipient: { id: recipient }, timestamp: at, message }];
  return { object: 'page', entry: [{ id: page, time: at, messaging }] };
}

export interface Comment {
  readonly from: { readonly id: string; readonly name: string };
  readonly post: string;
  readonly id: string;
  /** The post, or the comment that is answered. */
  readonly parent: string;
  readonly at: number;
  readonly text: string;
}

/** An event of the page's feed. */
export function commentBody(page: string, { from, post, id, parent, at, text }: Comment) {
  const value = {
    item: 'comment',
    verb: 'add',
    from,
    post_id: post,
    comment_id: id,
    parent_id: parent,
    created_time: at / 1_000,
    message: text,
  };
  return { object: 'page', entry: [{ id: page, time: at / 1_000, changes: [{ field: 'feed', value }] }] };
}

export interface Mail {
  readonly from: string;
  readonly name: string;
  readonly to: string;
  /** In angle brackets. */
  readonly messageId: string;
  /** Postmark's own id. */
  readonly postmarkId: string;
  readonly subject: string;
  readonly text: string;
  readonly at: number;
}

/** A mail as Postmark hands it on. */
export function postmarkBody({ from, name, to, messageId, postmarkId, subject, text, at }: Mail) {
  return {
    FromName: name,
    MessageStream: 'inbound',
    From: from,
    FromFull: { Email: from, Name: name, MailboxHash: '' },
    To: to,
    ToFull: [{ Email: to, Name: '', MailboxHash: '' }],
    OriginalRecipient: to,
    Subject: subject,
    MessageID: postmarkId,
    Date: new Date(at).toUTCString(),
    TextBody: text,
    Headers: [
      { Name: 'Return-Path', Value: `<${from}>` },
      { Name: 'Received-SPF', Value: 'pass' },
      { Name: 'Message-ID', Value: messageId },
    ],
    Attachments: [],
  };
}

/** The fields of Twilio's form. */
export function twilioForm(accountSid: string, sid: string, from: string, to: string, text: string) {
  return {
    MessageSid: sid,
    AccountSid: accountSid,
    From: from,
    To: to,
    Body: text,
    NumMedia: '0',
    NumSegments: '1',
    ApiVersion: '2010-04-01',
  };
}

/** The application id of Facebook's own page inbox. */
const PAGE_INBOX = 263902037430900;
