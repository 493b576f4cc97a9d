import { asId, asObject, asText, required, type Json, composedKey } from '@lienmach/adapter-kit';
import type {
  Attachment,
  Author,
  CommentData,
  EditData,
  EventType,
  MentionData,
  ReactionData,
  RemovalData,
  VisibilityData,
} from '@lienmach/contracts';
import { asTime } from './facebook.payload.js';
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

interface Change {
  readonly item: string;
  readonly verb: string;
  readonly value: Json;
  /** Of what is written: the comment's time, also where it is hidden much later. */
  readonly created: number | null;
  /** Of what is done to it afterwards. */
  readonly changed: number | null;
  readonly where: Where;
  readonly byPage: boolean;
  readonly author: Author;
  readonly post: string;
}

/** Who wrote it may be left out (no permission, or the person wishes so): such a comment hangs on nobody. */
function changeOf(value: Json, { page, entryTime }: Part): Change {
  const from = asObject(value['from']);
  const fromId = asId(from?.['id']) ?? asId(value['sender_id']);
  const name = asText(from?.['name']) ?? asText(value['sender_name']);
  const byPage = fromId === page.id;
  const post = required(asId(value['post_id']), 'a change of the feed without its post_id');
  const created = asTime(value['created_time']);
  const where: Where = {
    account: page.id,
    thread: post,
    time: created ?? entryTime,
    customer: fromId !== null && !byPage ? { type: 'fb_commenter', scope: page.id, value: fromId } : null,
  };
  return {
    item: required(asText(value['item']), 'a change of the feed without its item'),
    verb: required(asText(value['verb']), 'a change of the feed without its verb'),
    value,
    created,
    changed: entryTime ?? created,
    where,
    byPage,
    author: byPage ? agentAuthor(name) : customerAuthor(where, name),
    post,
  };
}

/** Links to what is attached; photos are listed, and one of them stands alone as well. */
function attachmentsOf(value: Json): Attachment[] {
  const photos = Array.isArray(value['photos']) ? (value['photos'] as unknown[]) : [];
  const images = new Set([...photos, value['photo']].flatMap((photo) => asText(photo) ?? []));
  const video = asText(value['video']);
  const link = asText(value['link']);
  const attachments: Attachment[] = [
    ...[...images].map((url): Attachment => ({ kind: 'image', url, name: null })),
    ...(video ? [{ kind: 'video' as const, url: video, name: null }] : []),
  ];
  if (attachments.length > 0 || !link) return attachments;
  // of a photo or a video the link is the thing itself
  const kind = value['item'] === 'photo' ? 'image' : value['item'] === 'video' ? 'video' : 'link';
  return [{ kind, url: link, name: null }];
}

const contentOf = (value: Json) => ({
  text: asText(value['message']),
  attachments: attachmentsOf(value),
  replyTo: null,
});

/** Something was written: a comment, or a visitor's post, which is the first comment of its own thread. */
function written(change: Change, id: string, parent: string | null, found: Findings): void {
  const { where, author, byPage, value } = change;
  const data = { kind: 'comment', ...common(where, id, author), content: contentOf(value), parent } as const;
  found.events.push(draft<CommentData>(where, byPage ? 'comment.sent' : 'comment.received', data));
}

/** Something was done to what had been written. */
function changed(change: Change, target: string, found: Findings): boolean {
  const { verb, value, author } = change;
  const where = { ...change.where, time: change.changed };
  // an edit or a hiding may come many times; `created_time` is always that of the comment
  const again = composedKey(target, verb, change.changed);
  switch (verb) {
    case 'edit':
    case 'edited': {
      const data = {
        kind: 'edit',
        ...common(where, again, author),
        target,
        content: contentOf(value),
        editNumber: null,
      } as const;
      found.events.push(draft<EditData>(where, 'comment.edited', data));
      return true;
    }
    case 'remove':
    case 'delete': {
      const data = {
        kind: 'removal',
        ...common(where, composedKey(target, verb, change.created ?? change.changed), author),
        target,
      } as const;
      found.events.push(draft<RemovalData>(where, 'comment.removed', data));
      return true;
    }
    case 'hide':
    case 'unhide': {
      const hidden = verb === 'hide';
      // `from` is the comment's author, not who hid it
      const data = { kind: 'visibility', ...common(where, again, systemAuthor()), target, hidden } as const;
      found.events.push(draft<VisibilityData>(where, hidden ? 'comment.hidden' : 'comment.shown', data));
      return true;
    }
    default:
      return false;
  }
}

function comment(change: Change, found: Findings): boolean {
  const id = required(asId(change.value['comment_id']), 'a comment without its comment_id');
  if (change.verb !== 'add') return changed(change, id, found);
  const parent = asId(change.value['parent_id']);
  written(change, id, parent === change.post ? null : parent, found);
  return true;
}

/** The page's own posts are its publishing, not a conversation; of a nameless post nobody can tell whose it is. */
function post(change: Change, found: Findings): boolean {
  if (change.byPage || change.where.customer === null) return false;
  if (change.verb !== 'add') return changed(change, change.post, found);
  if (change.item === 'share' && asText(change.value['message']) === null) return false;
  written(change, change.post, null, found);
  return true;
}

const REACTIONS: Readonly<Record<string, EventType>> = {
  add: 'reaction.added',
  edit: 'reaction.added',
  remove: 'reaction.removed',
};

function reaction(change: Change, found: Findings): boolean {
  const { where, author, value, verb, created } = change;
  const type = Object.hasOwn(REACTIONS, verb) ? REACTIONS[verb] : undefined;
  if (!type) return false;
  const target = asId(value['comment_id']) ?? change.post;
  const word = asText(value['reaction_type']);
  const id = composedKey('reaction', target, where.customer?.value ?? null, verb, word, created ?? change.changed);
  const data = { kind: 'reaction', ...common(where, id, author), target, reaction: word, emoji: null } as const;
  found.events.push(draft<ReactionData>(where, type, data));
  return true;
}

/** By what stands on the page; false for a verb that we do not know. */
const READERS: Readonly<Record<string, (change: Change, found: Findings) => boolean>> = {
  comment,
  reaction,
  post,
  status: post,
  photo: post,
  video: post,
  share: post,
};

/** `changes[].field = "feed"`. */
export function normaliseFeed(value: Json, part: Part, found: Findings): void {
  const item = required(asText(value['item']), 'a change of the feed without its item');
  const read = Object.hasOwn(READERS, item) ? READERS[item] : undefined;
  // albums, events and whatever comes next have no post_id that we could rely on
  if (!read) {
    found.unknown.push(`feed:${item}`);
    return;
  }
  const change = changeOf(value, part);
  if (!read(change, found)) found.unknown.push(`feed:${item}:${change.verb}`);
}

/** `changes[].field = "mention"`: somebody named the page in a post or comment; the sender's fields may be missing. */
export function normaliseMention(value: Json, part: Part, found: Findings): void {
  const change = changeOf(value, part);
  const { where, author, verb, post, created } = change;
  if (verb !== 'add') {
    found.unknown.push(`mention:${verb}`);
    return;
  }
  const id = composedKey('mention', asId(value['comment_id']) ?? post, verb, created ?? change.changed);
  found.events.push(
    draft<MentionData>(where, 'mention.received', {
      kind: 'mention',
      ...common(where, id, author),
      content: contentOf(value),
    }),
  );
}
