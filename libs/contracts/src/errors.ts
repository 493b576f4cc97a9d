/**
 * Errors are named by who must act. `retriable` tells a caller whether the same call can succeed later;
 * `code` is stable and may be shown, stored and counted.
 */
export abstract class LienmachError extends Error {
  abstract readonly code: string;
  abstract readonly retriable: boolean;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** The sender could not prove who it is. The sender (or whoever set the secret) must act. */
export class InvalidSignature extends LienmachError {
  readonly code = 'invalid-signature';
  readonly retriable = false;
}

/** The body cannot be read, or breaks the vendor's own shape. An engineer must look at the dead letter. */
export class MalformedPayload extends LienmachError {
  readonly code = 'malformed-payload';
  readonly retriable = false;
}

/** The path or the body names an account that nobody set up. An administrator must act. */
export class UnknownAccount extends LienmachError {
  readonly code = 'unknown-account';
  readonly retriable = false;
}

/** A record is larger than its topic takes. Never retried. */
export class RecordTooLarge extends LienmachError {
  readonly code = 'record-too-large';
  readonly retriable = false;
}

/** Something that we depend on does not answer just now; the same call will succeed later. */
export class TemporarilyUnavailable extends LienmachError {
  readonly code = 'temporarily-unavailable';
  readonly retriable = true;

  /** @param retryAfterSeconds how long the caller should wait, as in HTTP's `Retry-After` */
  constructor(
    message: string,
    readonly retryAfterSeconds = 5,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The vendor refuses our credentials. An administrator must reconnect the account. */
export class CredentialsExpired extends LienmachError {
  readonly code = 'credentials-expired';
  readonly retriable = false;
}

/** The vendor's window for answering this customer is closed. The agent must choose another way. */
export class OutsideWindow extends LienmachError {
  readonly code = 'outside-window';
  readonly retriable = false;
}
