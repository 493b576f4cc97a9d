import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHANNELS, EVENT_TYPES, replyRulesOf, type Channel, type EventType } from '@lienmach/contracts';
import { format, resolveConfig } from 'prettier';

/** From the project's root. */
export const CHANNELS_PAGE = 'docs/channels.md';

/** A request among an adapter's fixtures, as far as the page tells of it. */
interface Shown {
  readonly vendor: string;
  /** From the project's root. */
  readonly file: string;
  readonly types: readonly EventType[];
}

interface FixtureFile {
  readonly account?: { readonly vendor?: string };
  readonly expect?: readonly { readonly type?: EventType }[];
}

const jsonIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json'))
    .sort();

/** Every request that the conformance suite of a channel runs over; what else lies there belongs to no account. */
function fixturesOf(root: string, channel: string): Shown[] {
  const folder = `apps/adapter-${channel}/fixtures`;
  if (!existsSync(join(root, folder))) return [];
  return jsonIn(join(root, folder)).flatMap((name): Shown[] => {
    const file = `${folder}/${name}`;
    const { account, expect } = JSON.parse(readFileSync(join(root, file), 'utf8')) as FixtureFile;
    if (!account || !expect) return [];
    const types = new Set(expect.flatMap(({ type }) => type ?? []));
    return [{ vendor: account.vendor ?? channel, file, types: [...types] }];
  });
}

const tableOf = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

const nameOf = (file: string): string => file.slice(file.lastIndexOf('/') + 1, -'.json'.length);

/** How many show it, with a link to the first and the names of all. */
function cellOf(shown: readonly Shown[]): string {
  const [first] = shown;
  if (!first) return '';
  return `[${shown.length}](../${first.file} "${shown.map(({ file }) => nameOf(file)).join(', ')}")`;
}

function eventTable(vendors: readonly string[], shown: readonly Shown[]): string {
  const rowOf = (name: string, of: (one: Shown) => boolean): string[] => [
    name,
    ...vendors.map((vendor) => cellOf(shown.filter((one) => one.vendor === vendor && of(one)))),
  ];
  const types = (Object.keys(EVENT_TYPES) as EventType[]).filter((type) =>
    shown.some((one) => one.types.includes(type)),
  );
  return tableOf(
    ['event', ...vendors],
    [
      ...types.map((type) => rowOf(`\`${type}\``, (one) => one.types.includes(type))),
      rowOf('kept raw, no event', ({ types: none }) => none.length === 0),
    ],
  );
}

/** What of a channel can be answered: a message, and kinds that belong to another family. */
function replyRows(channel: Channel, vendors: readonly string[]): string[][] {
  const kinds = ['message', ...Object.keys(channel.kinds ?? {})];
  const ways = kinds.flatMap((kind) => {
    const senders = vendors.filter((vendor) => replyRulesOf(channel.name, kind, vendor));
    const rules = replyRulesOf(channel.name, kind, senders[0] ?? '');
    if (!rules || senders.length === 0) return [];
    const window = rules.windowHours === null ? 'at any time' : `within ${rules.windowHours} hours`;
    return [[channel.name, kind, senders.join(', '), window, `${rules.longestText}`]];
  });
  return ways.length > 0 ? ways : [[channel.name, '-', 'nothing can be sent yet', '', '']];
}

/** The page of what each vendor's fixtures become, and what can be sent: the same sources give the same bytes. */
export async function channelsPage(root: string): Promise<string> {
  const channels = CHANNELS.map((channel: Channel) => {
    const shown = fixturesOf(root, channel.name);
    return { channel, shown, vendors: [...new Set(shown.map(({ vendor }) => vendor))].sort() };
  });
  const sections = channels.map(
    ({ channel, shown, vendors }) => `### ${channel.name}\n\n${eventTable(vendors, shown)}\n`,
  );
  const replies = channels.flatMap(({ channel, vendors }) => replyRows(channel, vendors));
  const text = `<!-- Made by \`npm run gen\` from the fixtures of the adapters and libs/contracts: do not edit. -->

# Channels: what comes in, what goes out

## In

Of each vendor the events of the contract that its fixtures become: real requests, which the conformance suite sends through the vendor's own door with its
proof. A number says how many requests show an event and leads to the first of them; their names stand behind it.

${sections.join('\n')}
## Out

What a person of the business can answer. The time counts from the customer's last word in the thread, the length in UTF-16 units.

${tableOf(['channel', 'answers a', 'vendors', 'when', 'longest text'], replies)}
`;
  return format(text, { ...(await resolveConfig(join(root, CHANNELS_PAGE))), parser: 'markdown' });
}
