import type { MigrationInterface, QueryRunner } from 'typeorm';

/*
 * In every key the tenant comes last: a planner that knows nothing yet of a new table would take any index that begins with it for as good as the
 * right one, and an id tells rows apart sooner.
 */

/** Tables that hold what was said: never recomputed, erased only on request. */
const RECORDS = `
CREATE TABLE core.event (
  tenant text NOT NULL,
  id uuid NOT NULL,
  item_id uuid,
  type text NOT NULL,
  at timestamptz(3) NOT NULL,
  received_at timestamptz(3) NOT NULL,
  value jsonb NOT NULL,
  PRIMARY KEY (id, tenant)
);
CREATE INDEX event_item ON core.event (item_id, tenant) WHERE item_id IS NOT NULL;

CREATE TABLE core.event_target (
  tenant text NOT NULL,
  item_id uuid NOT NULL,
  event_id uuid NOT NULL,
  PRIMARY KEY (item_id, event_id, tenant)
);

CREATE TABLE core.identifier (
  tenant text NOT NULL,
  id uuid NOT NULL,
  type text NOT NULL,
  scope text,
  value text NOT NULL,
  class text NOT NULL,
  name text,
  name_at timestamptz(3),
  first_own_at timestamptz(3),
  first_own_hash uuid,
  person_seed uuid NOT NULL,
  PRIMARY KEY (id, tenant)
);
CREATE INDEX identifier_value ON core.identifier (value, tenant);
CREATE INDEX identifier_person_seed ON core.identifier (person_seed, tenant);

CREATE TABLE core.evidence (
  tenant text NOT NULL,
  id uuid NOT NULL,
  kind text NOT NULL,
  strength text NOT NULL,
  a uuid NOT NULL,
  b uuid,
  at timestamptz(3) NOT NULL,
  actor text,
  rule text NOT NULL,
  reason text,
  source_event uuid,
  published boolean NOT NULL DEFAULT false,
  PRIMARY KEY (id, tenant)
);
CREATE INDEX evidence_a ON core.evidence (a, tenant);
CREATE INDEX evidence_b ON core.evidence (b, tenant) WHERE b IS NOT NULL;

CREATE TABLE core.retraction (
  tenant text NOT NULL,
  id uuid NOT NULL,
  evidence_id uuid NOT NULL,
  at timestamptz(3) NOT NULL,
  actor text NOT NULL,
  reason text,
  published boolean NOT NULL DEFAULT false,
  PRIMARY KEY (id, tenant)
);
CREATE INDEX retraction_evidence ON core.retraction (evidence_id, tenant);

CREATE TABLE core.act (
  tenant text NOT NULL,
  id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('resolve', 'reopen')),
  at timestamptz(3) NOT NULL,
  thread_ids uuid[] NOT NULL,
  identifier_ids uuid[] NOT NULL,
  seen_at timestamptz(3),
  actor text NOT NULL,
  reason text,
  PRIMARY KEY (id, tenant)
);
CREATE INDEX act_identifiers ON core.act USING gin (identifier_ids);
`;

/** Tables that are computed from the records and can be computed again. */
const VIEWS = `
CREATE TABLE core.thread (
  tenant text NOT NULL,
  id uuid NOT NULL,
  channel text NOT NULL,
  account text NOT NULL,
  thread text NOT NULL,
  read_at timestamptz(3),
  delivered_at timestamptz(3),
  PRIMARY KEY (id, tenant)
);

CREATE TABLE core.item (
  seq bigint GENERATED ALWAYS AS IDENTITY,
  tenant text NOT NULL,
  id uuid NOT NULL,
  thread_id uuid NOT NULL,
  channel text NOT NULL,
  account text NOT NULL,
  brand text NOT NULL,
  family text NOT NULL,
  kind text NOT NULL,
  at timestamptz(3) NOT NULL,
  hash uuid NOT NULL,
  received_at timestamptz(3) NOT NULL,
  shown boolean NOT NULL,
  identifier_id uuid,
  owned boolean NOT NULL,
  answers uuid,
  customer boolean NOT NULL,
  counts boolean NOT NULL,
  waits boolean NOT NULL,
  stops_at timestamptz(3),
  bot_at timestamptz(3),
  thanks boolean NOT NULL,
  call jsonb,
  segment_id uuid,
  state jsonb NOT NULL,
  PRIMARY KEY (id, tenant)
);
CREATE INDEX item_identifier ON core.item (identifier_id, tenant, at, hash);
CREATE INDEX item_thread ON core.item (thread_id, tenant, at, hash);
CREATE INDEX item_segment ON core.item (segment_id, tenant, at, hash);
CREATE INDEX item_unowned ON core.item (thread_id, tenant) WHERE NOT owned;

CREATE TABLE core.node (
  tenant text NOT NULL,
  identifier_id uuid NOT NULL,
  epoch integer NOT NULL,
  person_id uuid NOT NULL,
  level text NOT NULL,
  PRIMARY KEY (identifier_id, epoch, tenant)
);
CREATE INDEX node_person ON core.node (person_id, tenant);

CREATE TABLE core.person (
  tenant text NOT NULL,
  id uuid NOT NULL,
  root_identifier_id uuid NOT NULL,
  root_epoch integer NOT NULL,
  last_at timestamptz(3),
  threads jsonb,
  PRIMARY KEY (id, tenant)
);

CREATE TABLE core.segment (
  tenant text NOT NULL,
  id uuid NOT NULL,
  person_id uuid NOT NULL,
  thread_id uuid NOT NULL,
  identifier_id uuid NOT NULL,
  channel text NOT NULL,
  account text NOT NULL,
  conversation_id uuid NOT NULL,
  linked_by text,
  started_at timestamptz(3) NOT NULL,
  started_by uuid NOT NULL,
  last_at timestamptz(3) NOT NULL,
  resolved_at timestamptz(3),
  PRIMARY KEY (id, tenant)
);
CREATE INDEX segment_conversation ON core.segment (conversation_id, tenant);
CREATE INDEX segment_person ON core.segment (person_id, tenant);
CREATE INDEX segment_identifier ON core.segment (identifier_id, tenant);

CREATE TABLE core.conversation (
  tenant text NOT NULL,
  id uuid NOT NULL,
  person_id uuid NOT NULL,
  brand text NOT NULL,
  state text NOT NULL,
  started_at timestamptz(3) NOT NULL,
  last_at timestamptz(3) NOT NULL,
  last_customer_at timestamptz(3),
  resolved_at timestamptz(3),
  channels text[] NOT NULL,
  ambiguous boolean NOT NULL,
  waiting_since timestamptz(3),
  waiting_item_id uuid,
  stopped_at timestamptz(3),
  stopped_by text,
  stop_cause text,
  state_cause text,
  last_wait_from timestamptz(3),
  PRIMARY KEY (id, tenant)
);
CREATE INDEX conversation_person ON core.conversation (person_id, tenant);
CREATE INDEX conversation_recent ON core.conversation (tenant, last_at DESC, id DESC);
CREATE INDEX conversation_waiting ON core.conversation (tenant, waiting_since) WHERE waiting_since IS NOT NULL;

-- Every id that a conversation ever had, made of some item, and the conversation that holds this item now (I10).
CREATE TABLE core.conversation_name (
  tenant text NOT NULL,
  id uuid NOT NULL,
  item_id uuid NOT NULL,
  conversation_id uuid NOT NULL,
  PRIMARY KEY (id, tenant)
);
CREATE INDEX conversation_name_item ON core.conversation_name (item_id, tenant);
CREATE INDEX conversation_name_conversation ON core.conversation_name (conversation_id, tenant);

CREATE TABLE core.channel_switch (
  tenant text NOT NULL,
  id uuid NOT NULL,
  person_id uuid NOT NULL,
  conversation_id uuid NOT NULL,
  item_id uuid NOT NULL,
  identifier_id uuid NOT NULL,
  at timestamptz(3) NOT NULL,
  from_channel text NOT NULL,
  to_channel text NOT NULL,
  PRIMARY KEY (id, tenant)
);
CREATE INDEX channel_switch_person ON core.channel_switch (person_id, tenant, at, id);
CREATE INDEX channel_switch_conversation ON core.channel_switch (conversation_id, tenant);

CREATE TABLE core.identity_conflict (
  tenant text NOT NULL,
  id uuid NOT NULL,
  a uuid NOT NULL,
  b uuid NOT NULL,
  edge jsonb NOT NULL,
  PRIMARY KEY (id, tenant)
);
CREATE INDEX identity_conflict_a ON core.identity_conflict (a, tenant);
CREATE INDEX identity_conflict_b ON core.identity_conflict (b, tenant);

CREATE TABLE core.identity_edge (
  tenant text NOT NULL,
  id uuid NOT NULL,
  a uuid NOT NULL,
  b uuid NOT NULL,
  joins boolean NOT NULL,
  position integer NOT NULL,
  edge jsonb NOT NULL,
  PRIMARY KEY (id, tenant)
);
CREATE INDEX identity_edge_a ON core.identity_edge (a, tenant);
CREATE INDEX identity_edge_b ON core.identity_edge (b, tenant);
`;

/** Tables of the machinery. */
const WORKINGS = `
-- The fence of ingest: the row moves in the transaction of the data, only from where this process last saw it.
CREATE TABLE core.consumer_offset (
  topic text NOT NULL,
  partition integer NOT NULL,
  next bigint NOT NULL,
  PRIMARY KEY (topic, partition)
);

-- What transaction 1 touched and transaction 2 has to look at. Append-only, so that the two never wait for each other.
CREATE TABLE core.dirty (
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  tenant text NOT NULL,
  identifier_id uuid,
  thread_id uuid,
  thread_key text,
  item_id uuid,
  event_id uuid,
  at timestamptz(3) NOT NULL,
  identity boolean NOT NULL,
  refold boolean NOT NULL,
  marked_at timestamptz(3) NOT NULL DEFAULT clock_timestamp()
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000);

-- Debezium's columns (aggregatetype, aggregateid, type, payload), so that a connector can take the relay's place.
CREATE TABLE core.outbox (
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  shard smallint NOT NULL,
  tenant text NOT NULL,
  id uuid NOT NULL,
  aggregatetype text NOT NULL,
  aggregateid text NOT NULL,
  type text NOT NULL,
  payload jsonb,
  headers jsonb,
  created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  published_at timestamptz(3)
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000);
CREATE INDEX outbox_waiting ON core.outbox (shard, seq) WHERE published_at IS NULL;
-- the live stream of a tenant, in the order in which transactions became visible
CREATE INDEX outbox_live ON core.outbox (tenant, xid, seq);
CREATE INDEX outbox_published ON core.outbox (published_at) WHERE published_at IS NOT NULL;

CREATE TABLE core.api_token (
  tenant text NOT NULL,
  id uuid NOT NULL,
  name text NOT NULL,
  role text NOT NULL CHECK (role IN ('admin', 'supervisor', 'agent', 'analyst', 'service')),
  hash bytea NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  revoked_at timestamptz(3),
  PRIMARY KEY (id, tenant),
  UNIQUE (hash)
);
`;

/** Every table with a tenant: policies by role, and for the owner too (FORCE). */
const TENANT_TABLES = [
  'event',
  'event_target',
  'identifier',
  'evidence',
  'retraction',
  'act',
  'thread',
  'item',
  'node',
  'person',
  'segment',
  'conversation',
  'conversation_name',
  'channel_switch',
  'identity_conflict',
  'identity_edge',
  'dirty',
  'outbox',
  'api_token',
];

/** Tables that an agent's act writes through the API; everything else is read-only for it. */
const API_WRITES = ['identifier', 'evidence', 'retraction', 'act', 'dirty', 'api_token'];

export class Core1764000002000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE SCHEMA core');
    await runner.query(RECORDS);
    await runner.query(VIEWS);
    await runner.query(WORKINGS);

    await runner.query('GRANT USAGE ON SCHEMA core TO lienmach_ingest, lienmach_api');
    await runner.query('GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA core TO lienmach_ingest');
    await runner.query('GRANT USAGE ON ALL SEQUENCES IN SCHEMA core TO lienmach_ingest, lienmach_api');
    for (const table of TENANT_TABLES) {
      await runner.query(`ALTER TABLE core.${table} ENABLE ROW LEVEL SECURITY`);
      await runner.query(`ALTER TABLE core.${table} FORCE ROW LEVEL SECURITY`);
      await runner.query(`CREATE POLICY ingest ON core.${table} TO lienmach_ingest USING (true) WITH CHECK (true)`);
      // A token is found before its tenant is known: whoever has the hash may read that one row.
      const found =
        table === 'api_token' ? ` OR hash = decode(nullif(current_setting('app.token_hash', true), ''), 'hex')` : '';
      await runner.query(
        `CREATE POLICY tenant ON core.${table} TO lienmach_api
           USING (tenant = current_setting('app.tenant', true)${found}) WITH CHECK (tenant = current_setting('app.tenant', true))`,
      );
      await runner.query(`GRANT SELECT ON core.${table} TO lienmach_api`);
    }
    for (const table of API_WRITES) await runner.query(`GRANT INSERT, UPDATE ON core.${table} TO lienmach_api`);

    await runner.query('GRANT USAGE ON SCHEMA channel TO lienmach_ingest, lienmach_api');
    await runner.query('GRANT SELECT ON ALL TABLES IN SCHEMA channel TO lienmach_ingest, lienmach_api');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP SCHEMA core CASCADE');
  }
}
