import {
  CORE_EVENT_TYPES,
  deterministicId,
  schemaUrn,
  type CORE_DATA,
  type CoreFamily,
  type Envelope,
} from '@lienmach/contracts';
import type { OutboxRow } from './outbox.repository.js';

const SOURCE = '/core';

type CoreData<F extends CoreFamily> = InstanceType<(typeof CORE_DATA)[F]>;
type HistoryType = keyof typeof CORE_EVENT_TYPES;

export interface HistoryEvent<T extends HistoryType> {
  tenant: string;
  topic: string;
  key: string;
  type: T;
  /** Deterministic, of its cause. */
  id: string;
  /** Event time, milliseconds. */
  at: number;
  subject: string;
  data: CoreData<(typeof CORE_EVENT_TYPES)[T]>;
}

/** A row for a history topic: the whole event as structured JSON. */
export function historyRow<T extends HistoryType>(event: HistoryEvent<T>): OutboxRow {
  const { tenant, topic, key, type, id, at, subject, data } = event;
  const payload: Envelope<unknown> = {
    specversion: '1.0',
    id,
    source: SOURCE,
    type,
    time: new Date(at).toISOString(),
    datacontenttype: 'application/json',
    dataschema: schemaUrn(CORE_EVENT_TYPES[type]),
    subject,
    tenant,
    data,
  };
  return { tenant, id, aggregatetype: topic, aggregateid: key, type, payload, headers: null };
}

/** A row for a compacted topic: plain state with `ce_*` headers; null removes the key. */
export function stateRow<F extends CoreFamily>(
  tenant: string,
  topic: string,
  key: string,
  family: F,
  data: CoreData<F> | null,
): OutboxRow {
  const id = deterministicId('derived', family, tenant, key, JSON.stringify(data));
  const headers = {
    'content-type': 'application/json',
    ce_specversion: '1.0',
    ce_id: id,
    ce_source: SOURCE,
    ce_type: `${family}.changed`,
    ce_time: new Date().toISOString(),
    ce_dataschema: schemaUrn(family),
    ce_subject: key,
    ce_tenant: tenant,
  };
  return { tenant, id, aggregatetype: topic, aggregateid: key, type: headers.ce_type, payload: data, headers };
}
