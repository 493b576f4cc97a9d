import { InvalidConfiguration } from '@lienmach/platform';
import { describe, expect, it } from '@jest/globals';
import { kafkaConnectionFromEnv, withoutPrefix, withPrefix } from './connection.js';

describe('kafkaConnectionFromEnv', () => {
  it('reads brokers, TLS, SASL and the prefix', () => {
    const env = {
      KAFKA_BROKERS: 'a:9092, b:9092,',
      KAFKA_SSL: 'true',
      KAFKA_SASL_MECHANISM: 'SCRAM-SHA-512',
      KAFKA_SASL_USERNAME: 'core',
      KAFKA_SASL_PASSWORD: 'secret',
      TOPIC_PREFIX: 'staging.',
    };
    expect(kafkaConnectionFromEnv(env, 'core')).toEqual({
      brokers: ['a:9092', 'b:9092'],
      clientId: 'core',
      ssl: true,
      sasl: { mechanism: 'scram-sha-512', username: 'core', password: 'secret' },
      topicPrefix: 'staging.',
    });
  });

  it.each([
    [{}, 'KAFKA_BROKERS'],
    [{ KAFKA_BROKERS: 'a:1', KAFKA_SSL: 'maybe' }, 'KAFKA_SSL'],
    [{ KAFKA_BROKERS: 'a:1', KAFKA_SASL_USERNAME: 'core' }, 'KAFKA_SASL_PASSWORD'],
    [
      { KAFKA_BROKERS: 'a:1', KAFKA_SASL_USERNAME: 'u', KAFKA_SASL_PASSWORD: 'p', KAFKA_SASL_MECHANISM: 'x' },
      'KAFKA_SASL_MECHANISM',
    ],
    [{ KAFKA_BROKERS: 'a:1', TOPIC_PREFIX: 'a b' }, 'TOPIC_PREFIX'],
  ])('names the setting that is wrong: %j', (env, name) => {
    expect(() => kafkaConnectionFromEnv(env, 'core')).toThrow(InvalidConfiguration);
    expect(() => kafkaConnectionFromEnv(env, 'core')).toThrow(name);
  });

  it('adds and takes away the prefix', () => {
    const connection = { brokers: ['a:1'], clientId: 'c', topicPrefix: 'x.' };
    expect(withPrefix(connection, 'raw.call.v1')).toBe('x.raw.call.v1');
    expect(withoutPrefix(connection, 'x.raw.call.v1')).toBe('raw.call.v1');
    expect(withoutPrefix(connection, 'y.raw.call.v1')).toBeUndefined();
  });
});
