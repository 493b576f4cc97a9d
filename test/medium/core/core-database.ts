import {
  deterministicId,
  keyedId,
  schemaUrn,
  threadId,
  type ChannelEvent,
  type CustomerRecordData,
  type Envelope,
  type IdentifierRef,
} from '@lienmach/contracts';
import type { KafkaRecord } from '@lienmach/kafka';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import {
  createDataSource,
  IngestPipeline,
  IngestService,
  RecordPipeline,
  ResolveService,
  type TenantDirectory,
  type TenantFacts,
} from '../../../apps/core/src/public.js';
import { createDatabase, type TestDatabase } from '../../support/index.js';
import { TENANT, at, type ActWord, type Imported, type Word } from './stories.js';

export const SECRET = Buffer.alloc(32, 7);

/** Core's two transactions over a database of its own, without Kafka and without processes. */
export class CoreDatabase {
  private offset = 0n;
  private recordOffset = 0n;

  private constructor(
    private readonly made: TestDatabase,
    readonly source: DataSource,
    readonly ingest: IngestService,
    private readonly records: Pick<IngestService, 'take'>,
    readonly tenants: TenantDirectory,
  ) {}

  /** As the server's superuser. */
  get url(): string {
    return this.made.url;
  }

  static async create(): Promise<CoreDatabase> {
    const made = await createDatabase();
    const source = await createDataSource({ url: made.url, role: 'lienmach_ingest', poolSize: 10 }).initialize();
    const facts: TenantFacts = { secret: SECRET, ownNumbers: ['1900000001'], brandOf: () => TENANT };
    const tenants = { factsOf: (tenant: string) => (tenant === TENANT ? facts : undefined) };
    const ingest = new IngestService(source, new IngestPipeline(tenants));
    return new CoreDatabase(made, source, ingest, new IngestService(source, new RecordPipeline(tenants)), tenants);
  }

  async close(): Promise<void> {
    await this.source.destroy();
    await this.made.drop();
  }

  /** Transaction 1 for one batch. */
  async take(events: readonly ChannelEvent[]): Promise<void> {
    const fromOffset = this.offset;
    this.offset += BigInt(events.length);
    const taken = await this.ingest.take(
      { ...stretchOf(events, fromOffset), nextOffset: this.offset, afterGap: false },
      (rejected) => Promise.reject(rejected[0]!.error),
    );
    if (taken.kind !== 'stored') throw new Error(`not stored: the store is at ${taken.offset}`);
  }

  /** Records of a CRM, one batch of their topic. */
  async import(imported: readonly Imported[]): Promise<void> {
    const fromOffset = this.recordOffset;
    this.recordOffset += BigInt(imported.length);
    const stretch = {
      ...stretchOf(imported.map(recordEvent), fromOffset),
      topic: 'identity.imports.v1',
      afterGap: false,
    };
    const taken = await this.records.take(stretch, (rejected) => Promise.reject(rejected[0]!.error));
    if (taken.kind !== 'stored') throw new Error(`not stored: the store is at ${taken.offset}`);
  }

  /** An agent's record as the API leaves it: the record and its marks. */
  async hear(word: Word): Promise<void> {
    if ('act' in word || isAct(word)) return this.hearOfConversations(word);
    if (word.says === 'new-owner') return this.hearOfNewOwner(word);
    const ids = word.who.map((who) => keyedId(SECRET, 'fb_psid', 'page-1', who));
    const id = deterministicId('evidence', word.says, ...word.who);
    const time = at(word.ms);
    if (word.says === 'retract') {
      const evidence = deterministicId('evidence', 'same', ...word.who);
      await this.query(
        `INSERT INTO core.retraction (tenant, id, evidence_id, at, actor) VALUES ($1, $2, $3, $4, 'agent') ON CONFLICT DO NOTHING`,
        [TENANT, id, evidence, time],
      );
    } else {
      await this.query(
        `INSERT INTO core.evidence (tenant, id, kind, strength, a, b, at, actor, rule)
         VALUES ($1, $2, $3, 'verified', $4, $5, $6, 'agent', 'I3.agent')
         ON CONFLICT (tenant, id) DO UPDATE SET at = least(core.evidence.at, excluded.at)`,
        [TENANT, id, word.says, ids[0], ids[1], time],
      );
    }
    await this.mark(ids, time, true);
  }

  private async hearOfNewOwner({ number, ms, undone }: Extract<Word, { says: 'new-owner' }>): Promise<void> {
    const id = idOf({ type: 'phone', scope: null, value: number });
    const evidence = deterministicId('evidence', 'new-owner', number, at(ms));
    await this.query(
      `INSERT INTO core.evidence (tenant, id, kind, strength, a, at, actor, rule)
       VALUES ($1, $2, 'new-owner', 'verified', $3, $4, 'agent', 'I13') ON CONFLICT DO NOTHING`,
      [TENANT, evidence, id, at(ms)],
    );
    if (undone) {
      await this.query(
        `INSERT INTO core.retraction (tenant, id, evidence_id, at, actor) VALUES ($1, $2, $2, $3, 'agent') ON CONFLICT DO NOTHING`,
        [TENANT, evidence, at(ms)],
      );
    }
    await this.mark([id], at(ms), true);
  }

  private async hearOfConversations(word: ActWord | { says: 'undo'; act: ActWord }): Promise<void> {
    const act = word.says === 'undo' ? word.act : word;
    const { id, time, identifierIds, stretches, itemIds, withIds, apartIds } = recordOf(act);
    if (word.says === 'undo') {
      await this.query(
        `INSERT INTO core.act_undo (tenant, id, act_id, at, actor) VALUES ($1, $2, $2, $3, 'agent') ON CONFLICT DO NOTHING`,
        [TENANT, id, time],
      );
    } else {
      await this.query(
        `INSERT INTO core.act (tenant, id, kind, at, stretches, identifier_ids, item_ids, with_ids, apart_ids, actor)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'agent') ON CONFLICT DO NOTHING`,
        [TENANT, id, act.says, time, JSON.stringify(stretches), identifierIds, itemIds, withIds, apartIds],
      );
    }
    await this.mark(identifierIds, time, false);
  }

  private async mark(identifierIds: readonly string[], time: string, identity: boolean): Promise<void> {
    await this.query(
      `INSERT INTO core.dirty (tenant, identifier_id, at, identity, refold)
       SELECT $1, id, $3, $4, NOT $4 FROM unnest($2::uuid[]) AS w(id)`,
      [TENANT, identifierIds, time, identity],
    );
  }

  /** Transaction 2 by so many processes at once, until nothing is left. */
  async settle(processes = 1, limit = 500): Promise<void> {
    const work = async (): Promise<void> => {
      const service = new ResolveService(this.source);
      while ((await service.resolveSome(limit)).marks > 0);
    };
    await Promise.all(Array.from({ length: processes }, work));
    // what one process held while the others looked and found nothing
    await work();
  }

  async query<T = Record<string, unknown>>(sql: string, parameters: unknown[] = []): Promise<T[]> {
    return this.source.query(sql, parameters);
  }

  /** As the server's superuser: what the API would have written. */
  async write(sql: string, parameters: unknown[]): Promise<void> {
    const client = new pg.Client({ connectionString: this.made.url });
    await client.connect();
    try {
      await client.query(sql, parameters);
    } finally {
      await client.end();
    }
  }

  /** Everything that may not depend on the order of arrival. */
  async state(): Promise<Record<string, unknown[]>> {
    return Object.fromEntries(
      await Promise.all(Object.entries(STATE).map(async ([name, sql]) => [name, await this.query(sql)] as const)),
    );
  }
}

function recordEvent({ crm, phone, ms, actor, name, validFrom }: Imported): Envelope<CustomerRecordData> {
  return {
    specversion: '1.0',
    id: deterministicId('event', crm, phone, actor, name ?? '', at(ms)),
    source: actor,
    type: 'customer.recorded',
    time: at(ms),
    datacontenttype: 'application/json',
    dataschema: schemaUrn('customer-record'),
    subject: crm,
    tenant: TENANT,
    data: { crmId: crm, phones: [phone], name, validFrom },
  };
}

const isAct = (word: Word): word is ActWord => ['resolve', 'reopen', 'join', 'split', 'move'].includes(word.says);

const idOf = ({ type, scope, value }: IdentifierRef): string => keyedId(SECRET, type, scope ?? '', value);

/** An act as the API would write it. */
function recordOf(act: ActWord) {
  const time = at(act.ms);
  if ('who' in act) {
    const [who] = act.who;
    const byNumber = who.startsWith('+');
    const identifierId = idOf(
      byNumber ? { type: 'phone', scope: null, value: who } : { type: 'fb_psid', scope: 'page-1', value: who },
    );
    const thread = byNumber ? threadId(TENANT, 'sms', 'brand-1', who) : threadId(TENANT, 'facebook', 'page-1', who);
    const stretch = { threadId: thread, identifierId, seenAt: Date.parse(time) };
    const id = deterministicId('evidence', act.says, who, time);
    return { id, time, identifierIds: [identifierId], stretches: [stretch], itemIds: [], withIds: [], apartIds: [] };
  }
  const named = [act.one, ...act.with, ...act.apart];
  return {
    id: deterministicId('evidence', act.says, ...named.map(({ item }) => item), time),
    time,
    identifierIds: [...new Set(named.map(({ customer }) => idOf(customer)))],
    stretches: [],
    itemIds: [act.one.item],
    withIds: act.with.map(({ item }) => item),
    apartIds: act.apart.map(({ item }) => item),
  };
}

/** The flag `late` is left out: it is the one thing that arrival decides. */
const STATE = {
  identifiers:
    'SELECT id, type, scope, value, class, standing, name, name_source, name_at, first_own_at, first_own_hash, person_seed FROM core.identifier ORDER BY id',
  evidence:
    'SELECT id, kind, strength, a, b, at, actor, valid_from, valid_to, a_at, b_at FROM core.evidence ORDER BY id',
  names:
    'SELECT identifier_id, field, source, value, at FROM core.profile_value ORDER BY identifier_id, field, source, hash',
  people: 'SELECT id, root_identifier_id, last_at, threads FROM core.person ORDER BY id',
  nodes:
    'SELECT identifier_id, epoch, person_id, level, since, until, begun FROM core.node ORDER BY identifier_id, epoch',
  edges: 'SELECT id, a, b, joins, edge FROM core.identity_edge ORDER BY id',
  conflicts: 'SELECT id, a, b, edge FROM core.identity_conflict ORDER BY id',
  items: `SELECT id, thread_id, kind, at, hash, shown, identifier_id, segment_id, state - 'late' AS state FROM core.item ORDER BY id`,
  words: 'SELECT item_id, at, words::text FROM core.item_words ORDER BY item_id',
  segments: 'SELECT * FROM core.segment ORDER BY id',
  conversations: 'SELECT * FROM core.conversation ORDER BY id',
  switches: 'SELECT * FROM core.channel_switch ORDER BY id',
};

export function stretchOf(events: readonly Envelope<unknown>[], fromOffset: bigint) {
  const records = events.map((event, index): KafkaRecord => ({
    topic: 'channel.any.v1',
    partition: 0,
    offset: fromOffset + BigInt(index),
    timestamp: 0,
    key: null,
    value: Buffer.from(JSON.stringify(event)),
    headers: {},
  }));
  return { topic: 'channel.any.v1', partition: 0, records, fromOffset, nextOffset: fromOffset + BigInt(events.length) };
}
