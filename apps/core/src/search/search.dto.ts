import { ApiProperty } from '@nestjs/swagger';
import { IsString, MaxLength, MinLength } from 'class-validator';
import { PageQuery } from '../api/page.dto.js';
import { PersonSummaryDto } from '../identity/person.dto.js';
import { TimelineItemDto } from '../timeline/timeline.dto.js';
import { SHORTEST_QUERY } from './words.rules.js';

const LONGEST_QUERY = 200;

export class SearchQuery extends PageQuery {
  @ApiProperty({
    minLength: SHORTEST_QUERY,
    maxLength: LONGEST_QUERY,
    description:
      'Words, with or without accents, all of which must be there; the last may be a beginning. An order code or its beginning. A telephone number in any Vietnamese notation, or three digits or more of it.',
  })
  @MaxLength(LONGEST_QUERY)
  @MinLength(SHORTEST_QUERY)
  @IsString()
  q!: string;
}

export class PeopleDto {
  @ApiProperty({ type: [PersonSummaryDto], description: 'The latest active first.' })
  items!: PersonSummaryDto[];

  @ApiProperty({ type: String, nullable: true })
  next!: string | null;
}

export class SearchDto {
  @ApiProperty({
    type: [PersonSummaryDto],
    description: 'At most ten, the latest active first, on the first page alone; `GET /v1/people` lists them all.',
  })
  people!: PersonSummaryDto[];

  @ApiProperty({ type: [TimelineItemDto], description: 'Messages, comments, calls and so on, newest first.' })
  items!: TimelineItemDto[];

  @ApiProperty({ type: String, nullable: true })
  next!: string | null;
}
