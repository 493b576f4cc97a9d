import type { ChannelEvent } from '@lienmach/contracts';
import type { ItemState } from '../conversation/item-state.js';
import { vectorOf } from './words.rules.js';

const WITHOUT_WORDS: ReadonlySet<string> = new Set(['receipt', 'reaction', 'visibility']);

/** Whether an event may change what its item is found by. */
export const speaks = ({ data }: Pick<ChannelEvent, 'data'>): boolean => !WITHOUT_WORDS.has(data.kind);

/** What an item is found by, as PostgreSQL's tsvector: all that was said or written in it. Null: by nothing, for it is removed, not yet shown, or has no words. */
export function itemWords(tenant: string, state: ItemState): string | null {
  if (!state.hasBase || state.removed) return null;
  const { text, subject, fullText, postback, fields, callState } = state;
  const said = [
    subject,
    fullText ?? text,
    postback?.title,
    callState?.transcript,
    ...(fields ?? []).map(({ value }) => value),
  ];
  return vectorOf(tenant, said.filter(Boolean).join('\n'));
}
