import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
ALTER TABLE core.act
  -- of a resolve or reopen: of each segment its thread, its customer, and the newest item that the agent saw in it
  ADD COLUMN stretches jsonb NOT NULL DEFAULT '[]',
  -- items that the act is about: a conversation is found by them whatever its id has become
  ADD COLUMN item_ids uuid[] NOT NULL DEFAULT '{}';
UPDATE core.act a SET
  stretches = (
    SELECT coalesce(jsonb_agg(jsonb_build_object('threadId', t, 'identifierId', i,
             'seenAt', (extract(epoch FROM coalesce(a.seen_at, a.at)) * 1000)::bigint)), '[]')
    FROM unnest(a.thread_ids) AS t, unnest(a.identifier_ids) AS i),
  item_ids = ARRAY(
    SELECT i.id FROM core.segment s
    JOIN core.item i ON i.tenant = s.tenant AND i.segment_id = s.id AND i.hash = s.started_by
    WHERE s.tenant = a.tenant AND s.thread_id = ANY(a.thread_ids) AND s.identifier_id = ANY(a.identifier_ids)
      AND s.started_at <= coalesce(a.seen_at, a.at)
    ORDER BY s.started_at DESC LIMIT 1);
ALTER TABLE core.act DROP COLUMN thread_ids, DROP COLUMN seen_at;

CREATE TABLE core.act_undo (
  tenant text NOT NULL,
  id uuid NOT NULL,
  act_id uuid NOT NULL,
  at timestamptz(3) NOT NULL,
  actor text NOT NULL,
  reason text,
  PRIMARY KEY (id, tenant)
);
CREATE INDEX act_undo_act ON core.act_undo (act_id, tenant);
ALTER TABLE core.act_undo ENABLE ROW LEVEL SECURITY;
ALTER TABLE core.act_undo FORCE ROW LEVEL SECURITY;
CREATE POLICY ingest ON core.act_undo TO lienmach_ingest USING (true) WITH CHECK (true);
CREATE POLICY tenant ON core.act_undo TO lienmach_api
  USING (tenant = current_setting('app.tenant', true)) WITH CHECK (tenant = current_setting('app.tenant', true));
GRANT SELECT, INSERT, UPDATE, DELETE ON core.act_undo TO lienmach_ingest;
GRANT SELECT, INSERT ON core.act_undo TO lienmach_api;

-- the act, or the undo, that left the mark
ALTER TABLE core.dirty ADD COLUMN act_id uuid;
`;

const DOWN = `
ALTER TABLE core.dirty DROP COLUMN act_id;
-- without undos an act that was taken back would count again
DELETE FROM core.act a USING core.act_undo u WHERE u.tenant = a.tenant AND u.act_id = a.id;
DROP TABLE core.act_undo;
ALTER TABLE core.act ADD COLUMN thread_ids uuid[] NOT NULL DEFAULT '{}', ADD COLUMN seen_at timestamptz(3);
UPDATE core.act SET
  thread_ids = ARRAY(SELECT DISTINCT (s->>'threadId')::uuid FROM jsonb_array_elements(stretches) AS s),
  seen_at = (SELECT to_timestamp(max((s->>'seenAt')::float8) / 1000) FROM jsonb_array_elements(stretches) AS s);
ALTER TABLE core.act ALTER COLUMN thread_ids DROP DEFAULT, DROP COLUMN stretches, DROP COLUMN item_ids;
`;

/** An agent's act can be taken back; a resolve says of each segment what the agent saw of it. */
export class ActsUndone1764100000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(DOWN);
  }
}
