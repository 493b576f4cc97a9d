import { itemWords } from '../../../apps/core/src/public.js';
import { TENANT, type Stack } from './bench-servers.js';
import { PAGE } from './facebook-requests.js';
import { messageText, random } from './search-texts.js';

/** Messages of one customer. */
export const EACH = 10;
const AT_ONCE = 5_000;

const STATE = {
  hasBase: true,
  late: false,
  kind: 'message',
  type: 'message.received',
  channel: 'facebook',
  vendor: 'facebook',
  account: PAGE,
  direction: 'inbound',
  author: { kind: 'customer', name: null, id: null },
  attachments: [],
  replyTo: null,
  edited: false,
  removed: false,
  hidden: false,
  reactions: [],
  delivery: null,
  callState: null,
};

/** Customers with a name and, every second, with a telephone number. */
async function fillPeople({ database }: Stack, customers: number): Promise<void> {
  const name = `(ARRAY['Nguyễn','Nguyễn','Nguyễn','Trần','Lê','Phạm','Hoàng','Đặng','Bùi','Đỗ'])[1 + n % 10] || ' ' ||
    (ARRAY['Thị','Văn','Ngọc','Minh','Thanh','Hữu','Quốc'])[1 + n / 10 % 7] || ' ' ||
    (ARRAY['Ánh','Lan','Hùng','Đức','Thảo','Vy','Trang','Quân','Yến','Khôi','Như','Tú','Mai'])[1 + n / 70 % 13]`;
  const statements = [
    `INSERT INTO core.identifier (tenant, id, type, scope, value, class, name, name_at, person_seed)
     SELECT $1, md5('psid' || n)::uuid, 'fb_psid', '${PAGE}', (7000000000000000 + n)::text, 'personal', ${name}, now() - n * interval '1 min', md5('person' || n)::uuid
     FROM generate_series(0, $2::int - 1) AS n`,
    `INSERT INTO core.identifier (tenant, id, type, value, class, person_seed)
     SELECT $1, md5('phone' || n)::uuid, 'phone', '+849' || lpad((n * 37 % 100000000)::text, 8, '0'), 'personal', md5('number' || n)::uuid
     FROM generate_series(0, $2::int - 1, 2) AS n`,
    `INSERT INTO core.node (tenant, identifier_id, epoch, person_id, level)
     SELECT $1, md5(type || n)::uuid, 1, md5('person' || n)::uuid, 'corroborated'
     FROM generate_series(0, $2::int - 1) AS n, unnest(ARRAY['psid', 'phone']) AS type WHERE type = 'psid' OR n % 2 = 0`,
    `INSERT INTO core.person (tenant, id, root_identifier_id, root_epoch, last_at)
     SELECT $1, md5('person' || n)::uuid, md5('psid' || n)::uuid, 1, now() - n * interval '1 min' FROM generate_series(0, $2::int - 1) AS n`,
    `INSERT INTO core.thread (tenant, id, channel, account, thread)
     SELECT $1, md5('thread' || n)::uuid, 'facebook', '${PAGE}', (7000000000000000 + n)::text FROM generate_series(0, $2::int - 1) AS n`,
  ];
  for (const statement of statements) await database.query(statement, [TENANT, customers]);
}

/** A year of messages, in the order of time, as transaction 1 leaves them, and the people who wrote them: without the work of taking them in. */
export async function fillMessages(stack: Stack, count: number): Promise<void> {
  const { database } = stack;
  const customers = count / EACH;
  await fillPeople(stack, customers);
  const numbers = random(1);
  for (let first = 0; first < count; first += AT_ONCE) {
    const indexes = Array.from({ length: Math.min(AT_ONCE, count - first) }, (_, index) => first + index);
    const states = indexes.map((index) => ({
      ...STATE,
      thread: String(index % customers),
      text: messageText(numbers, index),
    }));
    const rows = [
      TENANT,
      indexes,
      states.map((state) => JSON.stringify(state)),
      states.map((state) => itemWords(TENANT, state as unknown as Parameters<typeof itemWords>[1])),
      count,
      customers,
    ];
    await database.query(
      `WITH message AS (
         SELECT r.*, md5('item' || n)::uuid AS id, now() - interval '1 year' * (1 - n::float8 / $5::int) AS at
         FROM unnest($2::int[], $3::jsonb[], $4::tsvector[]) AS r(n, state, words)
       ), item AS (
         INSERT INTO core.item (tenant, id, thread_id, channel, account, brand, family, kind, at, hash, received_at, shown, identifier_id, owned,
           customer, counts, waits, thanks, state)
         SELECT $1, id, md5('thread' || n % $6::int)::uuid, 'facebook', '${PAGE}', $1, 'chat', 'message', at, id, at, true, md5('psid' || n % $6::int)::uuid, true,
           true, true, true, false, state
         FROM message
       )
       INSERT INTO core.item_words (tenant, item_id, at, words) SELECT $1, id, at, words FROM message`,
      rows,
    );
  }
  await database.query('VACUUM ANALYZE');
}
