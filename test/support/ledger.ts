import { setTimeout as pause } from 'node:timers/promises';
import { expect } from '@jest/globals';
import { channelTopic, TOPICS } from '@lienmach/contracts';
import { demo } from './accounts.js';
import type { Pipeline, TopicEvent } from './pipeline.js';
import { waitUntil } from './wait.js';
import { callRequest, facebookMessages, type Answer, type Webhook } from './webhooks.js';

/** An event that a vendor has to tell; `id` is the vendor's, `item` the message's or the call's. */
export interface Entry {
  id: string;
  item: string;
  thread: string;
  customer: string;
  webhook: Webhook;
}

/** What came back for one attempt; undefined: the connection broke. */
export type Attempt = Answer | undefined;

export interface SettleOptions {
  /** Milliseconds until everything must be threaded and published; by default a minute. */
  within?: number;
  /** False when the vendor itself sent it in another order than it happened: then only the timelines have it. */
  ordered?: boolean;
}

const CALL_EVENTS = ['ringing', 'answered', 'ended'] as const;

/**
 * Both vendors in one: tells events, remembers what was acknowledged, repeats what was not, and compares all of it with topics and timelines.
 * Writers (`w…`) write to the Fanpage, callers (`+84…`) call; each does one thing after another, so that a thread has an order to keep.
 */
export class Ledger {
  readonly entries = new Map<string, Entry>();
  readonly acknowledged = new Set<string>();
  readonly attempts: Answer[] = [];
  private readonly numbers = new Map<string, number>();
  private clock = Date.now() - 60_000;

  constructor(private readonly pipeline: Pipeline) {}

  /** The next message of a writer. */
  message(writer: string): Entry {
    const id = `m_${writer}_${this.next(writer)}`;
    const webhook = facebookMessages([{ mid: id, psid: writer, text: id, at: this.tick() }]);
    return this.note({ id, item: id, thread: writer, customer: writer, webhook });
  }

  /** The next event of a caller: three make a call. */
  callEvent(caller: string): Entry {
    const number = this.next(caller);
    const event = CALL_EVENTS[number % 3] as (typeof CALL_EVENTS)[number];
    const callId = `c_${caller.slice(1)}_${Math.floor(number / 3)}`;
    const id = `${callId}_${event}`;
    const webhook = callRequest({ eventId: id, callId, event, customerNumber: caller, at: this.tick() });
    return this.note({ id, item: callId, thread: callId, customer: caller, webhook });
  }

  nextOf(customer: string): Entry {
    return customer.startsWith('+') ? this.callEvent(customer) : this.message(customer);
  }

  /** Sends it once. */
  async attempt({ id, webhook }: Entry): Promise<Attempt> {
    let answer: Answer;
    try {
      answer = await this.pipeline.send(webhook);
    } catch (error) {
      // a process that was killed refuses or breaks the connection: the vendor repeats
      if (error instanceof TypeError) return undefined;
      throw error;
    }
    this.attempts.push(answer);
    if (answer.status === 200) this.acknowledged.add(id);
    else expect(answer).toMatchObject({ status: 503, retryAfter: expect.any(Number) });
    return answer;
  }

  /** Sends it until it is acknowledged. */
  async deliver(entry: Entry, within = 60_000): Promise<void> {
    await waitUntil(
      `the acknowledgement of ${entry.id}`,
      async () => (await this.attempt(entry))?.status === 200 || undefined,
      { within, every: 100 },
    );
  }

  get refusals(): Answer[] {
    return this.attempts.filter(({ status }) => status === 503);
  }

  /**
   * Waits until everything told is threaded and published, then compares: told = acknowledged = topics = interactions = timelines,
   * each thread in its order, nothing twice where it may stand once only.
   */
  async settle({ within = 60_000, ordered = true }: SettleOptions = {}): Promise<void> {
    try {
      expect(sorted(this.acknowledged)).toEqual(sorted(this.entries.keys()));
      await waitUntil(
        `${this.entries.size} events to be stored, threaded and published`,
        async () => (await this.stored()) >= this.entries.size && this.pipeline.isIdle(),
        { within, every: 200 },
      );
      expect(await this.stored()).toBe(this.entries.size);
      await this.compareTopics(ordered);
      await this.compareInteractions(ordered);
      await this.compareStates(await this.compareTimelines());
    } catch (error) {
      (error as Error).message += `\n${this.pipeline.logs()}`;
      throw error;
    }
  }

  private async stored(): Promise<number> {
    const [row] = await this.pipeline.sql<{ stored: string }>('SELECT count(*) AS stored FROM core.event');
    return Number(row?.stored);
  }

  private async compareTopics(ordered: boolean): Promise<void> {
    const events = [
      ...(await this.pipeline.events(channelTopic('facebook'))),
      ...(await this.pipeline.events(channelTopic('call'))),
    ];
    this.compareEvents(events, ordered);
  }

  /** An event may be published twice, as the same event. */
  private async compareInteractions(ordered: boolean): Promise<void> {
    const events = await this.pipeline.events(TOPICS.interactionEvents);
    this.compareEvents(events, ordered);
    expect(new Set(events.map(({ id }) => id)).size).toBe(this.entries.size);
  }

  private compareEvents(events: TopicEvent[], ordered: boolean): void {
    const first = new Map<string, TopicEvent>();
    for (const event of events) {
      const known = first.get(event.data.vendorEventId);
      if (known) expect(event.id).toBe(known.id);
      else first.set(event.data.vendorEventId, event);
    }
    expect(sorted(first.keys())).toEqual(sorted(this.entries.keys()));
    if (!ordered) return;
    const found = groups([...first].map(([id, { data }]) => [data.thread, id]));
    const told = groups([...this.entries.values()].map(({ thread, id }) => [thread, id]));
    expect(Object.fromEntries(found)).toEqual(Object.fromEntries(told));
  }

  /** @returns ids of the conversations that the timelines name */
  private async compareTimelines(): Promise<Set<string>> {
    const { api } = this.pipeline;
    const conversations = new Set<string>();
    const told = groups([...this.entries.values()].map(({ customer, item }) => [customer, item]));
    for (const [customer, items] of told) {
      const people = customer.startsWith('+')
        ? await api.peopleOf('phone', customer)
        : await api.peopleOf('fb_psid', customer, demo.page);
      expect(people).toHaveLength(1);
      const shown = await api.timeline(people[0] as string);
      expect(shown.map(({ text, call }) => call?.id ?? text)).toEqual([...new Set(items)]);
      for (const { conversationId } of shown) conversations.add(conversationId as string);
    }
    return conversations;
  }

  /** The last word of the compacted topic is what the API says. */
  private async compareStates(conversations: Set<string>): Promise<void> {
    const last = new Map<string, string>();
    for (const { key, value } of await this.pipeline.records(TOPICS.conversationState)) {
      last.set(String(key), String(value));
    }
    for (const id of conversations) {
      const { state, personId, channels, clock } = await this.pipeline.api.conversation(id);
      expect(JSON.parse(last.get(id) ?? 'null')).toMatchObject({
        state,
        personId,
        channels,
        clock: { waitingSince: clock.waitingSince, stoppedBy: clock.stoppedBy },
      });
    }
  }

  private next(customer: string): number {
    const number = this.numbers.get(customer) ?? 0;
    this.numbers.set(customer, number + 1);
    return number;
  }

  /** Event times of a run differ, so that a timeline has one order. */
  private tick(): number {
    this.clock += 1;
    return this.clock;
  }

  private note(entry: Entry): Entry {
    this.entries.set(entry.id, entry);
    return entry;
  }
}

/** Customers who write and call until they are told to stop. */
export class Load {
  private running = true;
  private failure: Error | undefined;
  private readonly workers: Promise<void>[];

  /**
   * @param customers psids, and phone numbers that begin with +84
   * @param gapMs between two events of a customer
   */
  constructor(
    private readonly ledger: Ledger,
    customers: readonly string[],
    private readonly gapMs = 40,
  ) {
    this.workers = customers.map((customer) =>
      this.work(customer).catch((error: Error) => {
        this.failure ??= error;
      }),
    );
  }

  /** Resolves when `count` more events have been acknowledged. */
  async progress(count: number, within = 30_000): Promise<void> {
    const before = this.ledger.acknowledged.size;
    await waitUntil(`${count} more acknowledged events`, () => this.ledger.acknowledged.size >= before + count, {
      within,
    });
  }

  /** Lets each customer finish what is under way: every event told is acknowledged. */
  async stop(): Promise<void> {
    this.running = false;
    await Promise.all(this.workers);
    if (this.failure) throw this.failure;
  }

  private async work(customer: string): Promise<void> {
    while (this.running) {
      await this.ledger.deliver(this.ledger.nextOf(customer));
      await pause(this.gapMs);
    }
  }
}

/** Psids of `writers` and numbers of `callers` people. */
export const customers = (writers: number, callers: number): string[] => [
  ...Array.from({ length: writers }, (_, number) => `${7_000_000_000_000_000 + number}`),
  ...Array.from({ length: callers }, (_, number) => `+8490${5_000_000 + number}`),
];

const sorted = (ids: Iterable<string>) => [...ids].sort();

function groups(pairs: [string, string][]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const [group, member] of pairs) found.set(group, [...(found.get(group) ?? []), member]);
  return found;
}
