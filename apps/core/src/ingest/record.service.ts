import type { EntityManager } from 'typeorm';
import { evidenceOfRecord, type CustomerRecord, type Recorded } from '../identity/customer-record.rules.js';
import type { GivenName, GivenValue } from '../identity/name.rules.js';
import { IngestRepository, type DirtyRow } from './ingest.repository.js';
import type { IdentifierRow } from './learning.repository.js';
import { learn, type ToldEvidence } from './learning.service.js';
import { placeIdentifier } from './steps/place.step.js';
import type { TenantFacts } from './tenant-facts.js';

/** A customer's record with all that its rows are made of. */
export interface PlacedRecord extends Recorded {
  readonly record: CustomerRecord;
  readonly facts: TenantFacts;
}

/** Takes customers' records in, whichever way they came: identifiers, verified evidence, marks for transaction 2. @returns how many marks */
export async function storeRecords(manager: EntityManager, records: readonly PlacedRecord[]): Promise<number> {
  const identifiers = new Map<string, IdentifierRow>();
  const names: GivenName[] = [];
  const values: GivenValue[] = [];
  const evidence: ToldEvidence[] = [];
  const named: { readonly recorded: Recorded; readonly ids: readonly string[] }[] = [];
  for (const placed of records) {
    const { record, tenant, facts } = placed;
    const ids = [record.customer, ...record.others].map((ref) => {
      const { own: _own, name: _name, ...identifier } = placeIdentifier(facts, ref, null, false);
      identifiers.set(`${tenant} ${identifier.id}`, { ...identifier, tenant, firstOwnAt: null, firstOwnHash: null });
      return identifier.id;
    });
    if (record.name !== null) {
      names.push({ tenant, identifierId: ids[0]!, source: 'crm', value: record.name, at: placed.at });
    }
    for (const one of record.profile) {
      values.push({ tenant, identifierId: ids[0]!, source: 'crm', ...one, at: placed.at });
    }
    named.push({ recorded: placed, ids });
    const [customer, ...others] = ids;
    for (const one of evidenceOfRecord(record, placed, customer!, others)) {
      evidence.push({ ...one, tenant, sourceEvent: null });
    }
  }
  const sorted = [...identifiers].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
  const touched = await learn(manager, { identifiers: sorted, names, values, evidence });
  // the people of all that a record names are computed with its customer's
  const marked = new Map(
    named.flatMap(({ recorded, ids }) => (ids.some((id) => touched.has(id)) ? [[ids[0]!, recorded] as const] : [])),
  );
  const marks = [...marked].map(([id, recorded]) => markOf(id, recorded));
  await new IngestRepository(manager).markDirty(marks);
  return marks.length;
}

const markOf = (identifierId: string, { tenant, at }: Recorded): DirtyRow => ({
  tenant,
  identifierId,
  threadId: null,
  threadKey: null,
  itemId: null,
  eventId: null,
  at,
  identity: true,
  refold: false,
});
