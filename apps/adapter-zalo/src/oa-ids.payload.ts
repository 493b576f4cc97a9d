/** Where an OA's id may stand: `oa_id`, `oaId`, or the `id` of sender or recipient. An id is 5 to 20 digits in quotes. */
const ID = /"(oa_id|oaId|id)"\s*:\s*"(\d{5,20})"/g;
/** A body has one event with a handful of ids; a tag may name many users. */
const MOST_IDS = 200;

/**
 * Ids that may be OAs' in a body that nobody has verified yet, the named ones first. Reads bytes, not JSON: in a text such a key has its quotes escaped, so it is
 * no candidate; one more candidate would do no harm.
 */
export function oaIdsIn(bytes: Buffer): string[] {
  const named = new Set<string>();
  const parties = new Set<string>();
  let count = 0;
  for (const [, key, id] of bytes.toString('latin1').matchAll(ID)) {
    (key === 'id' ? parties : named).add(id!);
    if (++count === MOST_IDS) break;
  }
  return [...new Set([...named, ...parties])];
}
