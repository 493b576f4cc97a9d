export { KafkaBatchStrategy } from './batch.strategy.js';
export { kafkaConnectionFromEnv, withoutPrefix, withPrefix } from './connection.js';
export type { KafkaConnection, KafkaLogger } from './connection.js';
export type { ConsumerObserver, ConsumerState, ConsumerTuning, KafkaStrategyOptions } from './consumer-settings.js';
export {
  canBeRedriven,
  deadLetterRecord,
  parseDeadLetter,
  redriveMark,
  redrivenLetter,
  redriveRecord,
  sendDeadLetters,
} from './dead-letters.js';
export type { DeadLetter, RecordSender } from './dead-letters.js';
export { createGatheringProducer, GatheringProducer } from './gathering-producer.js';
export type { ProducerState } from './gathering-producer.js';
export { KafkaBatchHandler, KafkaRecordHandler } from './handlers.js';
export type { BatchHandlerOptions, RecordHandlerOptions } from './handlers.js';
export { deadLetter, drop, ok, seekTo } from './outcome.js';
export type { BatchOutcome, DeadLetterReason, KafkaBatch, RecordOutcome } from './outcome.js';
export { partitionOf } from './partitioner.js';
export type { ProducerLimits, ProducerObserver, ProducerOptions } from './producer-limits.js';
export type { ProducerTransport } from './producer-transport.js';
export { headerText } from './record.js';
export type { HeaderValue, KafkaRecord, OutgoingRecord } from './record.js';
export { readToEnd } from './topic-reader.js';
export { ensureTopics } from './topic-set-up.js';
export type { TopicDifference, TopicReport } from './topic-set-up.js';
