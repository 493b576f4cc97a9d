import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsBoolean,
  IsInt,
  IsOptional,
  IsString,
  Max,
  MaxLength,
  Min,
  ValidateBy,
  ValidateNested,
} from 'class-validator';
import { ChangeDto } from '../identity/evidence.dto.js';
import { blockedValue, DEFAULT_RULES } from './rule-set.js';

const MOST_BLOCKED = 1_000;

/** A whole number within bounds; left out, it is the one that holds for whoever has set none. */
const Whole = (description: string, standard: number, least: number, most: number): PropertyDecorator => {
  const decorators = [
    ApiPropertyOptional({ type: 'integer', description, default: standard, minimum: least, maximum: most }),
    IsOptional(),
    IsInt(),
    Min(least),
    Max(most),
  ];
  return (target, property) => decorators.forEach((decorate) => decorate(target, property));
};

const IsNumberOrAddress = (): PropertyDecorator =>
  ValidateBy(
    {
      name: 'numberOrAddress',
      validator: {
        validate: (value) => typeof value === 'string' && blockedValue(value) !== null,
        defaultMessage: () => 'each value in $property must be a telephone number or an e-mail address',
      },
    },
    { each: true },
  );

const { identity, threads } = DEFAULT_RULES;
const { caps, limits } = identity;

export class CapsDto {
  @Whole('Telephone numbers that a person is given without an agent (I8).', caps.phone, 1, 100)
  phone: number = caps.phone;

  @Whole('E-mail addresses that a person is given without an agent (I8).', caps.email, 1, 100)
  email: number = caps.email;
}

export class LimitsDto {
  @Whole('Identifiers of a person (I16).', limits.identifiers, 2, 1_000)
  identifiers: number = limits.identifiers;

  @Whole('Distinct pairs that join a person (I16).', limits.pairs, 1, 5_000)
  pairs: number = limits.pairs;
}

export class IdentityRulesDto {
  @Whole('Days between a claim and the contact that corroborates it (I5).', identity.corroborationDays, 0, 365)
  corroborationDays: number = identity.corroborationDays;

  @Whole('Days for which another claimant stands against a claim (I5).', identity.claimantDays, 0, 3_650)
  claimantDays: number = identity.claimantDays;

  @Whole('Customers who can’t be one person and make a number shared (I7).', identity.sharedBy, 2, 100)
  sharedBy: number = identity.sharedBy;

  @Whole('Days within which they do (I7).', identity.sharedDays, 0, 3_650)
  sharedDays: number = identity.sharedDays;

  @Whole('Days without a call or text after which a number may be a new owner’s (I13).', identity.silentDays, 30, 3_650)
  silentDays: number = identity.silentDays;

  @Whole(
    'Days around the next contact within which somebody new must claim it then (I13).',
    identity.newOwnerDays,
    0,
    365,
  )
  newOwnerDays: number = identity.newOwnerDays;

  @ApiPropertyOptional({ type: CapsDto })
  @IsOptional()
  @ValidateNested()
  @Type(() => CapsDto)
  caps: CapsDto = new CapsDto();

  @ApiPropertyOptional({ type: LimitsDto })
  @IsOptional()
  @ValidateNested()
  @Type(() => LimitsDto)
  limits: LimitsDto = new LimitsDto();

  @ApiPropertyOptional({
    type: [String],
    default: [],
    example: ['0900 000 999', 'showroom@example.com'],
    description: `Numbers and addresses that join nobody (I6), in any notation; at most ${MOST_BLOCKED}.`,
  })
  @IsOptional()
  @ArrayMaxSize(MOST_BLOCKED)
  @MaxLength(254, { each: true })
  @IsString({ each: true })
  @IsNumberOrAddress()
  blocked: string[] = [];
}

export class ThreadRulesDto {
  @Whole(
    'Hours after the last word of an open conversation in which another channel still continues it (T5).',
    threads.carryOverHours,
    0,
    30 * 24,
  )
  carryOverHours: number = threads.carryOverHours;

  @ApiPropertyOptional({
    default: threads.botStopsClock,
    description: 'Whether the answer of a bot stops the waiting clock (T8).',
  })
  @IsOptional()
  @IsBoolean()
  botStopsClock: boolean = threads.botStopsClock;
}

export class RulesDto {
  @ApiPropertyOptional({ type: IdentityRulesDto })
  @IsOptional()
  @ValidateNested()
  @Type(() => IdentityRulesDto)
  identity: IdentityRulesDto = new IdentityRulesDto();

  @ApiPropertyOptional({ type: ThreadRulesDto })
  @IsOptional()
  @ValidateNested()
  @Type(() => ThreadRulesDto)
  threads: ThreadRulesDto = new ThreadRulesDto();
}

export class NewRulesDto extends RulesDto {
  @ApiPropertyOptional({ type: String, nullable: true, description: 'Why; kept beside the version.' })
  @IsOptional()
  @MaxLength(1_000)
  @IsString()
  reason: string | null = null;
}

export class RuleSetDto {
  @ApiProperty({ type: RulesDto })
  rules!: RulesDto;

  @ApiProperty({ description: 'Stands in `rulesversion` of events; 1: no rules were ever set.' })
  version!: number;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  changedAt!: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'Who changed it.' })
  changedBy!: string | null;

  @ApiProperty({ type: String, nullable: true })
  reason!: string | null;
}

export class AppliedRulesDto extends RuleSetDto {
  @ApiProperty({ format: 'uuid', description: 'Computes everybody anew: `GET /v1/jobs/{id}`.' })
  jobId!: string;
}

class BeforeAfterDto {
  @ApiProperty()
  before!: number;

  @ApiProperty()
  after!: number;
}

export class LargestDto {
  @ApiProperty({ format: 'uuid' })
  personId!: string;

  @ApiProperty()
  identifiers!: number;
}

export class RulesPreviewDto {
  @ApiProperty({ description: 'Identifiers that anything ties to another: nobody else can be touched by rules.' })
  identifiers!: number;

  @ApiProperty({ type: BeforeAfterDto, description: 'People of them.' })
  people!: BeforeAfterDto;

  @ApiProperty({ type: BeforeAfterDto, description: 'Ties of them that were refused.' })
  conflicts!: BeforeAfterDto;

  @ApiProperty({ description: 'How many people would be joined of several.' })
  joinCount!: number;

  @ApiProperty({ description: 'How many people would fall apart.' })
  splitCount!: number;

  @ApiProperty({ type: [ChangeDto], description: 'The first of them, at most 100.' })
  joins!: ChangeDto[];

  @ApiProperty({ type: [ChangeDto], description: 'The first of them, at most 100.' })
  splits!: ChangeDto[];

  @ApiProperty({ type: [LargestDto], description: 'The largest people that there would be, at most 10.' })
  largest!: LargestDto[];
}
