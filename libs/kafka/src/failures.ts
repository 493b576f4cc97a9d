/** kafkajs wraps the last failure of a retriable kind, and anything it will not repeat, in errors of its own. */
function causeOf(error: unknown): unknown {
  return error instanceof Error && error.name === 'KafkaJSNumberOfRetriesExceeded' ? causeOf(error.cause) : error;
}

/** Marked as not retriable by kafkajs, yet what it says whenever no broker answers, or none has its internal topics yet. */
const PASSING = ['KafkaJSGroupCoordinatorNotFound', 'KafkaJSTimeout', 'KafkaJSLockTimeout'];

export function isUnknownTopic(error: unknown): boolean {
  const cause = causeOf(error);
  return cause instanceof Error && 'type' in cause && cause.type === 'UNKNOWN_TOPIC_OR_PARTITION';
}

/** Whether a failure can only be mended by changing the records, the topics, the rights or the program. */
export function isPermanent(error: unknown): boolean {
  const cause = causeOf(error);
  if (!(cause instanceof Error) || PASSING.includes(cause.name)) return false;
  return isUnknownTopic(cause) || ('retriable' in cause && cause.retriable === false);
}
