import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TOPICS } from '@lienmach/contracts';
import {
  demo,
  facebookMessages,
  Pipeline,
  ShiftedClock,
  startStack,
  waitUntil,
  writeAccountsFile,
  type TopicEvent,
} from '../support/index.js';

const MINUTE = 60_000;
const PSID = '7300000000000001';

describe('a customer whom nobody answers', () => {
  const clock = new ShiftedClock();
  let pipeline: Pipeline;

  beforeAll(async () => {
    const stack = await startStack(['core', 'adapter-facebook'], {
      ACCOUNTS_FILE: writeAccountsFile(),
      ...clock.settings,
    });
    pipeline = new Pipeline(stack);
  }, 120_000);
  afterAll(() => pipeline?.stop(), 30_000);

  const pass = (minutes: number): void => clock.setAhead(minutes * MINUTE);
  const write = async (mid: string, at: number, byPage = false): Promise<void> => {
    const message = { psid: PSID, mid, at, text: 'Shop ơi, đơn của em đâu?', byPage };
    expect(await pipeline.send(facebookMessages([message]))).toMatchObject({ status: 200 });
  };
  const told = (count: number): Promise<TopicEvent[]> =>
    waitUntil(`${count} events of the target`, async () => {
      const events = await pipeline.events(TOPICS.targetEvents);
      return events.length === count ? events : undefined;
    });
  async function stage(): Promise<string> {
    const [person] = await pipeline.api.peopleOf('fb_psid', PSID, demo.page);
    const [item] = await pipeline.api.timeline(person!);
    return (await pipeline.api.conversation(item!.conversationId as string)).clock.stage;
  }

  it('is told of after half an hour and after an hour, also when core was away at that moment', async () => {
    // a broker refuses records from more than an hour ahead
    const start = Date.now() - 20 * MINUTE;
    await write('m-1', start);
    await told(1);
    expect(await stage()).toBe('running');
    pass(11);
    await told(2);
    expect(await stage()).toBe('warned');

    const core = pipeline.app('core');
    await core.kill();
    pass(45);
    await core.start();
    await told(3);
    expect(await stage()).toBe('breached');

    await write('m-2', start + 62 * MINUTE, true);
    const events = await told(4);
    const minutes = (from: string, to: string) => (Date.parse(to) - Date.parse(from)) / MINUTE;
    expect(
      events.map(({ type, data }) => [
        type,
        minutes(new Date(start).toISOString(), data['startedAt'] as string),
        data['wallMs'],
      ]),
    ).toEqual([
      ['target.started', 0, 0],
      ['target.warned', 0, 30 * MINUTE],
      ['target.breached', 0, 60 * MINUTE],
      ['target.stopped', 0, 62 * MINUTE],
    ]);
    expect(await stage()).toBe('stopped');
  }, 90_000);
});
