import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as textOf } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { channelTopic, type ChannelEvent } from '@lienmach/contracts';
import { createGatheringProducer, kafkaConnectionFromEnv, readToEnd } from '@lienmach/kafka';
import type { AppProcess } from '@lienmach/tools';
import pg from 'pg';
import {
  createTopics,
  demo,
  newSettings,
  replyRecord,
  startApp,
  waitUntil,
  writeAccountsFile,
  type Settings,
} from '../support/index.js';

jest.setTimeout(180_000);

const REPLIES = 100;
const THREADS = 25;

/** What the vendor does with a call: whether he has the message by then, and what of an answer comes back. */
type Trouble = 'taken' | 'busy' | 'rate-limited' | 'silent' | 'half-answer' | 'half-page' | 'cut-off' | 'refused';

/** In turns, by reply: what its first call meets; every later one is taken. */
const FIRST: readonly Trouble[] = [
  'taken',
  'busy',
  'half-answer',
  'taken',
  'rate-limited',
  'cut-off',
  'refused',
  'taken',
  'half-page',
  'silent',
];
/** Nobody can know whether the vendor has it: it is told so, and never sent again. */
const UNSURE: ReadonlySet<Trouble> = new Set(['silent', 'half-answer', 'half-page', 'cut-off']);

const told: Readonly<Record<Trouble, string>> = {
  taken: 'message.sent',
  busy: 'message.sent',
  'rate-limited': 'message.sent',
  refused: 'message.failed',
  silent: 'message.unconfirmed',
  'half-answer': 'message.unconfirmed',
  'half-page': 'message.unconfirmed',
  'cut-off': 'message.unconfirmed',
};

interface Call {
  id: string;
  thread: string;
  number: number;
  trouble: Trouble;
}

/** A vendor in trouble, for FACEBOOK_GRAPH_URL. */
class TroubledVendor {
  readonly calls: Call[] = [];
  readonly sentBefore = new Map<string, number>();
  private readonly server: Server = createServer((request, response) => {
    void textOf(request).then((body) => this.answer(body, response));
  });

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private answer(body: string, response: ServerResponse): void {
    const { recipient, message } = JSON.parse(body) as {
      recipient: { id: string };
      message: { text: string; metadata: string };
    };
    const number = Number(message.text);
    const again = this.calls.some(({ id }) => id === message.metadata);
    const trouble = again ? 'taken' : FIRST[number % FIRST.length]!;
    this.calls.push({ id: message.metadata, thread: recipient.id, number, trouble });
    const json = { 'content-type': 'application/json' };
    const success = JSON.stringify({ recipient_id: recipient.id, message_id: `m_${message.metadata}` });
    const error = (code: number) => JSON.stringify({ error: { code, message: 'x' } });
    switch (trouble) {
      case 'taken':
        return void response.writeHead(200, json).end(success);
      case 'busy':
        return void response.writeHead(500, json).end(error(2));
      case 'rate-limited':
        return void response.writeHead(429, json).end(error(613));
      case 'refused':
        return void response.writeHead(400, json).end(error(100));
      case 'silent':
        return;
      case 'half-answer':
        // less than the head promised, then the line is cut
        response.writeHead(200, { ...json, 'content-length': success.length }).write(success.slice(0, 20));
        return void setTimeout(() => response.destroy(), 50);
      case 'half-page':
        return void response.writeHead(502, { 'content-type': 'text/html' }).end('<html><body>Bad gate');
      case 'cut-off':
        return void response.destroy();
    }
  }
}

describe('a hundred replies while the vendor is in trouble', () => {
  const vendor = new TroubledVendor();
  let settings: Settings;
  let adapter: AppProcess;
  let database: pg.Pool;

  beforeAll(async () => {
    await vendor.start();
    settings = await newSettings({ ACCOUNTS_FILE: writeAccountsFile(), FACEBOOK_GRAPH_URL: vendor.url });
    await createTopics(settings);
    database = new pg.Pool({ connectionString: settings['DATABASE_URL'], max: 2 });
    adapter = await startApp('adapter-facebook', settings);
  });

  afterAll(async () => {
    await adapter?.stop();
    await database?.end();
    vendor.stop();
  });

  const events = async (): Promise<ChannelEvent[]> => {
    const found: ChannelEvent[] = [];
    await readToEnd(kafkaConnectionFromEnv(settings, 'test'), channelTopic('facebook'), ({ value }) => {
      found.push(JSON.parse(String(value)) as ChannelEvent);
    });
    return found;
  };

  it('each go out at most once, in the order of their thread, and are told what became of them', async () => {
    const producer = createGatheringProducer(kafkaConnectionFromEnv(settings, 'test'));
    const ids: string[] = [];
    for (let number = 0; number < REPLIES; number += 1) {
      const thread = `customer-${number % THREADS}`;
      const { id, record } = replyRecord({
        tenant: demo.tenant,
        data: {
          channel: 'facebook',
          vendor: 'facebook',
          account: demo.page,
          thread,
          to: { type: 'fb_psid', scope: demo.page, value: thread },
          text: String(number),
        },
      });
      ids.push(id);
      await producer.send([record], { deadlineMs: 10_000 });
    }
    await producer.close();

    // the page is held for a minute after each refusal for its rate: nobody waits for it here
    const impatience = setInterval(
      () => void database.query('DELETE FROM channel.outbound_pause').catch(() => undefined),
      200,
    );
    let outcomes = new Map<string, string>();
    try {
      await waitUntil(
        'every reply to be told',
        async () => {
          outcomes = new Map(
            (await events()).map(({ type, data }) => [data.vendorEventId.slice(0, ids[0]!.length), type]),
          );
          return ids.every((id) => outcomes.has(id)) || undefined;
        },
        { within: 120_000 },
      );
    } finally {
      clearInterval(impatience);
    }

    ids.forEach((id, number) => {
      const trouble = FIRST[number % FIRST.length]!;
      const calls = vendor.calls.filter((call) => call.id === id);
      const isRepeated = trouble === 'busy' || trouble === 'rate-limited';
      expect([number, trouble, outcomes.get(id), calls.length]).toEqual([
        number,
        trouble,
        told[trouble],
        isRepeated ? 2 : 1,
      ]);
    });
    expect(ids.filter((_, number) => UNSURE.has(FIRST[number % FIRST.length]!))).toHaveLength(40);
    for (let thread = 0; thread < THREADS; thread += 1) {
      const numbers = vendor.calls.flatMap((call) => (call.thread === `customer-${thread}` ? [call.number] : []));
      expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
    }
  });
});
