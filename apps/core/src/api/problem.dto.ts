import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiProperty, ApiPropertyOptional, ApiResponse, getSchemaPath } from '@nestjs/swagger';

export class FieldErrorDto {
  @ApiProperty({ example: 'limit' })
  field!: string;

  @ApiProperty({ example: 'must not be greater than 200' })
  detail!: string;
}

/** RFC 9457. */
export class ProblemDto {
  @ApiProperty({ example: 'urn:lienmach:problem:invalid', description: 'Stable: decide by it.' })
  type!: string;

  @ApiProperty()
  title!: string;

  @ApiProperty({ example: 422 })
  status!: number;

  @ApiProperty()
  detail!: string;

  @ApiProperty({ description: 'Path of the request.' })
  instance!: string;

  @ApiProperty({ description: 'Also in the header `X-Correlation-Id` and in our log.' })
  correlationId!: string;

  @ApiPropertyOptional({ type: [FieldErrorDto] })
  errors?: FieldErrorDto[];
}

const MEANING: Readonly<Record<number, string>> = {
  401: 'No token, or one that does not hold.',
  403: 'The role, or the tenant of the token, does not allow it.',
  404: 'Nothing of this tenant has that id.',
  409: 'What is there stands against it, see `detail`. Where evidence does, retract what `against` names first; where `reason` stands, what it says.',
  413: 'The body is too large.',
  415: 'The content type is none that is taken here.',
  422: 'A field, parameter or cursor is wrong or unknown: see `errors`.',
  429: 'Asked for too often: try again after `Retry-After` seconds.',
  503: 'The database does not answer: try again after `Retry-After` seconds.',
};

/** The problems that an endpoint may answer with, beside those that every one may. */
export const ApiProblems = (...statuses: readonly number[]): MethodDecorator =>
  applyDecorators(
    ApiExtraModels(ProblemDto),
    ...[401, 403, ...statuses, 503].map((status) =>
      ApiResponse({
        status,
        description: MEANING[status],
        content: { 'application/problem+json': { schema: { $ref: getSchemaPath(ProblemDto) } } },
      }),
    ),
  );
