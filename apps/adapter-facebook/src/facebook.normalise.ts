import { MalformedPayload } from '@lienmach/contracts';
import {
  type AccountLookup,
  asId,
  asObject,
  asText,
  type Json,
  type Normalised,
  required,
} from '@lienmach/adapter-kit';
import type { FacebookSettings } from './facebook.config.js';
import { asTime, type FacebookPayload } from './facebook.payload.js';
import { normaliseFeed, normaliseMention } from './feed.normalise.js';
import { normaliseMessaging } from './messenger.normalise.js';
import { Findings, type Part } from './part.normalise.js';

/** One POST may hold many entries of many pages, each with many events: a part that is broken loses no other. */
export function normaliseFacebook(
  { object, entries }: FacebookPayload,
  accounts: AccountLookup<FacebookSettings>,
): Normalised {
  const found = new Findings();
  if (object !== 'page') {
    found.unknown.push(`object:${object}`);
    return found;
  }
  for (const entry of entries) attempt(found, null, () => normaliseEntry(entry, accounts, found));
  return found;
}

function attempt(found: Findings, account: string | null, work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof MalformedPayload)) throw error;
    found.malformed.push({ account, reason: error.message });
  }
}

function normaliseEntry(value: unknown, accounts: AccountLookup<FacebookSettings>, found: Findings): void {
  const entry = required(asObject(value), 'an entry that is no object');
  const id = required(asId(entry['id']), 'an entry without its id');
  const page = accounts(id);
  if (!page) {
    found.malformed.push({ account: id, reason: 'not an account that this signature proves' });
    return;
  }
  const part: Part = { page, entryTime: asTime(entry['time']), standby: false };
  const lists = Object.keys(LISTS).filter((name) => Object.hasOwn(entry, name));
  if (lists.length === 0) found.unknown.push('entry');
  for (const name of lists) {
    attempt(found, id, () => {
      const list = entry[name];
      if (!Array.isArray(list)) throw new MalformedPayload(`${name} is no list`);
      for (const item of list as unknown[]) attempt(found, id, () => LISTS[name]!(item, part, found));
    });
  }
}

const LISTS: Readonly<Record<string, (item: unknown, part: Part, found: Findings) => void>> = {
  messaging: normaliseMessaging,
  standby: (item, part, found) => normaliseMessaging(item, { ...part, standby: true }, found),
  changes: normaliseChange,
};

function normaliseChange(item: unknown, part: Part, found: Findings): void {
  const change = required(asObject(item), 'a change that is no object');
  const field = required(asText(change['field']), 'a change without its field');
  if (field === 'feed') return normaliseFeed(valueOf(change), part, found);
  if (field === 'mention') return normaliseMention(valueOf(change), part, found);
  // the app dashboard delivers messaging fields this way; its tests have no customer
  const value = asObject(change['value']);
  if (/^messag/.test(field) && asId(asObject(value?.['sender'])?.['id']) !== null)
    return normaliseMessaging(value, part, found);
  found.unknown.push(field);
}

const valueOf = (change: Json): Json => required(asObject(change['value']), 'a change without its value');
