import type { AccountDirectory } from '@lienmach/accounts';
import { Setting, StackSettings, type ProcessContext } from '@lienmach/platform';
import {
  ArrayNotEmpty,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Max,
  Min,
  MinLength,
} from 'class-validator';

/** Composition roots of core, each of which may run by itself and several times. */
export const CORE_ROLES = ['ingest', 'relay', 'api', 'jobs'] as const;
export type CoreRole = (typeof CORE_ROLES)[number];

export class CoreSettings extends StackSettings {
  @Setting('a port between 0 and 65535')
  @IsInt()
  @Min(0)
  @Max(65_535)
  port: number = 3000;

  @Setting(`some of ${CORE_ROLES.join(', ')}, separated by commas`)
  @IsArray()
  @ArrayNotEmpty()
  @IsIn(CORE_ROLES, { each: true })
  coreRoles: string[] = [...CORE_ROLES];

  @Setting('at least 16 characters that nobody can guess (`openssl rand -hex 32`): the first API token')
  @IsOptional()
  @IsString()
  @MinLength(16)
  adminToken?: string;

  @Setting('true where one command runs servers and processes for one developer')
  @IsBoolean()
  lienmachEmbedded: boolean = false;
}

/** What every composition root may inject, by its class. */
export interface CoreParts extends ProcessContext {
  readonly settings: CoreSettings;
  readonly accounts: AccountDirectory;
}
