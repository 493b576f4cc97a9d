import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventId, type ChannelEvent } from '@lienmach/contracts';
import type { DataSource } from 'typeorm';
import {
  createDataSource,
  IngestPipeline,
  ResolveService,
  type PeopleDto,
  type ProblemDto,
  type SearchDto,
  type TimelineEntry,
} from '../../../apps/core/src/public.js';
import { stretchOf } from '../core/core-database.js';
import { MINUTE, edit, message, phone, removal, reply, told } from '../core/stories.js';
import { seedEvidence, seedIdentifier, seedPerson } from './seed.js';
import { newWorld, type World } from './world.js';

let world: World;
let source: DataSource;
beforeAll(async () => {
  world = await newWorld();
  source = await createDataSource({ url: world.databaseUrl, role: 'lienmach_ingest' }).initialize();
}, 60_000);
afterAll(async () => {
  await source?.destroy();
  await world?.close();
});

/** Takes events in as core does. */
async function take(...events: ChannelEvent[]): Promise<void> {
  const pipeline = new IngestPipeline({
    factsOf: (tenant) => ({ secret: Buffer.alloc(32, tenant), ownNumbers: [], brandOf: () => tenant }),
  });
  const { placed, rejected } = pipeline.read(stretchOf(events, 0n).records);
  expect(rejected).toEqual([]);
  await source.transaction((manager) => pipeline.store(manager, [placed]));
  while ((await new ResolveService(source).resolveSome(500)).marks > 0);
}

const ofTenant = (tenant: string, event: ChannelEvent): ChannelEvent => {
  const { channel, account, data } = event;
  return { ...event, tenant, id: eventId({ tenant, channel, vendor: data.vendor, account }, data.vendorEventId) };
};

async function get<T>(path: string, q: string, rest = '', token?: string): Promise<T> {
  const { status, body } = await world.ask<T>('GET', `${path}?q=${encodeURIComponent(q)}${rest}`, { token });
  expect([q, status]).toEqual([q, 200]);
  return body;
}

const search = (q: string, rest?: string, token?: string): Promise<SearchDto> => get('/v1/search', q, rest, token);
const textsOf = (items: readonly TimelineEntry[]) => items.map((item) => ('text' in item ? item.text : null));
const texts = async (q: string, token?: string) => textsOf((await search(q, '', token)).items);
const people = async (q: string): Promise<string[]> =>
  (await get<PeopleDto>('/v1/people', q)).items.map(({ id }) => id);

/** `find` gives the same for each. */
async function same<T>(find: (q: string) => Promise<T>, queries: readonly string[], wanted: T): Promise<void> {
  for (const q of queries) expect([q, await find(q)]).toEqual([q, wanted]);
}

describe('the search for messages', () => {
  it('finds by words with and without accents, in any order, the last by its beginning', async () => {
    const text = 'Áo ĐẦM lụa này còn hàng không shop?';
    await take(message('accents', 'accents-1', 1, text), message('accents', 'accents-2', 2, 'ao dam lua het chua'));

    await same(texts, ['áo đầm lụa', 'ao dam lua', 'LỤA ĐẦM', 'dam… ao, #lua'], ['ao dam lua het chua', text]);
    await same(texts, ['đầm lụa còn hàng', 'dam lua con han'], [text]);
    await same(texts, ['đầm lụa xanh', 'am lua', 'dam lụ'], []);
  });

  it('finds by an order code, its beginning and its number', async () => {
    const text = 'Đơn DH-2026-0522 của em đâu?';
    await take(message('order', 'order-1', 1, text), message('order', 'order-2', 2, 'đơn SPX99817 đâu'));

    await same(texts, ['DH-2026-0522', 'dh 0522', 'đơn 2026-0522'], [text]);
    await same(texts, ['SPX99817', 'spx998', '99817', 'SPX-99817'], ['đơn SPX99817 đâu']);
    await same(texts, ['SPX99818'], []);
  });

  it('finds by a part of a telephone number, however it is written', async () => {
    const [one, two] = ['gọi em 0900.000.417 nhé', 'số cũ 0168 345 6417'];
    await take(message('number', 'number-1', 1, one), message('number', 'number-2', 2, two));

    await same(texts, ['0900000417', '0900 000 417', '+84900000417', '84 900 000 417', '00417', '0.000.417'], [one]);
    await same(texts, ['01683456417', '0383456417', '3456', '83456'], [two]);
    await same(texts, ['417'], [two, one]);
    await same(texts, ['0900000418'], []);
  });

  it('finds a mail by its subject and whole text, a call by its transcript, a form by its fields', async () => {
    const rest = { channel: 'facebook', account: 'page-1', author: 'customer', ms: 1 } as const;
    const customer = { type: 'fb_psid', scope: 'page-1', value: 'kinds' } as const;
    const content = { text: 'Vâng ạ', attachments: [], replyTo: null };
    const mail = { content, claims: [], subject: 'Re: Khiếu nại vỡ kính', fullText: 'Vâng ạ\n> Giao nhầm kiện' };
    const call = { callId: 'c-1', legId: null, hotline: null, agent: null, queue: null, durationSeconds: null };
    await take(
      told({ ...rest, type: 'message.received', thread: 'm', vendorEventId: 'mail-1', customer, data: mail }),
      told({
        ...rest,
        type: 'call.transcribed',
        channel: 'call',
        account: 'pbx-1',
        thread: 'c-1',
        vendorEventId: 'c-1',
        customer: phone('+84900000555'),
        data: { ...call, talkSeconds: null, cause: null, endedBy: null, transcript: 'alo cho tôi huỷ chuyến' },
      }),
      told({
        ...rest,
        type: 'form.submitted',
        thread: 'f',
        vendorEventId: 'form-1',
        customer,
        data: { fields: [{ name: 'district', value: 'Bình Thạnh' }], claims: [] },
      }),
    );
    const kinds = async (q: string) => (await search(q)).items.map(({ kind }) => kind);

    await same(kinds, ['khieu nai', 'vo kinh', 'giao nham kien'], ['message']);
    await same(kinds, ['huy chuyen'], ['call']);
    await same(kinds, ['binh thanh'], ['form']);
  });

  it('finds an edited message by its new text alone, a removed one not at all, in whichever order that came', async () => {
    const before = [message('edit', 'edit-1', 1, 'giá cũ sai bét'), message('gone', 'gone-1', 1, 'mật khẩu hớ hênh')];
    await take(...before);
    await same(texts, ['sai bét'], ['giá cũ sai bét']);
    await same(texts, ['hớ hênh'], ['mật khẩu hớ hênh']);

    await take(edit('edit', 'edit-1', 2), removal('gone', 'gone-1', 2));
    await same(texts, ['sai bét', 'hớ hênh'], []);
    await same(texts, ['đã sửa'], ['đã sửa']);

    await take(removal('early', 'early-1', 2));
    await take(message('early', 'early-1', 1, 'lời rút lại từ sớm'));
    await same(texts, ['rút lại từ sớm'], []);
  });

  it("says of each what the timeline says, and whose it is; not who wrote it, but what was said, also by the business's own people", async () => {
    await take(
      message('whole', 'whole-1', 1, 'Tủ quần áo cánh lùa'),
      ...[reply('whole', 'whole-2', MINUTE)].map((event) => ({
        ...event,
        data: { ...event.data, content: { text: 'Cánh lùa hết ạ', attachments: [], replyTo: null } } as never,
      })),
    );

    const { items, people: nobody } = await search('cánh lùa');
    const timeline = await world.ask<{ items: unknown[] }>('GET', `/v1/people/${items[0]!.personId}/timeline`);

    expect(textsOf(items)).toEqual(['Cánh lùa hết ạ', 'Tủ quần áo cánh lùa']);
    expect(items).toEqual(timeline.body.items);
    expect(nobody).toEqual([]);
  });

  it('pages, the newest first, each once, also when many are of one moment and words are in few of very many', async () => {
    const wanted = Array.from({ length: 7 }, (_, n) =>
      message('page', `page-${n}`, n < 4 ? 5 : n, `thứ ${n} trong dãy`),
    );
    await take(...wanted);
    // more than the newest of all that are looked through first; newer than what is wanted
    await world.sql(
      `INSERT INTO core.item_words (tenant, item_id, at, words)
       SELECT 'demo', gen_random_uuid(), '2027-01-01'::timestamptz + n * interval '1 s', 'other'::tsvector FROM generate_series(1, 6000) AS n`,
    );
    const found: SearchDto['items'] = [];
    for (let next: string | null = ''; next !== null;) {
      const page: SearchDto = await search('trong day', `&limit=3${next && `&cursor=${next}`}`);
      expect(page.items.length).toBeLessThanOrEqual(3);
      found.push(...page.items);
      next = page.next;
    }

    expect([textsOf(found).at(0), textsOf(found).at(-1)]).toEqual(['thứ 6 trong dãy', 'thứ 4 trong dãy']);
    expect(textsOf(found).sort()).toEqual([0, 1, 2, 3, 4, 5, 6].map((n) => `thứ ${n} trong dãy`));
    await world.sql(`DELETE FROM core.item_words WHERE words = 'other'::tsvector`);
  });

  it('gives the newest in order, wherever among very many they lie', async () => {
    // every 1500th of 40000: the first look fills a third of a page, the second the rest; older ones come from the index
    await world.sql(
      `INSERT INTO core.item_words (tenant, item_id, at, words)
       SELECT 'demo', gen_random_uuid(), '2027-01-01'::timestamptz + n * interval '1 s', (CASE n % 1500 WHEN 0 THEN 'strewn' ELSE 'other' END)::tsvector
       FROM generate_series(1, 40000) AS n`,
    );
    const strewn = (await world.sql<{ id: string }>(
      `SELECT item_id AS id FROM core.item_words WHERE words @@ 'strewn' ORDER BY at DESC, item_id DESC`,
    )) as { id: string }[];
    const api = await createDataSource({ url: world.databaseUrl, role: 'lienmach_api' }).initialize();
    const first = (most: number): Promise<{ id: string }[]> =>
      api.transaction(async (manager) => {
        await manager.query(`SELECT set_config('app.tenant', 'demo', true)`);
        return manager.query(
          `SELECT item_id AS id FROM core.search_items('strewn', 'infinity', 'ffffffff-ffff-ffff-ffff-ffffffffffff', $1)`,
          [most],
        );
      });

    expect(strewn).toHaveLength(26);
    for (const most of [2, 3, 10, 17, 26, 30]) expect([most, await first(most)]).toEqual([most, strewn.slice(0, most)]);
    await api.destroy();
    await world.sql(`DELETE FROM core.item_words WHERE words IN ('other', 'strewn')`);
  });

  it("never gives another tenant's messages, even where both write the same", async () => {
    const text = 'bí mật của hai shop giống nhau';
    await take(message('same', 'same-1', 1, text), ofTenant('other', message('same', 'same-1', 1, text)));
    const [own, foreign] = [await search(text), await search(text, '', await world.token('other', 'agent'))];

    for (const { items } of [own, foreign]) expect(textsOf(items)).toEqual([text]);
    expect(own.items[0]!.personId).not.toBe(foreign.items[0]!.personId);
    const api = await createDataSource({ url: world.databaseUrl, role: 'lienmach_api' }).initialize();
    const place = `'infinity', 'ffffffff-ffff-ffff-ffff-ffffffffffff', 100`;
    expect(await api.query(`SELECT * FROM core.search_items('!nothing', ${place})`)).toEqual([]);
    expect(await api.query(`SELECT * FROM core.search_identifiers('!nothing', 100)`)).toEqual([]);
    await expect(api.query('SELECT FROM core.item_words')).rejects.toThrow(/permission denied/);
    await api.destroy();
  });

  it('shows analysts what they find masked', async () => {
    await take(message('masked', 'masked-1', 1, 'chuyển hẹn sang 0900 000 733'));

    expect(await texts('chuyển hẹn', await world.token('demo', 'analyst'))).toEqual(['chuyển hẹn sang ***733']);
  });
});

describe('the search for people', () => {
  it('finds by name with and without accents, by number in any notation and in part, by address, by any identifier, and by a claim', async () => {
    const chat = await seedIdentifier(world, { name: 'Đặng Thị Ngọc Ánh', value: '5551112223334' });
    const number = await seedIdentifier(world, { type: 'phone', scope: null, value: '+84900000777' });
    const person = await seedPerson(world, [chat, number]);
    const mail = await seedIdentifier(world, { type: 'email', scope: null, value: 'ngoc.anh@example.com' });
    await seedEvidence(world, { kind: 'claim', a: chat.id, b: mail.id });

    await same(people, ['ngọc ánh', 'NGOC ANH', 'dang thi', 'ánh đặng', 'ngoc_anh'], [person]);
    await same(people, ['0900 000 777', '+84900000777', '000777', '84 900 000 777'], [person]);
    await same(people, ['ngoc.anh@EXAMPLE.com', 'ngoc.anh@exam', '5551112223334', '55511122'], [person]);
    await same(people, ['0900 000 778', 'goc anh'], []);
  });

  it('folds names as it folds what is asked for', async () => {
    const names = [
      'Ðỗ Ứng',
      '𝐒𝐡𝐨𝐩 Thỏ',
      'ＬÂＭ',
      'Müller Øst',
      'Nguyễn'.normalize('NFD'),
      'Ý Nhi (Bé)',
      "D'Arc-Lê",
      '김 민수',
    ];
    for (const name of names) {
      const person = await seedPerson(world, [await seedIdentifier(world, { name })]);
      expect([name, await people(name)]).toEqual([name, [person]]);
    }
  });

  it('finds by a code in their messages, those who wrote it and those who were written to', async () => {
    await take(message('coded', 'coded-1', 1, 'đơn GHN771203 ạ'), reply('coded', 'coded-2', 2));
    const [person] = await people('GHN771203');

    expect(person).toBe((await search('GHN771203')).items[0]!.personId);
    await same(people, ['ghn7712', '#GHN771203'], [person]);
    await same(people, ['GHN771204'], []);
  });

  it('stands beside messages on the first page alone', async () => {
    const person = await seedPerson(world, [await seedIdentifier(world, { name: 'Trần Tứ Quý' })]);
    await take(message('beside', 'b-1', 1, 'nhờ anh Tứ Quý'), message('beside', 'b-2', 2, 'anh Tứ Quý ơi'));

    const first = await search('tu quy', '&limit=1');
    const second = await search('tu quy', `&limit=1&cursor=${first.next}`);

    expect(first.people.map(({ id, name }) => ({ id, name }))).toEqual([{ id: person, name: 'Trần Tứ Quý' }]);
    expect([second.people, textsOf(second.items), second.next]).toEqual([[], ['nhờ anh Tứ Quý'], null]);
  });

  it('pages, the latest active first', async () => {
    const made: string[] = [];
    for (let n = 0; n < 7; n += 1) {
      const person = await seedPerson(world, [await seedIdentifier(world, { name: 'Trùng Tên' })]);
      await world.sql('UPDATE core.person SET last_at = $2 WHERE id = $1', [person, n < 2 ? null : `2026-11-0${n}`]);
      made.push(person);
    }

    const found: string[] = [];
    for (let next: string | null = ''; next !== null;) {
      const page: PeopleDto = await get('/v1/people', 'trung ten', `&limit=3${next && `&cursor=${next}`}`);
      found.push(...page.items.map(({ id }) => id));
      next = page.next;
    }

    expect(found.slice(0, 5)).toEqual(made.slice(2).reverse());
    expect([...found].sort()).toEqual([...made].sort());
  });
});

describe.each(['/v1/search', '/v1/people'])('%s', (path) => {
  it.each([
    ['nothing', ''],
    ['an empty text', '?q='],
    ['one letter', '?q=x'],
    ['no letter or digit', '?q=%25%26%7C'],
    ['too much', `?q=${'a'.repeat(201)}`],
    ['two texts', '?q=ab&q=cd'],
  ])('answers %s with a problem that names q', async (_what, query) => {
    const { status, headers, body } = await world.ask<ProblemDto>('GET', `${path}${query}`);

    expect([status, headers['content-type']]).toEqual([422, 'application/problem+json; charset=utf-8']);
    expect(body).toMatchObject({ type: 'urn:lienmach:problem:invalid', errors: [{ field: 'q' }] });
  });

  it('answers whatever somebody types', async () => {
    for (const q of [
      "a'; DROP TABLE core.item; --",
      'ab & !cd | (',
      'ab:*',
      '\\\\ab\0',
      '漢字',
      'x'.repeat(200),
      'a b '.repeat(50),
    ]) {
      expect([q, (await world.ask('GET', `${path}?q=${encodeURIComponent(q)}`)).status]).toEqual([q, 200]);
    }
  });

  it('refuses a cursor of the other list', async () => {
    const { body } = await world.ask<ProblemDto>('GET', `${path}?q=ab&cursor=WyJ0aW1lbGluZSIsMSwxLCJ4Il0`);

    expect(body).toMatchObject({ status: 422, errors: [{ field: 'cursor' }] });
  });
});

describe('the migration', () => {
  it('makes items findable that were stored before there was a search', async () => {
    const words = () => world.sql('SELECT * FROM core.item_words ORDER BY item_id, tenant');
    const before = await words();
    const owner = await createDataSource({ url: world.databaseUrl }).initialize();
    const exists = async () => (await world.sql(`SELECT FROM pg_class WHERE relname = 'item_words'`)).length > 0;
    while (await exists()) await owner.undoLastMigration();
    await owner.runMigrations();
    await owner.destroy();

    expect(before.length).toBeGreaterThan(10);
    expect(await words()).toEqual(before);
  });
});
