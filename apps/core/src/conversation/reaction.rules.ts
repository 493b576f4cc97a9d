import { formatIdentifier, type Author, type ChannelEvent, type ReactionData } from '@lienmach/contracts';
import { authorOf } from './envelope.rules.js';
import type { ItemReaction } from './item-state.js';

/** Reactions that stand, by author and reaction, in the order in which they were given. */
export function standingReactions(sorted: readonly ChannelEvent<ReactionData>[]): ItemReaction[] {
  const standing = new Map<string, ItemReaction>();
  for (const event of sorted) {
    const { reaction, emoji, author } = event.data;
    const who = whoOf(author);
    const key = `${who} ${reaction ?? ''}`;
    if (event.type === 'reaction.added') {
      standing.set(key, {
        reaction: reaction ?? null,
        emoji: emoji ?? null,
        author: authorOf(event),
        at: Date.parse(event.time),
      });
    } else if (reaction !== null && reaction !== undefined) {
      standing.delete(key);
    } else {
      // taken back without being named: all of this author's
      for (const other of standing.keys()) if (other.startsWith(`${who} `)) standing.delete(other);
    }
  }
  return [...standing.values()].sort((a, b) => a.at - b.at);
}

function whoOf({ kind, identifiers, id }: Author): string {
  const first = identifiers[0];
  return JSON.stringify(first !== undefined ? formatIdentifier(first) : [kind, id ?? null]);
}
