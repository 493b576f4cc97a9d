import type { Identifier, Tie, TimelineItem } from './core-api.js';
import type { Claim, CustomerView, Day } from './day.js';
import type { Scene } from './scene.js';

const CHANNELS: Record<string, string> = { facebook: 'Fanpage', call: 'Hotline', email: 'E-mail', sms: 'SMS' };
const CLOCK = new Intl.DateTimeFormat('en-GB', { timeZone: 'Asia/Ho_Chi_Minh', hour: '2-digit', minute: '2-digit' });

/** Time of day in Vietnam. */
export const timeOfDay = (at: string | number) => CLOCK.format(new Date(at));

const channelName = (channel: string | undefined) => CHANNELS[channel ?? ''] ?? channel ?? '';
const minutes = (ms: number) => `${Math.round(ms / 60_000)} min`;

export const heading = (title: string) => `\n${title}\n${'─'.repeat(title.length)}`;

export const sceneLine = ({ at, channel, who, told }: Scene) =>
  `  ${timeOfDay(at)}  ${channelName(channel).padEnd(7)}  ${who}: ${told}`;

/** One entry of a timeline. */
export function timelineLine(item: TimelineItem): string {
  const time = `  ${timeOfDay(item.at)}  `;
  if (item.from) return `${time}──── ${channelName(item.from)} → ${channelName(item.to)} ────`;
  const arrow = item.direction === 'outbound' ? '◀' : '▶';
  return `${time}${channelName(item.channel).padEnd(7)} ${arrow} ${item.call ? callText(item.call) : (item.text ?? '')}`;
}

function callText(call: NonNullable<TimelineItem['call']>): string {
  if (!call.answered) return `call, ${call.state}`;
  const recording = call.recordingUrl ? `, recording ${call.recordingUrl}` : '';
  return `call, answered by ${call.agent ?? 'somebody'} after ${call.ringSeconds} s, talked ${call.talkSeconds} s${recording}`;
}

const TYPES: Record<string, string> = {
  fb_psid: 'Fanpage id',
  fb_commenter: 'commenter',
  phone: 'number',
  email: 'address',
};
const identifierText = ({ type, value }: Identifier) => `${TYPES[type] ?? type} ${value}`;

const REFUSALS: Record<string, string> = {
  'claimed-by-several': 'the number was already tied to somebody else when it was typed',
  'cannot-link': 'an agent or a verified login says that they differ',
  cap: 'that would give a person two ids of one page',
  shared: 'many people use that number',
};

/** A piece of evidence as a sentence. */
export function evidenceSentence(tie: Tie): string {
  const ends = `${identifierText(tie.from)} and ${identifierText(tie.to)}`;
  const how =
    tie.kind === 'claim-then-call'
      ? 'the one typed the other in a message, and a call came from that number'
      : tie.kind === 'claim'
        ? 'the one typed the other in a message, no more'
        : tie.kind;
  const evidence = `rule ${tie.rule}, ${timeOfDay(tie.at)}, evidence ${tie.evidenceIds.join(' + ')}`;
  return tie.because
    ? `  not joined: ${ends}: ${how}; refused, because ${REFUSALS[tie.because] ?? tie.because} (${evidence})`
    : `  joined, ${tie.level}: ${ends}: ${how} (${evidence})`;
}

function clockLines({ conversations }: CustomerView, complaintAt: number, now: number): string[] {
  return conversations.map(({ id, state, channels, clock }) => {
    const waits = clock.waitingSince
      ? `waiting since ${timeOfDay(clock.waitingSince)} (${minutes(now - Date.parse(clock.waitingSince))})`
      : 'nobody waits';
    const before =
      clock.stoppedBy && clock.stoppedAt
        ? `; the wait before lasted ${minutes(Date.parse(clock.stoppedAt) - complaintAt)} and was stopped by a ${clock.stoppedBy} at ${timeOfDay(clock.stoppedAt)}`
        : '';
    return `  ${id}  ${state}, over ${channels.map(channelName).join(' and ')}; ${waits}${before}`;
  });
}

/** The day as the API shows it, for people. */
export function dayPage(day: Day, complaint: Scene, now: number): string {
  const { lan, why, lookedUp } = day;
  const known = lan.person.identifiers.map((identifier) => `${identifierText(identifier)} (${identifier.level})`);
  const candidates = lookedUp.people.map(({ id, level }) => `${id} (${level})`).join(', ');
  return [
    heading("One timeline: Lan's"),
    ...lan.timeline.map(timelineLine),
    heading('One conversation, and how long she waits'),
    ...clockLines(lan, complaint.at, now),
    heading('Why this is one person'),
    `  person ${lan.person.id}: ${known.join(', ')}`,
    ...why.steps.map(evidenceSentence),
    ...why.rejected.map(evidenceSentence),
    `  whose is ${lookedUp.identifier.value}? ${candidates}`,
    heading('The others'),
    ...[day.minh, day.hoa, day.tuan, day.stranger, day.mai].flatMap(({ timeline }) => [
      ...timeline.map(timelineLine),
      '',
    ]),
  ].join('\n');
}

/** Claims one a line; those that do not hold stand out. */
export const claimLines = (claims: readonly Claim[]) =>
  claims.map(({ says, holds }) => `  ${holds ? '✓' : '✗ NOT SO:'} ${says}`).join('\n');
