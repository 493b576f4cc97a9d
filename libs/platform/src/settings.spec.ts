import { describe, expect, it } from '@jest/globals';
import { IsInt, Max, Min } from 'class-validator';
import { KafkaProcessSettings, StackSettings } from './process.config.js';
import { environmentName, InvalidConfiguration, loadSettings, Setting } from './settings.js';

class DoorSettings extends StackSettings {
  @Setting('a port, 1 to 65535')
  @IsInt()
  @Min(1)
  @Max(65535)
  port: number = 3100;
}

const key = Buffer.alloc(32, 7).toString('base64');
const good = {
  KAFKA_BROKERS: '127.0.0.1:9092, kafka-2:9093',
  DATABASE_URL: 'postgres://lienmach:hunter2@db:5432/lienmach',
  SECRETS_KEY: key,
};

function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    loadSettings(DoorSettings, env, { port: 'FACEBOOK_PORT' });
  } catch (error) {
    if (error instanceof InvalidConfiguration) return error.problems;
    throw error;
  }
  return [];
}

describe('loadSettings', () => {
  it('reads each type from the environment and keeps the defaults', () => {
    const settings = loadSettings(
      DoorSettings,
      { ...good, FACEBOOK_PORT: '3999', KAFKA_SSL: 'yes', LOG_LEVEL: '' },
      { port: 'FACEBOOK_PORT' },
    );
    expect(settings.kafkaBrokers).toEqual(['127.0.0.1:9092', 'kafka-2:9093']);
    expect(settings.secretsKey).toEqual(Buffer.alloc(32, 7));
    expect(settings).toMatchObject({
      port: 3999,
      kafkaSsl: true,
      host: '127.0.0.1',
      topicPrefix: '',
      logLevel: 'info',
    });
    expect(settings.accountsFile).toBeUndefined();
    expect(Object.isFrozen(settings)).toBe(true);
  });

  it('says one sentence per wrong setting, by the name that the operator set', () => {
    expect(problemsOf({ ...good, FACEBOOK_PORT: '70000', SECRETS_KEY: 'c2hvcnQ=' })).toEqual(
      expect.arrayContaining([
        'FACEBOOK_PORT is not usable: expected a port, 1 to 65535.',
        expect.stringMatching(/^SECRETS_KEY is not usable: expected 32 random bytes in base64/),
      ]),
    );
    expect(problemsOf({ ...good, FACEBOOK_PORT: '70000', SECRETS_KEY: 'c2hvcnQ=' })).toHaveLength(2);
  });

  it.each([
    ['KAFKA_BROKERS', ''],
    ['DATABASE_URL', '  '],
    ['SECRETS_KEY', ''],
  ])('says that %s is missing', (name, value) => {
    expect(problemsOf({ ...good, [name]: value })).toEqual([expect.stringContaining(`${name} is missing: expected `)]);
  });

  it.each([
    ['FACEBOOK_PORT', '3.5'],
    ['FACEBOOK_PORT', '0x1f'],
    ['FACEBOOK_PORT', '-1'],
    ['KAFKA_SSL', 'maybe'],
    ['KAFKA_BROKERS', 'localhost'],
    ['KAFKA_BROKERS', ','],
    ['DATABASE_URL', 'mysql://x'],
    ['LOG_LEVEL', 'loud'],
    ['TOPIC_PREFIX', 'a b'],
    ['KAFKA_SASL_MECHANISM', 'gssapi'],
  ])('refuses %s=%s', (name, value) => {
    expect(problemsOf({ ...good, [name]: value })).toEqual([expect.stringContaining(`${name} is not usable`)]);
  });

  it('never repeats a value, for it may be a secret', () => {
    expect(problemsOf({ ...good, DATABASE_URL: 'mysql://root:hunter2@db' }).join()).not.toContain('hunter2');
  });

  it('reads only what the class asks for', () => {
    expect(loadSettings(KafkaProcessSettings, { KAFKA_BROKERS: 'k:1' })).not.toHaveProperty('databaseUrl');
  });

  it('makes environment names of properties', () => {
    expect(environmentName('kafkaSaslUsername')).toBe('KAFKA_SASL_USERNAME');
  });
});
