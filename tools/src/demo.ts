import { randomInt } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { onBroker, toolConnection } from './broker-address.js';
import { CoreApi } from './demo/core-api.js';
import { claimsOfDay, isSeen, readDay, type Claim } from './demo/day.js';
import { deliver } from './demo/doors.js';
import { claimLines, dayPage, heading, sceneLine } from './demo/page.js';
import { runningStack, type RunningStack } from './demo/running-stack.js';
import type { Scene } from './demo/scene.js';
import { Story } from './demo/story.js';
import { claimsOfTopics, eventTable, readTopics } from './demo/topics-view.js';
import { SetupError } from './embedded/setup-error.js';

/**
 * `npm run demo` plays a day of customers through the webhook doors of the running stack, then shows it as the API has it and as the
 * topics have it. Ends with code 1 if what is shown is not what was played.
 */
const WITHIN_MS = 30_000;
const LOOK_EVERY_MS = 100;

/** Looks until all claims hold; gives the last look when time is up. */
async function look<T>(read: () => Promise<T>, claims: (seen: T) => readonly Claim[]): Promise<T> {
  const deadline = Date.now() + WITHIN_MS;
  for (;;) {
    const seen = await read();
    if (claims(seen).every(({ holds }) => holds) || Date.now() > deadline) return seen;
    await pause(LOOK_EVERY_MS);
  }
}

/** A number that nobody has written or called from: earlier demos have left theirs. */
async function freshNumber(api: CoreApi, ...but: string[]): Promise<string> {
  const start = randomInt(1000);
  for (let nth = 0; nth < 1000; nth++) {
    const digits = String((start + nth) % 1000).padStart(3, '0');
    const number = `0900 000 ${digits}`;
    if (but.includes(number)) continue;
    const { identifier, people } = await api.lookUp({
      type: 'phone',
      scope: null,
      value: number,
    });
    if (people.length === 0 && identifier.class === 'personal') return number;
  }
  throw new SetupError('Every number 0900 000 xxx has been used: begin anew with another DATA_DIR.');
}

/** Sends a scene and waits until it stands in the timeline, as time passes between the scenes of a day. */
async function play(stack: RunningStack, api: CoreApi, scene: Scene): Promise<void> {
  for (const delivery of scene.deliveries) await deliver(stack, delivery);
  console.log(sceneLine(scene));
  const seen = await look(
    () => isSeen(api, scene),
    (holds) => [{ says: '', holds }],
  );
  if (!seen) {
    throw new SetupError(
      `The door took it, but ${WITHIN_MS / 1000} s later it is in no timeline: look into the logs and at core's /health/ready.`,
    );
  }
}

async function demo(): Promise<boolean> {
  const stack = runningStack(process.env);
  const api = new CoreApi(stack);
  const lanNumber = await freshNumber(api);
  const hoaNumber = await freshNumber(api, lanNumber);
  const cast = {
    run: String(randomInt(1e12, 1e13)),
    lanNumber,
    hoaNumber,
    maiNumber: await freshNumber(api, lanNumber, hoaNumber),
  };
  const accounts = {
    page: stack.page.id,
    pbx: stack.pbx.id,
    hotline: stack.pbx.hotline,
    mailbox: stack.mailbox.id,
    sms: { number: stack.sms.id, accountSid: stack.sms.accountSid },
  };
  const story = new Story(cast, accounts, Math.floor(Date.now() / 1000) * 1000);

  console.log(heading("A day of customers, through the webhook doors (Vietnam's time)"));
  for (const scene of story.scenes) await play(stack, api, scene);
  const tuan = await api.lookUp(story.tuan);
  const [conversation] = (await api.person(tuan.people[0]?.id ?? '')).conversations;
  await api.resolve(conversation?.id ?? '', 'Khách đã rõ phí ship');
  console.log("          the shop resolves Tuấn's conversation");
  const thanks = story.thanks(Date.now());
  await play(stack, api, thanks);
  const shortMessage = story.shortMessage(Date.now());
  await play(stack, api, shortMessage);

  const dayClaims = (day: Awaited<ReturnType<typeof readDay>>): Claim[] =>
    day ? claimsOfDay(story, day, thanks) : [{ says: 'everybody has a timeline', holds: false }];
  const day = await look(() => readDay(api, story), dayClaims);
  const [complaint] = story.scenes.filter(({ who }) => who === 'Lan');
  if (day && complaint) console.log(dayPage(day, complaint, Date.now()));
  console.log(`${heading('As played?')}\n${claimLines(dayClaims(day))}`);
  if (!day) return false;

  const connection = toolConnection(process.env, 'demo');
  const scenes = [...story.scenes, thanks, shortMessage];
  const topicClaims = (events: Awaited<ReturnType<typeof readTopics>>) => claimsOfTopics(events, scenes, day);
  const events = await onBroker(connection, () => look(() => readTopics(connection, story, day), topicClaims));
  console.log(`${heading(`The same from Kafka, ${connection.brokers.join(',')}`)}\n${eventTable(events)}`);
  console.log(`${heading('As played?')}\n${claimLines(topicClaims(events))}`);

  const claims = [...dayClaims(day), ...topicClaims(events)];
  const broken = claims.filter(({ holds }) => !holds).length;
  const command = `curl -H "Authorization: Bearer <token>" ${stack.core}/v1/people/${day.lan.person.id}/timeline`;
  console.log(
    broken === 0
      ? `\nAll ${claims.length} statements hold. Look yourself: ${command}`
      : `\n${broken} of ${claims.length} statements do not hold.`,
  );
  return broken === 0;
}

process.exitCode = (await demo()) ? 0 : 1;
