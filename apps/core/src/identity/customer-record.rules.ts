import { MalformedPayload, type CustomerRecordData, type IdentifierRef } from '@lienmach/contracts';
import { normaliseIdentifier } from '@lienmach/identifiers';
import type { Evidence } from './evidence.js';
import { recordEvidence } from './evidence.rules.js';
import { saidOf, wrongWith } from './profile.rules.js';

/** A customer as a CRM or a till knows it, with everything brought into one form. */
export interface CustomerRecord {
  /** The number that the CRM, else the till, gave to the customer. */
  readonly customer: IdentifierRef;
  /** Each once: what else is this customer's. */
  readonly others: readonly IdentifierRef[];
  readonly name: string | null;
  /** What else it says of the customer. */
  readonly profile: ReturnType<typeof saidOf>;
  /** Milliseconds. */
  readonly validFrom: number | null;
  readonly validTo: number | null;
}

/** Vietnam's, which has no summer time. */
const ZONE = '+07:00';

/**
 * Reads a record whose fields have the right shape.
 * @throws MalformedPayload with the field and what is wrong with it, never with its value
 */
export function customerRecord(data: CustomerRecordData): CustomerRecord {
  const { crmId = null, loyaltyId = null } = data;
  const numbers = [
    ...(crmId === null ? [] : [identifier('crm_id', crmId, 'crmId')]),
    ...(loyaltyId === null ? [] : [identifier('loyalty_id', loyaltyId, 'loyaltyId')]),
  ];
  const [customer, ...others] = [
    ...numbers,
    ...(data.phones ?? []).map((value, index) => identifier('phone', value, `phones/${index}`)),
    ...(data.emails ?? []).map((value, index) => identifier('email', value, `emails/${index}`)),
  ];
  if (numbers.length === 0) throw new MalformedPayload('neither crmId nor loyaltyId is there');
  if (others.length === 0) throw new MalformedPayload('no phone, e-mail or loyaltyId is there to tie to the customer');
  const validFrom = timeOf(data.validFrom ?? null, 'validFrom');
  const validTo = timeOf(data.validTo ?? null, 'validTo');
  if (validFrom !== null && validTo !== null && validTo <= validFrom) {
    throw new MalformedPayload('validTo is not after validFrom');
  }
  const distinct = new Map(others.map((one) => [`${one.type} ${one.value}`, one]));
  const profile = saidOf(data);
  for (const { field, value } of profile) {
    const wrong = wrongWith(field, value);
    if (wrong !== null) throw new MalformedPayload(`${field}: ${wrong}`);
  }
  const name = nameOf(data.name ?? null);
  return { customer: customer!, others: [...distinct.values()], name, profile, validFrom, validTo };
}

/** Who brought a record, and when it was made. */
export interface Recorded {
  readonly tenant: string;
  readonly actor: string;
  /** Milliseconds. */
  readonly at: number;
}

/**
 * The evidence of a record: the customer's number with each of the others, all by their ids. It is made of what the record says, so the same record brought
 * again, by whatever way, is the same evidence.
 */
export function evidenceOfRecord(
  { validFrom, validTo }: CustomerRecord,
  { tenant, actor, at }: Recorded,
  customer: string,
  others: readonly string[],
): Evidence[] {
  return others.map((other) =>
    recordEvidence({ tenant, actor, at: validFrom ?? at, validFrom, validTo }, customer, other),
  );
}

function identifier(type: IdentifierRef['type'], value: string, field: string): IdentifierRef {
  const result = normaliseIdentifier(type, null, value);
  if (result.kind === 'invalid') throw new MalformedPayload(`${field}: ${result.reason}`);
  return result.identifier;
}

function nameOf(text: string | null): string | null {
  const name = text?.trim() || null;
  const wrong = name === null ? null : wrongWith('name', name);
  if (wrong !== null) throw new MalformedPayload(`name: ${wrong}`);
  return name;
}

function timeOf(text: string | null, field: string): number | null {
  if (text === null) return null;
  const [day = '', time] = text.split(/[T ]/);
  const zone = time === undefined || /(?:Z|[+-]\d\d:\d\d)$/.test(time) ? '' : ZONE;
  const at = Date.parse(time === undefined ? `${day}T00:00:00${ZONE}` : `${day}T${time}${zone}`);
  // a 31st of February is read as one of March
  const isDay = new Date(Date.parse(`${day}T00:00:00Z`)).getUTCDate() === Number(day.slice(8));
  if (Number.isNaN(at) || !isDay) throw new MalformedPayload(`${field}: there is no such day or time`);
  return at;
}
