import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

/** Of the documentation alone: which settings there are is the adapters' business, they are checked against what these said. */
export class AccountChangeDto {
  @ApiPropertyOptional({ type: String, nullable: true, description: 'Null: the tenant’s.' })
  brand?: string | null;

  @ApiPropertyOptional({ description: 'A disabled account is one that its door does not know.' })
  enabled?: boolean;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    description: 'Settings may also stand beside the other fields, as in ACCOUNTS_FILE. Null takes a setting away.',
  })
  settings?: Record<string, unknown>;
}

export class NewAccountDto extends AccountChangeDto {
  @ApiProperty({ example: 'call' })
  channel!: string;

  @ApiPropertyOptional({ description: 'Needed where the channel has several.' })
  vendor?: string;

  @ApiProperty({ description: 'By which the vendor knows it. An account belongs to one tenant.', example: 'pbx-1' })
  id!: string;
}

export class ReconnectDto {
  @ApiProperty({ description: 'Why the vendor renews the token no more.' })
  reason!: string;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Where an administrator of the account at the vendor gives leave anew; for admins alone.',
  })
  url!: string | null;
}

export class TokenStateDto {
  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'Null: not known.' })
  expiresAt!: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'Null: not yet.' })
  renewedAt!: string | null;

  @ApiProperty({
    type: ReconnectDto,
    nullable: true,
    description: 'Set when the account must be connected anew; its replies wait.',
  })
  reconnect!: ReconnectDto | null;
}

export class PauseDto {
  @ApiProperty({ description: 'What the vendor has against the account, and what to mend.' })
  reason!: string;

  @ApiProperty({ format: 'date-time', description: 'Then it is tried again; sooner if the settings change.' })
  until!: string;
}

export class AccountDto {
  @ApiProperty({ example: 'call' })
  channel!: string;

  @ApiProperty({ description: 'The channel’s own name where it has one vendor.' })
  vendor!: string;

  @ApiProperty({ example: 'pbx-1' })
  id!: string;

  @ApiProperty({ type: String, nullable: true, description: 'Null: the tenant’s.' })
  brand!: string | null;

  @ApiProperty()
  enabled!: boolean;

  @ApiProperty({ type: 'object', additionalProperties: true, description: 'Without the secrets.' })
  settings!: Record<string, unknown>;

  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'string', enum: ['set', 'unset'] },
    description: 'Every secret setting that there may be. What it is set to is never shown.',
  })
  secrets!: Record<string, 'set' | 'unset'>;

  @ApiProperty({
    type: [String],
    description: 'Addresses to enter at the vendor. Where one holds a secret, an admin alone sees it.',
  })
  webhooks!: string[];

  @ApiProperty({
    type: [String],
    description: 'Numbers and addresses of the business itself, as the adapter found them.',
  })
  ownNumbers!: string[];

  @ApiProperty({
    type: [String],
    description: 'Why the adapter cannot use the settings, as it said itself: the door is shut until they are mended.',
  })
  problems!: string[];

  @ApiProperty({
    type: TokenStateDto,
    nullable: true,
    description: 'Of the access token that the adapter renews itself; null where there is none.',
  })
  token!: TokenStateDto | null;

  @ApiProperty({ type: PauseDto, nullable: true, description: 'Set while replies of the account wait.' })
  pause!: PauseDto | null;
}

export class AccountChangeEntryDto {
  @ApiProperty({ format: 'date-time' })
  at!: string;

  @ApiProperty({ description: 'Name of the token; ACCOUNTS_FILE where the file was applied.' })
  actor!: string;

  @ApiProperty({ enum: ['created', 'changed'] })
  kind!: 'created' | 'changed';

  @ApiProperty({ type: [String], description: 'Names of the fields that were set.' })
  fields!: string[];
}

export class AccountWithChangesDto extends AccountDto {
  @ApiProperty({ type: [AccountChangeEntryDto], description: 'Who set what, newest first, at most 50.' })
  changes!: AccountChangeEntryDto[];
}

export class AccountsDto {
  @ApiProperty({ type: [AccountDto] })
  items!: AccountDto[];

  @ApiProperty({ type: String, nullable: true })
  next!: string | null;
}

export class AccountTestDto {
  @ApiProperty()
  ok!: boolean;

  @ApiProperty({ description: 'How the vendor calls the account; else what to mend.' })
  detail!: string;
}
