/**
 * The usual consumer: kafkajs' eachMessage, and for each message the person, the timeline row and the outbox row by `repository.save`,
 * in one transaction, as the outbox pattern wants it.
 */
import 'reflect-metadata';
import { Kafka, logLevel } from 'kafkajs';
import { Column, CreateDateColumn, DataSource, Entity, Index, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';
import type { ChannelEvent, MessageData } from '@lienmach/contracts';
import { converse, given } from './conversation.js';

@Entity({ schema: 'usual', name: 'person' })
@Index(['tenant', 'identifier'], { unique: true })
class PersonEntity {
  @PrimaryGeneratedColumn('uuid')
  id!: string;

  @Column('text')
  tenant!: string;

  @Column('text')
  identifier!: string;

  @Column('timestamptz')
  lastSeenAt!: Date;
}

@Entity({ schema: 'usual', name: 'timeline' })
@Index(['personId', 'at'])
class TimelineEntity {
  @PrimaryColumn('uuid')
  eventId!: string;

  @Column('uuid')
  personId!: string;

  @Column('timestamptz')
  at!: Date;

  @Column('text')
  channel!: string;

  @Column('jsonb')
  value!: unknown;
}

@Entity({ schema: 'usual', name: 'outbox' })
class OutboxEntity {
  @PrimaryGeneratedColumn({ type: 'bigint' })
  seq!: string;

  @Column('text')
  topic!: string;

  @Column('text')
  key!: string;

  @Column('jsonb')
  payload!: unknown;

  @CreateDateColumn({ type: 'timestamptz', default: () => 'clock_timestamp()' })
  createdAt!: Date;
}

const database = new DataSource({
  type: 'postgres',
  url: given('DATABASE_URL'),
  entities: [PersonEntity, TimelineEntity, OutboxEntity],
  poolSize: 8,
});
await database.initialize();
await database.query('CREATE SCHEMA usual');
await database.synchronize();

async function handle(text: string, key: string): Promise<void> {
  const event = JSON.parse(text) as ChannelEvent<MessageData>;
  await database.transaction(async (manager) => {
    const people = manager.getRepository(PersonEntity);
    const who = { tenant: event.tenant, identifier: event.identifier! };
    const person = (await people.findOneBy(who)) ?? people.create(who);
    person.lastSeenAt = new Date(event.time);
    await people.save(person);
    const row = { eventId: event.id, personId: person.id, at: new Date(event.time), channel: event.channel };
    await manager.getRepository(TimelineEntity).save({ ...row, value: event });
    const payload = { ...event, personId: person.id };
    await manager.getRepository(OutboxEntity).save({ topic: 'interaction.events.v1', key, payload });
  });
}

const consumer = new Kafka({ brokers: [given('KAFKA_BROKERS')], logLevel: logLevel.ERROR }).consumer({
  groupId: `${given('TOPIC_PREFIX')}usual`,
});
await consumer.connect();
await consumer.subscribe({ topics: [given('BENCH_TOPIC')], fromBeginning: true });
const joined = new Promise((resolve) => consumer.on(consumer.events.GROUP_JOIN, resolve));
await consumer.run({ eachMessage: ({ message }) => handle(String(message.value), String(message.key)) });
await joined;
converse();
