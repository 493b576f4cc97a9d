import { ApiProperty } from '@nestjs/swagger';
import { ERRORS_KEPT, JOB_STATES, type JobState } from './job.js';

export class JobStartedDto {
  @ApiProperty({ format: 'uuid', description: 'Ask `GET /v1/jobs/{id}` how far it is.' })
  jobId!: string;
}

export class LineErrorDto {
  @ApiProperty({ description: 'Counted from 1 over the whole body, empty lines too.' })
  line!: number;

  @ApiProperty({ example: 'phones/0: the value is no valid phone' })
  reason!: string;
}

export class JobDto {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ example: 'import' })
  kind!: string;

  @ApiProperty({ enum: JOB_STATES, description: '`failed`: it ended before all was done, see `reason`.' })
  state!: JobState;

  @ApiProperty({ description: 'How much of `total` is done; of an import lines, refused ones too.' })
  done!: number;

  @ApiProperty()
  total!: number;

  @ApiProperty({ description: 'How many of those done were refused.' })
  refused!: number;

  @ApiProperty({ type: [LineErrorDto], description: `In their order; of the first ${ERRORS_KEPT} that were refused.` })
  errors!: LineErrorDto[];

  @ApiProperty({ type: String, nullable: true, description: 'Why it failed.' })
  reason!: string | null;

  @ApiProperty({ format: 'date-time' })
  startedAt!: string;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  finishedAt!: string | null;
}
