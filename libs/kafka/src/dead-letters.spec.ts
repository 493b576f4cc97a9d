import { RecordTooLarge, TOPICS } from '@lienmach/contracts';
import { describe, expect, it } from '@jest/globals';
import {
  canBeRedriven,
  deadLetterRecord,
  parseDeadLetter,
  redriveMark,
  redrivenLetter,
  redriveRecord,
  sendDeadLetters,
} from './dead-letters.js';
import type { KafkaRecord, OutgoingRecord } from './record.js';

const original: KafkaRecord = {
  topic: 'channel.facebook.v1',
  partition: 7,
  offset: 9_007_199_254_740_993n,
  timestamp: 1_795_000_000_000,
  key: Buffer.from([0xff, 0x00, 0x7b]),
  value: Buffer.from('{"id": 12345678901234567890'),
  headers: { id: Buffer.from('7b0c4f0e'), twice: [Buffer.from('1'), Buffer.from('2')], empty: undefined },
};
const reason = { record: original, stage: 'validate', error: new TypeError('no id') };

const asRead = ({ topic, key, value, headers, timestamp }: OutgoingRecord): KafkaRecord => ({
  topic,
  partition: 2,
  offset: 5n,
  timestamp: timestamp ?? 0,
  key: key as Buffer | null,
  value: value as Buffer | null,
  headers: headers ?? {},
});

describe('dead letters', () => {
  it('carry the original and the reason under the names of Kafka Connect, and give the original back', () => {
    const sent = deadLetterRecord(reason);
    expect(sent).toMatchObject({
      topic: TOPICS.deadLetter,
      key: original.key,
      value: original.value,
      timestamp: original.timestamp,
    });
    expect(sent.headers).toMatchObject({
      '__connect.errors.topic': 'channel.facebook.v1',
      '__connect.errors.partition': '7',
      '__connect.errors.offset': '9007199254740993',
      '__connect.errors.stage': 'validate',
      '__connect.errors.exception.class.name': 'TypeError',
      '__connect.errors.exception.message': 'no id',
    });

    const letter = parseDeadLetter(asRead(sent))!;
    expect(letter).toMatchObject({
      id: 'dead-letter.v1/2/5',
      stage: 'validate',
      errorClass: 'TypeError',
      complete: true,
    });
    expect(letter.source).toEqual({ topic: 'channel.facebook.v1', partition: 7, offset: '9007199254740993' });
    const back = redriveRecord(letter);
    expect(back).toMatchObject({
      topic: original.topic,
      key: original.key,
      value: original.value,
      timestamp: original.timestamp,
    });
    expect(back.headers).toEqual({
      id: original.headers.id,
      twice: original.headers.twice,
      empty: '',
      'lienmach.redriven-from': 'dead-letter.v1/2/5',
    });
  });

  it('are marked beside themselves when they have been re-driven', () => {
    const letter = parseDeadLetter(asRead(deadLetterRecord(reason)))!;
    const mark = asRead(redriveMark(letter));
    expect(mark.key).toEqual(original.key);
    expect(redrivenLetter(mark)).toBe(letter.id);
    expect(parseDeadLetter(mark)).toBeUndefined();
  });

  it('of a door have no topic to go back to', () => {
    const headers = { '__connect.errors.topic': 'raw.facebook.v1', '__connect.errors.stage': 'door' };
    const letter = parseDeadLetter(asRead({ topic: TOPICS.deadLetter, key: 'k', value: null, headers }))!;
    expect(letter.source).toEqual({ topic: 'raw.facebook.v1', partition: null, offset: null });
    expect(canBeRedriven(letter)).toBe(false);
  });

  it('go without the bytes when these leave no room for the reason', async () => {
    const sent: OutgoingRecord[] = [];
    const sender = {
      send: (records: readonly OutgoingRecord[]) => {
        if (records[0]!.value) return Promise.reject(new RecordTooLarge('4 MiB'));
        sent.push(...records);
        return Promise.resolve();
      },
    };
    await sendDeadLetters(sender, [reason]);
    const letter = parseDeadLetter(asRead(sent[0]!))!;
    expect(letter).toMatchObject({ value: null, complete: false });
    expect(canBeRedriven(letter)).toBe(false);
  });
});
