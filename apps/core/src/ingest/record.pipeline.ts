import { MalformedPayload, UnknownAccount, type CustomerRecordData, type Envelope } from '@lienmach/contracts';
import type { KafkaRecord } from '@lienmach/kafka';
import type { EntityManager } from 'typeorm';
import { customerRecord } from '../identity/customer-record.rules.js';
import type { Pipeline, Read, Rejected, Stored } from './ingest.service.js';
import { storeRecords, type PlacedRecord } from './record.service.js';
import { decode } from './steps/decode.step.js';
import { validateRecordEvent } from './steps/validate.step.js';
import type { TenantDirectory } from './tenant-facts.js';

/** Customers' records of a topic to rows: what an import by the API does, with the log's own promise that nothing is lost. */
export class RecordPipeline implements Pipeline<PlacedRecord> {
  constructor(private readonly tenants: TenantDirectory) {}

  read(records: readonly KafkaRecord[]): Read<PlacedRecord> {
    const placed: PlacedRecord[] = [];
    const rejected: Rejected[] = [];
    for (const record of records) {
      let stage = 'decode';
      try {
        const { event } = decode<Envelope<CustomerRecordData>>(record.value);
        stage = 'validate';
        validateRecordEvent(event);
        stage = 'place';
        placed.push(this.place(event));
      } catch (error) {
        if (!(error instanceof MalformedPayload || error instanceof UnknownAccount)) throw error;
        rejected.push({ record, stage, error });
      }
    }
    return { placed, rejected };
  }

  /** A record that is told again is as new as it was: nothing tells them apart, and nothing has to. */
  async store(manager: EntityManager, stretches: readonly (readonly PlacedRecord[])[]): Promise<Stored[]> {
    const records = stretches.flat();
    const dirty = records.length > 0 ? await storeRecords(manager, records) : 0;
    return stretches.map(({ length }): Stored => ({ fresh: length, repeated: 0, dirty }));
  }

  private place({ tenant, source, time, data }: Envelope<CustomerRecordData>): PlacedRecord {
    const facts = this.tenants.factsOf(tenant);
    if (!facts) throw new UnknownAccount(`no tenant ${tenant}`);
    return { record: customerRecord(data), tenant, actor: source, at: Date.parse(time), facts };
  }
}
