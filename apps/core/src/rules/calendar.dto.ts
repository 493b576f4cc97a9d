import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsObject, IsOptional, IsTimeZone, ValidateBy, type ValidationArguments } from 'class-validator';
import { WEEKDAYS, type Block, type Weekday } from './calendar.js';
import { HOLIDAYS } from './holidays.rules.js';
import { minutesOf } from './working-time.rules.js';

const BLOCK = /^([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)$/;
const MOST_BLOCKS = 12;
const MOST_DAYS = 1_000;

function problemOfBlocks(blocks: unknown): string | null {
  if (!Array.isArray(blocks)) return 'must be a list of blocks such as "08:00-12:00"';
  if (blocks.length > MOST_BLOCKS) return `has more than ${MOST_BLOCKS} blocks`;
  let last = 0;
  for (const block of blocks as unknown[]) {
    if (typeof block !== 'string' || !BLOCK.test(block))
      return `${JSON.stringify(block)} is no block such as "08:00-12:00"`;
    const [from, to] = minutesOf(block);
    if (to <= from) return `${block} ends before it begins`;
    if (from < last) return `${block} begins before the block before it ends`;
    last = to;
  }
  return null;
}

/** The first thing that is wrong; null when nothing is. */
function problemOf(value: unknown, isKey: (key: string) => boolean, what: string): string | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null; // said by @IsObject
  const entries = Object.entries(value);
  if (entries.length > MOST_DAYS) return `has more than ${MOST_DAYS} days`;
  for (const [key, blocks] of entries) {
    if (!isKey(key)) return `${JSON.stringify(key)} is no ${what}`;
    const problem = problemOfBlocks(blocks);
    if (problem) return `${key}: ${problem}`;
  }
  return null;
}

function BlocksBy(isKey: (key: string) => boolean, what: string): PropertyDecorator {
  return ValidateBy({
    name: 'blocks',
    validator: {
      validate: (value) => problemOf(value, isKey, what) === null,
      defaultMessage: (told?: ValidationArguments) => `$property: ${problemOf(told?.value, isKey, what)}`,
    },
  });
}

const isWeekday = (key: string): boolean => (WEEKDAYS as readonly string[]).includes(key);
const isDate = (key: string): boolean => {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(key) ? new Date(`${key}T00:00:00Z`) : null;
  return time !== null && !Number.isNaN(time.getTime()) && time.toISOString().startsWith(key);
};

const BLOCKS = { type: 'array', items: { type: 'string', example: '08:00-12:00' } } as const;

export class CalendarDto {
  @ApiPropertyOptional({ default: 'Asia/Ho_Chi_Minh', description: 'Of the IANA time zone database.' })
  @IsOptional()
  @IsTimeZone({ message: 'zone must be one of the IANA time zones, such as Asia/Ho_Chi_Minh' })
  zone: string = 'Asia/Ho_Chi_Minh';

  @ApiProperty({
    type: 'object',
    additionalProperties: BLOCKS,
    description: `Working time by weekday (${WEEKDAYS.join(', ')}), several blocks a day, in their order; a day that is not named is free.`,
    example: { mon: ['08:00-12:00', '13:30-17:30'], sat: ['08:00-12:00'] },
  })
  @IsObject()
  @BlocksBy(isWeekday, `weekday: ${WEEKDAYS.join(', ')}`)
  week!: Partial<Record<Weekday, Block[]>>;

  @ApiPropertyOptional({
    enum: Object.keys(HOLIDAYS),
    nullable: true,
    default: null,
    description: 'Country whose public holidays are free.',
  })
  @IsOptional()
  @IsIn(Object.keys(HOLIDAYS))
  holidays: string | null = null;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: BLOCKS,
    description: 'Single days that differ from week and holidays: their blocks, or an empty list.',
    example: { '2026-12-24': ['08:00-12:00'], '2027-02-10': [] },
  })
  @IsOptional()
  @IsObject()
  @BlocksBy(isDate, 'date such as 2026-12-24')
  days: Record<string, Block[]> = {};
}

export class CalendarVersionDto {
  @ApiProperty({ type: CalendarDto, nullable: true, description: 'null: every hour is working time.' })
  calendar!: CalendarDto | null;

  @ApiProperty({ description: 'Counts the changes; 0: it was never set.' })
  version!: number;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  changedAt!: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'Who changed it.' })
  changedBy!: string | null;
}
