import { InvalidConfiguration } from '@lienmach/platform';
import { Server } from '@nestjs/microservices';
import type { CustomTransportStrategy, MessageHandler } from '@nestjs/microservices';
import { isObservable, lastValueFrom } from 'rxjs';
import { readForeignCodecsAsPoison } from './codecs.js';
import { DEFAULT_TUNING } from './consumer-settings.js';
import type { ConsumerState, ConsumerTuning, KafkaStrategyOptions } from './consumer-settings.js';
import { GroupConsumer } from './group-consumer.js';
import { sendDeadLetters } from './dead-letters.js';
import { transportOf } from './handlers.js';
import type { HandlerSettings } from './handlers.js';
import type { DeadLetterReason, KafkaBatch } from './outcome.js';
import { PartitionLane } from './partition-lane.js';
import type { LaneHandler } from './partition-lane.js';
import type { KafkaRecord } from './record.js';

/**
 * Nest transport for one consumer group: `app.connectMicroservice({ strategy: new KafkaBatchStrategy({ … }) })`.
 * Runs the methods marked with KafkaBatchHandler or KafkaRecordHandler for this group. `listen` returns at once and connects in the
 * background, so that a process can serve what needs no broker; `state()` is for readiness.
 */
export class KafkaBatchStrategy extends Server implements CustomTransportStrategy {
  override readonly transportId: symbol;
  /** Tells Nest that failures of handlers are seen here. */
  override readonly propagatesEventHandlerErrors = true;
  private readonly tuning: ConsumerTuning;
  private consumer: GroupConsumer | undefined;

  constructor(private readonly options: KafkaStrategyOptions) {
    super();
    this.transportId = transportOf(options.group);
    this.tuning = { ...DEFAULT_TUNING, ...options.tuning };
  }

  override listen(callback: (error?: Error) => void): void {
    readForeignCodecsAsPoison();
    const handlers = new Map([...this.messageHandlers].map(([topic, handler]) => [topic, laneHandler(topic, handler)]));
    if (handlers.size === 0) {
      return callback(new InvalidConfiguration(`no handler is declared for the consumer group ${this.options.group}`));
    }
    this.consumer = new GroupConsumer([...handlers.keys()], this.options, this.tuning, (topic, partition) => {
      return new PartitionLane(topic, partition, handlers.get(topic), {
        deadLetter: (letters) => this.deadLetter(letters),
        dropped: (of, reason, count) => this.options.observer?.dropped?.({ topic: of, reason, count }),
      });
    });
    this.consumer.start();
    callback();
  }

  /** Fetches no more, lets running handlers end, commits, leaves the group, disconnects. */
  override async close(): Promise<void> {
    await this.consumer?.close();
  }

  state(): ConsumerState {
    return this.consumer?.state() ?? { status: 'connecting' };
  }

  override on(): never {
    throw new Error('the strategy reports by its observer, emits no events');
  }

  override unwrap<T>(): T {
    throw new Error('the client stays behind libs/kafka');
  }

  private async deadLetter(letters: readonly DeadLetterReason[]): Promise<void> {
    await sendDeadLetters(this.options.deadLetters, letters);
    for (const { record, stage, error } of letters) {
      this.options.observer?.deadLettered?.({ topic: record.topic, stage, count: 1 });
      const { topic, partition, offset } = record;
      this.options.logger?.error('record sent to the dead-letter topic', {
        topic,
        partition,
        offset: String(offset),
        stage,
        error: error.message,
      });
    }
  }
}

function laneHandler(topic: string, handler: MessageHandler): LaneHandler {
  const settings = (handler.extras as { kafka?: HandlerSettings } | undefined)?.kafka;
  if (!settings) throw new InvalidConfiguration(`the handler of ${topic} is not declared by libs/kafka's decorators`);
  if (handler.next) throw new InvalidConfiguration(`topic ${topic} has two handlers in one consumer group`);
  return {
    settings,
    async invoke(payload: KafkaBatch | KafkaRecord): Promise<unknown> {
      const answer: unknown = await handler(payload);
      return isObservable(answer) ? lastValueFrom(answer, { defaultValue: undefined }) : answer;
    },
  };
}
