import type { MigrationInterface, QueryRunner } from 'typeorm';
import type { ItemState } from '../../conversation/item-state.js';
import { itemWords } from '../../search/item-words.rules.js';
import { ItemWordsRepository } from '../../search/item-words.repository.js';

/**
 * What items are found by, apart from the items: transaction 2 writes those once more, and an index of words would then be written twice. Words begin with a tag of
 * their tenant (words.rules.ts), so that the index holds each tenant's words by themselves.
 */
const ITEM_WORDS = `
CREATE TABLE core.item_words (
  tenant text NOT NULL,
  item_id uuid NOT NULL,
  at timestamptz(3) NOT NULL,
  words tsvector NOT NULL,
  PRIMARY KEY (item_id, tenant)
);
ALTER TABLE core.item_words ENABLE ROW LEVEL SECURITY;
ALTER TABLE core.item_words FORCE ROW LEVEL SECURITY;
CREATE POLICY ingest ON core.item_words TO lienmach_ingest USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON core.item_words TO lienmach_ingest;
`;

const ITEM_INDEXES = `
CREATE INDEX item_words_newest ON core.item_words (tenant, at, item_id);
CREATE INDEX item_words_words ON core.item_words USING gin (words);
`;

/**
 * What identifiers are found by: an index over a function, which follows every writer of the table.
 * \`pg_c_utf8\` is the same on every machine, as an index needs it; a database's own collation may not be.
 */
const IDENTIFIER_WORDS = `
CREATE FUNCTION core.folded(text text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN
  translate(lower(regexp_replace(normalize(text, NFKD), '[\\u0300-\\u036f]', '', 'g') COLLATE pg_c_utf8), 'đð', 'dd');

CREATE FUNCTION core.identifier_words(tenant text, type text, value text, name text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN
  array_to_tsvector(ARRAY(
    SELECT left(md5(tenant), 5) || left(word, 60)
    FROM (
      SELECT regexp_split_to_table(core.folded(concat_ws(' ', name, value)), '[^[:alnum:]]+' COLLATE pg_c_utf8)
      UNION ALL
      SELECT substr(dialled, n)
      FROM (SELECT ltrim(regexp_replace(value, '^[+]84', '0'), '+') AS dialled) AS telephone, generate_series(1, length(dialled) - 2) AS n
      WHERE type = 'phone'
    ) AS words(word)
    WHERE word <> ''
  ));

CREATE INDEX identifier_words ON core.identifier USING gin (core.identifier_words(tenant, type, value, name));
`;

export const SEARCH_ITEMS = `
-- The newest items before a place. Where many hold the words, a page of them is among the newest of all; the index of words gives all of them, in no order.
CREATE OR REPLACE FUNCTION core.search_items(wanted tsquery, before_at timestamptz, before_id uuid, most integer)
RETURNS TABLE (item_id uuid, at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 50
SET search_path = pg_catalog SET plan_cache_mode = force_custom_plan
AS $$
#variable_conflict use_column
DECLARE
  whose CONSTANT text := current_setting('app.tenant', true);
  bottom record;
  found integer;
BEGIN
  SELECT w.at, w.item_id INTO bottom FROM core.item_words w
  WHERE w.tenant = whose AND (w.at, w.item_id) < (before_at, before_id)
  ORDER BY w.at DESC, w.item_id DESC OFFSET 4999 LIMIT 1;

  RETURN QUERY
  SELECT w.item_id, w.at FROM core.item_words w
  WHERE w.tenant = whose AND (w.at, w.item_id) < (before_at, before_id)
    AND (w.at, w.item_id) >= (coalesce(bottom.at, '-infinity'), coalesce(bottom.item_id, '00000000-0000-0000-0000-000000000000'))
    AND w.words @@ wanted
  ORDER BY w.at DESC, w.item_id DESC LIMIT most;
  GET DIAGNOSTICS found = ROW_COUNT;

  IF found < most AND bottom.at IS NOT NULL THEN
    RETURN QUERY
    WITH older AS MATERIALIZED (
      SELECT w.item_id, w.at FROM core.item_words w
      WHERE w.tenant = whose AND w.words @@ wanted AND (w.at, w.item_id) < (bottom.at, bottom.item_id)
    )
    SELECT o.item_id, o.at FROM older o ORDER BY o.at DESC, o.item_id DESC LIMIT most - found;
  END IF;
END $$;
`;

/**
 * Row-level security keeps the operators of text search from their index, so the API reads these two tables through functions, whose owner may see all rows and which
 * give only those of \`app.tenant\`.
 */
const FUNCTIONS = `
CREATE POLICY search ON core.item_words FOR SELECT TO CURRENT_USER USING (true);
CREATE POLICY search ON core.identifier FOR SELECT TO CURRENT_USER USING (true);

${SEARCH_ITEMS}

-- Identifiers by words of their name or value, those with the newest names first.
CREATE FUNCTION core.search_identifiers(wanted tsquery, most integer) RETURNS TABLE (id uuid)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog
AS $$
  SELECT i.id FROM core.identifier i
  WHERE i.tenant = current_setting('app.tenant', true) AND core.identifier_words(i.tenant, i.type, i.value, i.name) @@ wanted
  ORDER BY i.name_at DESC NULLS LAST, i.id LIMIT most
$$;

REVOKE EXECUTE ON FUNCTION core.search_items, core.search_identifiers FROM PUBLIC;
GRANT EXECUTE ON FUNCTION core.search_items, core.search_identifiers TO lienmach_api;
`;

const AT_ONCE = 2_000;

export class Search1764200000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(ITEM_WORDS);
    await this.wordKnownItems(runner);
    await runner.query(ITEM_INDEXES);
    await runner.query(IDENTIFIER_WORDS);
    await runner.query(FUNCTIONS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP FUNCTION core.search_items, core.search_identifiers;
      DROP POLICY search ON core.identifier;
      DROP TABLE core.item_words;
      DROP INDEX core.identifier_words;
      DROP FUNCTION core.identifier_words, core.folded;
    `);
  }

  /** Items that were stored before there was a search; by the role that sees all of them, which the owner need not. */
  private async wordKnownItems(runner: QueryRunner): Promise<void> {
    await runner.query('SET LOCAL ROLE lienmach_ingest');
    const repository = new ItemWordsRepository(runner.manager);
    let after = ['00000000-0000-0000-0000-000000000000', ''];
    for (;;) {
      const rows = (await runner.query(
        `SELECT tenant, id, (extract(epoch FROM at) * 1000)::float8 AS at, state FROM core.item
         WHERE (id, tenant) > ($1, $2) ORDER BY id, tenant LIMIT $3`,
        [...after, AT_ONCE],
      )) as { tenant: string; id: string; at: number; state: ItemState }[];
      await repository.store(
        rows.map(({ tenant, id, at, state }) => ({ tenant, itemId: id, at, words: itemWords(tenant, state) })),
      );
      if (rows.length < AT_ONCE) break;
      const { id, tenant } = rows.at(-1)!;
      after = [id, tenant];
    }
    await runner.query('RESET ROLE');
  }
}
