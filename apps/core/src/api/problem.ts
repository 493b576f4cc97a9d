/** A field of the request and what is wrong with it. */
export interface FieldError {
  /** Name of the field, parameter or header; dots lead into nested ones. */
  readonly field: string;
  readonly detail: string;
}

export interface ProblemOptions {
  readonly errors?: readonly FieldError[];
  /** Further members of the answer. */
  readonly extra?: Readonly<Record<string, unknown>>;
  readonly retryAfterSeconds?: number;
  readonly cause?: unknown;
}

const TITLES: Readonly<Record<string, readonly [number, string]>> = {
  'bad-request': [400, 'The request cannot be read'],
  unauthenticated: [401, 'A valid bearer token is needed'],
  forbidden: [403, 'This token may not do that'],
  'not-found': [404, 'Nothing has that address'],
  conflict: [409, 'Something stands against it'],
  'too-many-requests': [429, 'That was asked for too often'],
  invalid: [422, 'The request does not make sense'],
  unavailable: [503, 'Cannot answer just now'],
  internal: [500, 'Something went wrong on our side'],
};

/** An answer that is no success, as RFC 9457 describes it. Services throw it; one filter writes it. */
export class Problem extends Error {
  readonly status: number;
  readonly title: string;
  /** Stable: clients may decide by it. */
  readonly type: string;

  private constructor(
    code: string,
    readonly detail: string,
    readonly options: ProblemOptions = {},
  ) {
    super(detail, { cause: options.cause });
    this.name = 'Problem';
    [this.status, this.title] = TITLES[code]!;
    this.type = `urn:lienmach:problem:${code}`;
  }

  static unauthenticated(detail: string): Problem {
    return new Problem('unauthenticated', detail);
  }

  static forbidden(detail: string): Problem {
    return new Problem('forbidden', detail);
  }

  /** Also what another tenant's ids get: whether they exist is nobody's business. */
  static notFound(detail: string): Problem {
    return new Problem('not-found', detail);
  }

  static conflict(detail: string, extra: Readonly<Record<string, unknown>>): Problem {
    return new Problem('conflict', detail, { extra });
  }

  static tooManyRequests(detail: string, retryAfterSeconds: number): Problem {
    return new Problem('too-many-requests', detail, { retryAfterSeconds });
  }

  static invalid(errors: readonly FieldError[]): Problem {
    return new Problem('invalid', errors.map(({ field, detail }) => `${field}: ${detail}`).join('; '), { errors });
  }

  static unavailable(detail: string, cause: unknown, retryAfterSeconds = 2): Problem {
    return new Problem('unavailable', detail, { cause, retryAfterSeconds });
  }

  /** What went wrong is told to the log alone. */
  static internal(cause: unknown): Problem {
    return new Problem('internal', 'The error is in our log under the correlation id', { cause });
  }

  /** A status that the HTTP layer itself chose (413, 415, 405 …). */
  static ofStatus(status: number, detail: string): Problem {
    const code = Object.keys(TITLES).find((name) => TITLES[name]![0] === status);
    const problem = new Problem(code ?? 'bad-request', detail);
    return code ? problem : Object.assign(problem, { status, title: detail, type: 'about:blank' });
  }
}
