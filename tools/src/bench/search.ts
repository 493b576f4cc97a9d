import { Api } from './api.js';
import type { BenchContext } from './bench-context.js';
import { absolute, type Measure } from './measure.js';
import { messageText, type Random, random } from './search-texts.js';
import { percentile, spread } from './statistics.js';
import { EACH, fillMessages } from './stored-messages.js';

/** What people look for, from what is in every message to what is in none. */
const QUERIES: Record<string, (numbers: Random, messages: number) => string> = {
  'a common word': () => 'shop',
  'two common words': () => 'giao hang',
  'with accents': (numbers) => messageText(numbers, 0).split(' ').slice(1, 4).join(' '),
  'without accents': (numbers) =>
    messageText(numbers, 0)
      .split(' ')
      .slice(1, 4)
      .join(' ')
      .normalize('NFD')
      .replace(/[\u0300-\u036f]/g, ''),
  'an order code': (numbers, messages) => `DH${100_000 + numbers.below(messages)}`,
  'the end of a number': (numbers) => String(10_000 + numbers.below(90_000)),
  'a whole number': (numbers) => `09${String(numbers.below(100_000_000)).padStart(8, '0')}`,
  'a name': (numbers) => ['ngoc anh', 'Đặng Văn Khôi', 'tran thi lan', 'Nguyễn'][numbers.below(4)]!,
  'what is nowhere': (numbers) => `zq${numbers.below(1_000)} shop`,
};

/** The API's answers to people who search a year of messages, one after the other, each query another text. */
export async function measureSearch(context: BenchContext): Promise<Measure[]> {
  const { servers, quick, wanted, say } = context;
  const messages = quick ? 50_000 : 1_000_000;
  const stack = await servers.newStack('search');
  await fillMessages(stack, messages);
  say(`search: ${messages} messages are stored`);
  const core = await stack.app('core', { CORE_ROLES: 'api' });
  const api = new Api(core.url, servers.adminToken);
  try {
    const numbers = random(2);
    const times = new Map(Object.keys(QUERIES).map((name) => [name, [] as number[]]));
    const rounds = quick ? 10 : 40;
    for (let round = -2; round < rounds; round += 1) {
      for (const [name, query] of Object.entries(QUERIES)) {
        const path = `/v1/search?limit=20&q=${encodeURIComponent(query(numbers, messages))}`;
        const began = performance.now();
        await api.read(path);
        if (round >= 0) times.get(name)!.push(performance.now() - began); // the first two only warm up
      }
    }
    const all = [...times.values()].flat();
    for (const [name, some] of times)
      say(`search, ${name}: p50 ${percentile(some, 0.5).toFixed(1)} ms, p95 ${percentile(some, 0.95).toFixed(1)} ms`);
    const worst = [...times].map(([name, some]) => `${name} ${percentile(some, 0.95).toFixed(1)}`).join(', ');
    const detail = `${messages} messages of ${messages / EACH} people, ${all.length} searches for both, one at a time; p95 of each kind: ${worst}`;
    return [
      absolute('search-p50-ms', 'ms', spread([percentile(all, 0.5)]), 20, detail),
      absolute('search-p95-ms', 'ms', spread([percentile(all, 0.95)]), 50, detail),
    ].filter(({ name }) => wanted.has(name));
  } finally {
    api.close();
    await core.stop();
    await stack.discard();
  }
}
