import { parseArgs } from 'node:util';
import { TOPICS } from '@lienmach/contracts';
import {
  canBeRedriven,
  createGatheringProducer,
  parseDeadLetter,
  readToEnd,
  redriveMark,
  redrivenLetter,
  redriveRecord,
  type DeadLetter,
  type KafkaConnection,
} from '@lienmach/kafka';
import { onBroker, toolConnection } from './broker-address.js';
import { SetupError } from './embedded/setup-error.js';
import { textTable } from './text-table.js';

/**
 * `npm run redrive` lists dead letters; `npm run redrive -- <id>…` or `-- --all [--stage S]` sends their original bytes, key and
 * headers back to the topic they came from, and marks them.
 */
const DEADLINE_MS = 30_000;

interface Letters {
  readonly letters: readonly DeadLetter[];
  /** Ids of letters with a mark. */
  readonly redriven: ReadonlySet<string>;
}

async function readLetters(connection: KafkaConnection): Promise<Letters> {
  const letters: DeadLetter[] = [];
  const redriven = new Set<string>();
  await readToEnd(connection, TOPICS.deadLetter, (record) => {
    const marked = redrivenLetter(record);
    const letter = parseDeadLetter(record);
    if (marked !== undefined) redriven.add(marked);
    if (letter) letters.push(letter);
  });
  return { letters: letters.sort(bySource), redriven };
}

/** As they stood in their topics, so that a key's records go back in order. */
function bySource({ source: a, timestamp: at }: DeadLetter, { source: b, timestamp: bt }: DeadLetter): number {
  return (
    a.topic.localeCompare(b.topic) ||
    Number(a.partition) - Number(b.partition) ||
    Number(a.offset) - Number(b.offset) ||
    at - bt
  );
}

const sourceOf = ({ source: { topic, partition, offset } }: DeadLetter): string =>
  offset === null ? `${topic} (never on it)` : `${topic}/${partition}/${offset}`;

function fate(letter: DeadLetter, redriven: ReadonlySet<string>): string {
  if (redriven.has(letter.id)) return 're-driven';
  return canBeRedriven(letter) ? 'waits' : 'cannot be re-driven';
}

function list({ letters, redriven }: Letters): string {
  if (letters.length === 0) return 'There are no dead letters.';
  const rows = letters.map((letter) => [
    letter.id,
    new Date(letter.timestamp).toISOString(),
    letter.stage,
    sourceOf(letter),
    String(letter.value?.length ?? 0),
    fate(letter, redriven),
    `${letter.errorClass}: ${letter.errorMessage}`.replace(/\s+/g, ' ').slice(0, 160),
  ]);
  return textTable(['id', 'time', 'stage', 'source', 'bytes', 'state', 'reason'], rows);
}

function chosen({ letters, redriven }: Letters, ids: readonly string[], stage: string | undefined): DeadLetter[] {
  if (ids.length === 0) {
    return letters.filter(
      (letter) => fate(letter, redriven) === 'waits' && (stage === undefined || letter.stage === stage),
    );
  }
  return ids.map((id) => {
    const letter = letters.find((one) => one.id === id);
    if (!letter) throw new SetupError(`There is no dead letter ${id}: "npm run redrive" lists them.`);
    if (canBeRedriven(letter)) return letter;
    const why = letter.complete
      ? 'it never was on a topic, its sender must repeat it'
      : 'its bytes are only at its source';
    throw new SetupError(`Dead letter ${id} cannot be re-driven: ${why}.`);
  });
}

async function redrive(connection: KafkaConnection, letters: readonly DeadLetter[]): Promise<void> {
  const producer = createGatheringProducer(connection, { maxQueueAgeMs: DEADLINE_MS });
  try {
    for (const letter of letters) {
      await producer.send([redriveRecord(letter)], { deadlineMs: DEADLINE_MS });
      // after the acknowledgement: a letter is rather sent twice, with the same event id, than marked and lost
      await producer.send([redriveMark(letter)], { deadlineMs: DEADLINE_MS });
      console.log(`${letter.id} → ${letter.source.topic}`);
    }
  } finally {
    await producer.close();
  }
}

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: { all: { type: 'boolean', default: false }, stage: { type: 'string' } },
    });
  } catch (error) {
    throw new SetupError((error as Error).message);
  }
}

const { values, positionals } = readArguments();
if (values.all && positionals.length > 0) throw new SetupError('Give either ids or --all, not both.');
if (values.stage !== undefined && !values.all) throw new SetupError('--stage chooses among all: add --all.');

const connection = toolConnection(process.env, 'redrive');
await onBroker(connection, async () => {
  const found = await readLetters(connection);
  if (!values.all && positionals.length === 0) {
    console.log(list(found));
    return;
  }
  const letters = chosen(found, positionals, values.stage);
  await redrive(connection, letters);
  console.log(letters.length === 1 ? '1 dead letter re-driven.' : `${letters.length} dead letters re-driven.`);
});
