import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Matches, ValidateNested } from 'class-validator';
import { settingsSchema } from './settings-schema.js';

class ServerOfSchemaSpec {
  @IsString()
  host!: string;

  @IsOptional()
  @IsInt()
  port?: number;
}

class BaseOfSchemaSpec {
  @IsOptional()
  @IsString({ message: 'sender must be a name' })
  sender?: string;
}

class SettingsOfSchemaSpec extends BaseOfSchemaSpec {
  @IsString({ message: 'secret must be set: the vendor signs with it' })
  @Matches(/^.{8,}$/, { message: 'secret must be longer' })
  secret!: string;

  @ValidateNested()
  @Type(() => ServerOfSchemaSpec)
  server!: ServerOfSchemaSpec;
}

describe('settingsSchema', () => {
  it('holds everything that is needed to check settings without their class', () => {
    expect(settingsSchema(SettingsOfSchemaSpec)).toEqual({
      type: 'object',
      properties: {
        secret: {
          type: 'string',
          pattern: '^.{8,}$',
          errorMessage: expect.stringMatching(/secret must be set: the vendor signs with it/),
        },
        server: { $ref: '#/definitions/ServerOfSchemaSpec' },
        sender: { type: 'string', errorMessage: 'sender must be a name' },
      },
      required: ['secret', 'server'],
      additionalProperties: false,
      definitions: {
        ServerOfSchemaSpec: {
          type: 'object',
          properties: { host: { type: 'string' }, port: { type: 'integer' } },
          required: ['host'],
          additionalProperties: false,
        },
      },
    });
  });
});
