import { randomUUID } from 'node:crypto';
import { itemWords } from '../../../apps/core/src/public.js';
import type { World } from './world.js';

export interface SeededIdentifier {
  id: string;
  /** Id of the person whose id-giving member it is. */
  seed: string;
}

export async function seedIdentifier(
  world: World,
  fields: { tenant?: string; type?: string; scope?: string | null; value?: string; class?: string; name?: string } = {},
): Promise<SeededIdentifier> {
  const made = { id: randomUUID(), seed: randomUUID() };
  const { tenant = 'demo', type = 'fb_psid', scope = '1234567890', value = randomUUID(), name = null } = fields;
  await world.sql(
    `INSERT INTO core.identifier (tenant, id, type, scope, value, class, name, name_at, first_own_at, first_own_hash, person_seed)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '2026-01-01', $2, $9)`,
    [tenant, made.id, type, scope, value, fields.class ?? 'personal', name, name && '2026-01-01', made.seed],
  );
  if (name) {
    await world.sql(
      `INSERT INTO core.profile_value (tenant, identifier_id, field, source, value, at) VALUES ($1, $2, 'name', 'claim', $3, '2026-01-01')`,
      [tenant, made.id, name],
    );
  }
  return made;
}

/** A person of the given identifiers, whose first gives the id. */
export async function seedPerson(
  world: World,
  identifiers: readonly SeededIdentifier[],
  { tenant = 'demo', level = 'corroborated' } = {},
): Promise<string> {
  const [root] = identifiers as [SeededIdentifier];
  await world.sql(
    `INSERT INTO core.person (tenant, id, root_identifier_id, root_epoch, last_at) VALUES ($1, $2, $3, 1, now())`,
    [tenant, root.seed, root.id],
  );
  for (const { id } of identifiers) {
    await world.sql(
      `INSERT INTO core.node (tenant, identifier_id, epoch, person_id, level) VALUES ($1, $2, 1, $3, $4)
       ON CONFLICT (tenant, identifier_id, epoch) DO UPDATE SET person_id = excluded.person_id, level = excluded.level`,
      [tenant, id, root.seed, id === root.id ? 'verified' : level],
    );
  }
  return root.seed;
}

export interface SeededItem {
  tenant?: string;
  identifier: string;
  at: string;
  thread?: string;
  segment?: string | null;
  channel?: string;
  kind?: string;
  hash?: string;
  orderCodes?: string[];
  state?: object;
}

const THREAD = '0f6d2c1e-6c2f-4b0a-9d38-000000000001';

export async function seedThread(world: World, { tenant = 'demo', id = THREAD } = {}): Promise<string> {
  await world.sql(
    `INSERT INTO core.thread (tenant, id, channel, account, thread) VALUES ($1, $2, 'facebook', '1234567890', '77') ON CONFLICT DO NOTHING`,
    [tenant, id],
  );
  return id;
}

/** An item with the whole state that the fold would leave. Returns its id. */
export async function seedItem(world: World, item: SeededItem): Promise<string> {
  const id = randomUUID();
  const { tenant = 'demo', channel = 'facebook', kind = 'message', hash = randomUUID(), at } = item;
  const state = {
    hasBase: true,
    late: false,
    kind,
    type: 'message.received',
    channel,
    vendor: channel,
    account: '1234567890',
    thread: '77',
    direction: 'inbound',
    author: { kind: 'customer', name: 'Nguyễn An', id: null },
    text: 'SĐT em 0900 000 123',
    attachments: [],
    replyTo: null,
    edited: false,
    removed: false,
    hidden: false,
    reactions: [],
    delivery: null,
    callState: null,
    at: Date.parse(at),
    ...item.state,
  };
  await world.sql(
    `INSERT INTO core.item (tenant, id, thread_id, channel, account, brand, family, kind, at, hash, received_at, shown, identifier_id, owned,
       customer, counts, waits, thanks, segment_id, state, order_codes)
     VALUES ($1, $2, $3, $4, '1234567890', 'demo', 'chat', $5, $6, $7, $6, true, $8, true, true, true, true, false, $9, $10, $11)`,
    [
      ...[tenant, id, item.thread ?? THREAD, channel, kind, at, hash, item.identifier, item.segment ?? null, state],
      item.orderCodes ? JSON.stringify(item.orderCodes) : null,
    ],
  );
  await world.sql('INSERT INTO core.item_words (tenant, item_id, at, words) VALUES ($1, $2, $3, $4)', [
    tenant,
    id,
    at,
    itemWords(tenant, state as unknown as Parameters<typeof itemWords>[1]),
  ]);
  return id;
}

export async function seedConversation(
  world: World,
  fields: {
    personId: string;
    identifier: string;
    tenant?: string;
    state?: string;
    waitingSince?: string;
    lastAt?: string;
  },
): Promise<{ id: string; segment: string; thread: string }> {
  const { tenant = 'demo', personId, identifier, state = 'open', waitingSince = null } = fields;
  const { lastAt = '2026-11-20T02:00:00Z' } = fields;
  const made = {
    id: randomUUID(),
    segment: randomUUID(),
    thread: await seedThread(world, { tenant, id: randomUUID() }),
  };
  await world.sql(
    `INSERT INTO core.conversation (tenant, id, person_id, brand, state, started_at, last_at, channels, ambiguous, waiting_since)
     VALUES ($1, $2, $3, 'demo', $4, '2026-11-20T01:00:00Z', $5, '{facebook}', false, $6)`,
    [tenant, made.id, personId, state, lastAt, waitingSince],
  );
  await world.sql(
    `INSERT INTO core.segment (tenant, id, person_id, thread_id, identifier_id, channel, account, conversation_id, started_at, started_by, last_at)
     VALUES ($1, $2, $3, $4, $5, 'facebook', '1234567890', $6, '2026-11-20T01:00:00Z', $2, $7)`,
    [tenant, made.segment, personId, made.thread, identifier, made.id, lastAt],
  );
  return made;
}

export async function seedEvidence(
  world: World,
  fields: {
    kind: string;
    a: string;
    b: string | null;
    tenant?: string;
    at?: string;
    strength?: string;
    actor?: string;
  },
): Promise<string> {
  const id = randomUUID();
  const { tenant = 'demo', kind, a, b, at = '2026-11-20T02:00:00Z', strength = 'claimed', actor = null } = fields;
  await world.sql(
    `INSERT INTO core.evidence (tenant, id, kind, strength, a, b, at, actor, rule) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'I3')`,
    [tenant, id, kind, strength, a, b, at, actor],
  );
  return id;
}
