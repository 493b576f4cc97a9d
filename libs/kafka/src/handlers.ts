import { applyDecorators, Catch, UseFilters } from '@nestjs/common';
import type { RpcExceptionFilter } from '@nestjs/common';
import { EventPattern } from '@nestjs/microservices';
import { throwError } from 'rxjs';
import type { Observable } from 'rxjs';
import type { BatchOutcome, KafkaBatch, RecordOutcome } from './outcome.js';
import type { KafkaRecord } from './record.js';

export interface BatchHandlerOptions {
  /** Topics by their names in the contract. */
  readonly topic: string | readonly string[];
  /** Consumer group, without the prefix of the installation; the strategy of that group runs the handler. */
  readonly group: string;
  /** Larger fetches are handed over in parts. 500 by default: where set-based SQL stops getting cheaper. */
  readonly maxRecords?: number;
}

export interface RecordHandlerOptions {
  readonly topic: string | readonly string[];
  readonly group: string;
  /** Keys worked on at the same time within a partition. 16 by default. */
  readonly concurrency?: number;
}

export type HandlerSettings =
  { readonly mode: 'batch'; readonly maxRecords: number } | { readonly mode: 'record'; readonly concurrency: number };

/** Nest binds a handler to the strategy with the same transport. */
export const transportOf = (group: string): symbol => Symbol.for(`lienmach.kafka.${group}`);

/** Nest's own filter replaces every error by "Internal server error"; the strategy wants the error itself. */
@Catch()
class PassOn implements RpcExceptionFilter {
  catch(error: unknown): Observable<never> {
    return throwError(() => error);
  }
}

type Marks<M> = (target: object, name: string | symbol, method: TypedPropertyDescriptor<M>) => void;

const handler = (topic: string | readonly string[], group: string, settings: HandlerSettings): MethodDecorator =>
  applyDecorators(EventPattern([topic].flat(), transportOf(group), { kafka: settings }), UseFilters(PassOn));

/** A controller's method `(batch: KafkaBatch) => Promise<BatchOutcome>`: whole batches, one partition at a time. */
export const KafkaBatchHandler = ({
  topic,
  group,
  maxRecords = 500,
}: BatchHandlerOptions): Marks<(batch: KafkaBatch) => Promise<BatchOutcome>> =>
  handler(topic, group, { mode: 'batch', maxRecords });

/**
 * A controller's method `(record: KafkaRecord) => Promise<RecordOutcome>`: records of one key in order, different keys at once.
 * After a failure a record may come again, so the method must be repeatable.
 */
export const KafkaRecordHandler = ({
  topic,
  group,
  concurrency = 16,
}: RecordHandlerOptions): Marks<(record: KafkaRecord) => Promise<RecordOutcome>> =>
  handler(topic, group, { mode: 'record', concurrency });
