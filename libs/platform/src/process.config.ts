import { ArrayNotEmpty, IsArray, IsBoolean, IsIn, IsOptional, IsString, Matches, MinLength } from 'class-validator';
import { IsBytes, Setting } from './settings.js';

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** What every process reads from its environment. */
export class ProcessSettings {
  @Setting('an address to listen on, such as 127.0.0.1 or 0.0.0.0')
  @IsString()
  @MinLength(1)
  host: string = '127.0.0.1';

  @Setting(`one of ${LOG_LEVELS.join(', ')}`)
  @IsIn(LOG_LEVELS)
  logLevel: LogLevel = 'info';
}

/** What a process that speaks to Kafka reads as well. */
export class KafkaProcessSettings extends ProcessSettings {
  @Setting('host:port, several separated by commas')
  @IsArray()
  @ArrayNotEmpty()
  @Matches(/^[^\s:]+:\d{1,5}$|^\[[0-9a-fA-F:]+\]:\d{1,5}$/, { each: true })
  kafkaBrokers!: string[];

  @Setting('true or false')
  @IsBoolean()
  kafkaSsl: boolean = false;

  @Setting('plain, scram-sha-256 or scram-sha-512')
  @IsOptional()
  @IsIn(['plain', 'scram-sha-256', 'scram-sha-512'])
  kafkaSaslMechanism?: 'plain' | 'scram-sha-256' | 'scram-sha-512';

  @Setting('the user name for SASL')
  @IsOptional()
  @IsString()
  kafkaSaslUsername?: string;

  @Setting('the password for SASL')
  @IsOptional()
  @IsString()
  kafkaSaslPassword?: string;

  @Setting('letters, digits, dots, dashes and underscores, put before every topic')
  @Matches(/^[A-Za-z0-9._-]*$/)
  topicPrefix: string = '';
}

/** What core and the adapters read as well: PostgreSQL and the channel accounts in it. */
export class StackSettings extends KafkaProcessSettings {
  @Setting('the PostgreSQL to use, postgres://user:password@host:5432/database')
  @Matches(/^postgres(ql)?:\/\//)
  databaseUrl!: string;

  @Setting('32 random bytes in base64 (`openssl rand -base64 32`); stored credentials are encrypted with it')
  @IsBytes(32)
  secretsKey!: Buffer;

  @Setting('the path of a YAML or JSON file with tenants and their channel accounts')
  @IsOptional()
  @IsString()
  accountsFile?: string;
}
