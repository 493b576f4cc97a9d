import { CoreApi, type Conversation, type LookedUp, type Person, type TimelineItem, type Why } from './core-api.js';
import type { Scene } from './scene.js';
import { LAN_WAITS_MS, type Story } from './story.js';

/** A statement about what was played, and whether the stack shows it. */
export interface Claim {
  readonly says: string;
  readonly holds: boolean;
}

export interface CustomerView {
  readonly person: Person;
  readonly timeline: readonly TimelineItem[];
  readonly conversations: readonly Conversation[];
}

/** What the API shows of the day. */
export interface Day {
  readonly lan: CustomerView;
  readonly why: Why;
  readonly lookedUp: LookedUp;
  readonly minh: CustomerView;
  readonly hoa: CustomerView;
  readonly tuan: CustomerView;
  readonly stranger: CustomerView;
  readonly mai: CustomerView;
}

type Who = Scene['customer'];

/** The person of an identifier with all that the demo shows; null while core knows nobody by it. */
async function viewOf(api: CoreApi, who: Who): Promise<CustomerView | null> {
  const [first] = (await api.lookUp(who)).people;
  if (!first) return null;
  const [person, timeline] = await Promise.all([api.person(first.id), api.timeline(first.id)]);
  const conversations = await Promise.all(person.conversations.map(({ id }) => api.conversation(id)));
  return { person, timeline, conversations };
}

/** Whether a scene has become an item of its customer's timeline. */
export async function isSeen(api: CoreApi, scene: Scene): Promise<boolean> {
  const at = new Date(scene.at).toISOString();
  const isIt = (item: TimelineItem): boolean => (scene.untimed ? item.text === scene.told : item.at === at);
  const view = await viewOf(api, scene.customer);
  return view?.timeline.some((item) => item.thread === scene.thread && isIt(item)) ?? false;
}

/** Reads the day; null while anybody is still missing. */
export async function readDay(api: CoreApi, story: Story): Promise<Day | null> {
  const views = await Promise.all(
    [story.lan, story.minh, story.hoa, story.tuan, story.stranger, story.mai].map((who) => viewOf(api, who)),
  );
  const [lan, minh, hoa, tuan, stranger, mai] = views;
  if (!lan || !minh || !hoa || !tuan || !stranger || !mai) return null;
  const [why, lookedUp] = await Promise.all([api.why(lan.person.id), api.lookUp(story.lanPhone)]);
  return { lan, why, lookedUp, minh, hoa, tuan, stranger, mai };
}

const kinds = ({ timeline }: CustomerView) =>
  timeline.map(({ kind, from, to }) => (from ? `${from}>${to}` : kind)).join(' ');
const one = <T>(list: readonly T[]): T | undefined => (list.length === 1 ? list[0] : undefined);

/** Holds the day against what was played. */
export function claimsOfDay(story: Story, day: Day, thanks: Scene): Claim[] {
  const { lan, why, lookedUp, minh, hoa, tuan, stranger, mai } = day;
  const lanScenes = story.scenes.filter(({ who }) => who === 'Lan');
  const [complaint, call, again] = lanScenes as [Scene, Scene, Scene];
  const conversation = one(lan.conversations);
  const levels = new Map(lan.person.identifiers.map(({ value, level }) => [value, level]));
  const texts = lan.timeline.filter(({ kind }) => kind === 'message').map(({ text }) => text);
  const phoned = lan.timeline.find(({ kind }) => kind === 'call')?.call;
  const answeredAt = new Date(complaint.at + LAN_WAITS_MS).toISOString();
  const step = one(why.steps);
  const claimants = new Map(lookedUp.people.map(({ id, level }) => [id, level]));
  const hoaTalk = one(hoa.conversations);
  const tuanTalk = one(tuan.conversations);
  const maiLevels = new Map(mai.person.identifiers.map(({ value, level }) => [value, level]));
  const says = (text: string, holds: boolean): Claim => ({ says: text, holds });
  return [
    says(
      "Lan's timeline is her complaint, a switch to the telephone, her call, a switch back, her second message",
      kinds(lan) === 'message facebook>call call call>facebook message' &&
        `${texts}` === `${complaint.told},${again.told}`,
    ),
    says(
      'the call is one item: answered after 12 s, talked 95 s, with its recording',
      phoned?.answered === true &&
        phoned.state === 'ended' &&
        phoned.ringSeconds === 12 &&
        phoned.talkSeconds === 95 &&
        phoned.recordingUrl !== null,
    ),
    says(
      'her Fanpage id and her number are one person, the number corroborated',
      levels.get(story.lan.value) === 'verified' &&
        levels.get(story.lanPhone.value) === 'corroborated' &&
        levels.size === 2,
    ),
    says(
      'the evidence is her number in the text and the call from it (rule I5)',
      step?.kind === 'claim-then-call' && step.rule === 'I5' && step.at === new Date(call.at).toISOString(),
    ),
    says(
      'all of it is one open conversation',
      conversation?.state === 'open' && lan.timeline.every(({ conversationId }) => conversationId === conversation.id),
    ),
    says(
      'its clock stopped when the call was answered and runs again since her second message',
      conversation?.clock.stoppedBy === 'call' &&
        conversation.clock.stoppedAt === answeredAt &&
        conversation.clock.waitingSince === new Date(again.at).toISOString(),
    ),
    says(
      'the stranger who typed her number later stays somebody else, and look-up of the number shows both',
      stranger.person.id !== lan.person.id &&
        stranger.person.identifiers.length === 1 &&
        claimants.get(lan.person.id) === 'corroborated' &&
        claimants.get(stranger.person.id) === 'claimed',
    ),
    says(
      "Minh's comment is answered: his clock stands",
      kinds(minh) === 'comment comment' && one(minh.conversations)?.clock.stoppedBy === 'message',
    ),
    says(
      "Hoa's missed call and its call-back are one conversation (rule T2), stopped by the call-back",
      kinds(hoa) === 'call call' &&
        hoaTalk?.clock.stoppedBy === 'call' &&
        hoaTalk.segments.some(({ linkedBy }) => linkedBy === 'call-back'),
    ),
    says(
      "Tuấn's thanks after the resolve is kept and reopens nothing (rule T4)",
      tuanTalk?.state === 'resolved' &&
        tuanTalk.clock.waitingSince === null &&
        tuan.timeline.at(-1)?.text === thanks.told &&
        tuan.timeline.every(({ conversationId }) => conversationId === tuanTalk.id),
    ),
    says(
      "Mai's mail and her short message from the number in it are one person and one conversation",
      kinds(mai) === 'message email>sms message' &&
        maiLevels.get(story.mai.value) === 'verified' &&
        maiLevels.get(story.maiPhone.value) === 'corroborated' &&
        one(mai.conversations)?.channels.join() === 'email,sms',
    ),
  ];
}
