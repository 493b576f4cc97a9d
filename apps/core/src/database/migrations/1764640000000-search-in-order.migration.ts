import type { MigrationInterface, QueryRunner } from 'typeorm';
import { SEARCH_ITEMS } from './1764200000000-search.migration.js';

/**
 * The newest items before a place. Items are read in the order of time, which ends with the page, for as long as enough of them hold the words; the index of words
 * is asked for the rest. The planner would ask it for all of them: what begins with a common syllable is in most messages. The LIMIT inside keeps it from that.
 */
const IN_ORDER = `
CREATE OR REPLACE FUNCTION core.search_items(wanted tsquery, before_at timestamptz, before_id uuid, most integer)
RETURNS TABLE (item_id uuid, at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 50
SET search_path = pg_catalog SET plan_cache_mode = force_custom_plan
AS $$
#variable_conflict use_column
DECLARE
  whose CONSTANT text := current_setting('app.tenant', true);
  bound record;
  depth integer := 5000;
  missing integer := most;
  found integer;
BEGIN
  SELECT before_at AS at, before_id AS item_id INTO bound;
  LOOP
    RETURN QUERY
    SELECT n.item_id, n.at
    FROM (
      SELECT w.item_id, w.at, w.words FROM core.item_words w
      WHERE w.tenant = whose AND (w.at, w.item_id) < (bound.at, bound.item_id)
      ORDER BY w.at DESC, w.item_id DESC LIMIT depth
    ) n
    WHERE n.words @@ wanted
    ORDER BY n.at DESC, n.item_id DESC LIMIT missing;
    GET DIAGNOSTICS found = ROW_COUNT;
    missing := missing - found;
    IF missing = 0 THEN RETURN; END IF;

    SELECT w.at, w.item_id INTO bound FROM core.item_words w
    WHERE w.tenant = whose AND (w.at, w.item_id) < (bound.at, bound.item_id)
    ORDER BY w.at DESC, w.item_id DESC OFFSET depth - 1 LIMIT 1;
    IF bound.at IS NULL THEN RETURN; END IF;

    -- once more, where that will probably fill the page
    EXIT WHEN depth > 5000 OR found * 4 < missing;
    depth := 20000;
  END LOOP;

  RETURN QUERY
  WITH older AS MATERIALIZED (
    SELECT w.item_id, w.at FROM core.item_words w
    WHERE w.tenant = whose AND w.words @@ wanted AND (w.at, w.item_id) < (bound.at, bound.item_id)
  )
  SELECT o.item_id, o.at FROM older o ORDER BY o.at DESC, o.item_id DESC LIMIT missing;
END $$;
`;

/** Few: people are then reached by their keys. From 1000, the default, the planner goes through all people there are. */
const FEW_IDENTIFIERS = 'ALTER FUNCTION core.search_identifiers ROWS 50';

export class SearchInOrder1764640000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(IN_ORDER);
    await runner.query(FEW_IDENTIFIERS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(SEARCH_ITEMS);
    await runner.query('ALTER FUNCTION core.search_identifiers ROWS 1000');
  }
}
