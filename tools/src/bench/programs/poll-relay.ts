/** The usual relay: read a hundred waiting rows in order, send them in one awaited request (acks=all), mark them, again; a short sleep when there are none. */
import { setTimeout as pause } from 'node:timers/promises';
import { Kafka, Partitioners, logLevel } from 'kafkajs';
import pg from 'pg';
import { converse, given } from './conversation.js';

interface Row {
  seq: string;
  id: string;
  aggregatetype: string;
  aggregateid: string;
  payload: string;
}

const client = new pg.Client({ connectionString: given('DATABASE_URL') });
await client.connect();
// without it the loop would walk over all that it has published already
await client.query('CREATE INDEX bench_waiting ON core.outbox (seq) WHERE published_at IS NULL');

const producer = new Kafka({ brokers: [given('KAFKA_BROKERS')], logLevel: logLevel.ERROR }).producer({
  createPartitioner: Partitioners.DefaultPartitioner,
  allowAutoTopicCreation: false,
});
await producer.connect();
converse();

for (;;) {
  const { rows } = await client.query<Row>(
    `SELECT seq, id, aggregatetype, aggregateid, payload::text AS payload
     FROM core.outbox WHERE published_at IS NULL ORDER BY seq LIMIT 100`,
  );
  if (rows.length === 0) {
    await pause(10);
    continue;
  }
  await producer.send({
    topic: `${given('TOPIC_PREFIX')}${rows[0]!.aggregatetype}`,
    acks: -1,
    messages: rows.map(({ aggregateid, payload, id }) => ({ key: aggregateid, value: payload, headers: { id } })),
  });
  await client.query('UPDATE core.outbox SET published_at = clock_timestamp() WHERE seq = ANY($1::bigint[])', [
    rows.map(({ seq }) => seq),
  ]);
}
