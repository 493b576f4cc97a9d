import type { LoggerService } from '@nestjs/common';
import { MalformedPayload, RecordTooLarge, TemporarilyUnavailable } from '@lienmach/contracts';
import type { BlobStore } from '@lienmach/blobs';
import type { OutgoingRecord, RecordSender } from '@lienmach/kafka';
import type { ChannelAccount, Door, DoorAnswer, DoorRequest, StoredFile } from './channel.js';
import { claimsOf } from './claims.js';
import type { DoorAccounts } from './door-accounts.js';
import type { DoorMetrics, DoorOutcome } from './door-metrics.js';
import { DoorProver, type PathParameters, type Proof } from './door-proof.js';
import { deadLetterRecord, eventRecord, rawRecord } from './door-records.js';
import { keepFiles, LARGEST_RAW, rawWithoutBytes } from './kept-files.js';
import { completeEvent } from './event-completion.js';
import { validateEvent } from './event-validation.js';

/** What one door needs to work. */
export interface DoorContext<S extends object> {
  readonly accounts: DoorAccounts<S>;
  readonly sender: RecordSender;
  readonly metrics: DoorMetrics;
  readonly logger: LoggerService;
  /** Where attachments and large bodies go; without it attachments are in the raw record alone. */
  readonly blobs?: BlobStore;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** What a request came to, before it is sent. */
interface Work<P> {
  readonly raw: OutgoingRecord;
  readonly records: OutgoingRecord[];
  readonly problems: string[];
  files: readonly StoredFile[];
  payload: P | undefined;
  error: Error | undefined;
}

/** Vendors send up to 1000 in one body. */
const MOST_EVENTS = 5_000;
/** Of the vendor's patience; the rest is for the way back. */
const PATIENCE = 0.6;

const OK: DoorAnswer = { status: 200 };
const refusal = (status: number, sentence: string, headers?: Record<string, string>): DoorAnswer => ({
  status,
  contentType: 'text/plain; charset=utf-8',
  body: `${sentence}\n`,
  headers,
});
const UNAUTHORISED = refusal(401, 'the signature is missing or does not fit');
const UNKNOWN_ACCOUNT = refusal(404, 'no such account');
const WRONG_TYPE = refusal(415, 'this content type is never sent here');
const unavailable = (seconds: number) => refusal(503, 'try again later', { 'retry-after': String(seconds) });

/** One door, without a server around it: bytes → account → verify → parse → normalise → one gathered send → answer. */
export class DoorHandler<S extends object, P = unknown> {
  private readonly deadlineMs: number;
  private readonly contentTypes: ReadonlySet<string>;
  private readonly wrongMethod: DoorAnswer;
  private readonly prover: DoorProver<S>;

  constructor(
    readonly door: Door<S, P>,
    private readonly context: DoorContext<S>,
  ) {
    this.deadlineMs = context.accounts.vendor.answerWithinSeconds * 1000 * PATIENCE;
    this.prover = new DoorProver(door, context.accounts);
    this.contentTypes = new Set(door.contentTypes);
    this.wrongMethod = refusal(405, 'wrong method', { allow: door.methods.join(', ') });
  }

  /**
   * One await on the way of an accepted request: that for the broker.
   * @param params `account` or `secret` of the path, decoded
   */
  async handle(request: DoorRequest, params: PathParameters): Promise<DoorAnswer> {
    const received = this.context.now();
    if (this.door.prepare) {
      const failure = await this.prepare(request, params);
      if (failure) return this.answered('unavailable', failure, received);
    }
    const decision = this.decide(request, params);
    if (Array.isArray(decision)) return this.answered(decision[0], decision[1], received);
    const { proof, secret } = decision;
    const work = this.read(request, proof, received, secret);
    const records = work.problems.length > 0 ? this.withDeadLetter(work) : work.records;
    try {
      if (this.context.blobs && (work.files.length > 0 || request.body.length > LARGEST_RAW))
        await keepFiles(this.context.blobs, work.raw, request.body, work.files);
      await this.context.sender.send(records, { deadlineMs: this.deadlineMs });
    } catch (error) {
      const failure = error instanceof RecordTooLarge ? await this.sendBytesAlone(work, error) : (error as Error);
      if (failure) return this.answered('unavailable', this.notSent(failure, work), received);
    }
    const account = this.door.accountIn === 'body' ? undefined : proof.owner.account;
    if (this.door.follow && work.payload !== undefined) {
      const failure = await this.follow(request, proof.owner.account, work.payload, work.raw);
      if (failure) return this.answered('unavailable', failure, received);
    }
    return this.answered('accepted', this.answer(request, account, work), received);
  }

  private answered(outcome: DoorOutcome, answer: DoorAnswer, received: number): DoorAnswer {
    this.context.metrics.answered(outcome, this.context.now() - received);
    return answer;
  }

  private async prepare(request: DoorRequest, params: PathParameters): Promise<DoorAnswer | undefined> {
    const named = this.context.accounts.loaded ? this.prover.named(params) : undefined;
    if (!named) return undefined;
    try {
      await this.door.prepare?.(request, named.account);
      return undefined;
    } catch (error) {
      this.context.logger.warn('a door could not get what its proof needs', error, { door: this.door.path });
      return unavailable(5);
    }
  }

  private async follow(
    request: DoorRequest,
    account: ChannelAccount<S>,
    payload: P,
    raw: OutgoingRecord,
  ): Promise<DoorAnswer | undefined> {
    try {
      await this.door.follow?.(request, account, payload);
      return undefined;
    } catch (error) {
      this.log('a door could not do what the request asks', error as Error, raw);
      return unavailable(5);
    }
  }

  /** What is answered at once, or whose request it is. */
  private decide(
    request: DoorRequest,
    params: PathParameters,
  ): [DoorOutcome, DoorAnswer] | { proof: Proof<S>; secret: string | undefined } {
    const { door } = this;
    const { accounts } = this.context;
    if (!door.methods.includes(request.method)) return ['refused', this.wrongMethod];
    if (!accounts.loaded) return ['unavailable', unavailable(5)];
    const named = this.prover.named(params);
    if (door.accountIn !== 'body' && !named) return ['unknown-account', UNKNOWN_ACCOUNT];
    const greeting = door.handshake?.(request, named ? [named.account] : accounts.plain());
    if (greeting) return ['handshake', greeting];
    if (request.method === 'POST' && !this.takes(request.headers['content-type'] ?? '')) return ['refused', WRONG_TYPE];
    const proof = named ? this.prover.proveNamed(request, named) : this.prover.proveBody(request);
    if (!proof) return ['unauthorised', UNAUTHORISED];
    return { proof, secret: params.secret };
  }

  private takes(contentType: string): boolean {
    return this.contentTypes.has(contentType) || this.contentTypes.has(mediaType(contentType));
  }

  private read(request: DoorRequest, proof: Proof<S>, received: number, secret: string | undefined): Work<P> {
    const whole = rawRecord(request, this.door, proof.owner, received, secret);
    const raw = this.context.blobs && request.body.length > LARGEST_RAW ? rawWithoutBytes(whole, request.body) : whole;
    const work: Work<P> = { raw, records: [raw], problems: [], files: [], payload: undefined, error: undefined };
    try {
      work.payload = this.door.parse(request);
      this.take(
        this.door.normalise(work.payload, (id) => proof.lookup(id)?.account, request, proof.owner.account),
        proof,
        received,
        work,
      );
    } catch (thrown) {
      const error = thrown as Error;
      work.error = error;
      work.problems.push(error.message);
      work.records.length = 1;
      if (!(error instanceof MalformedPayload)) this.log('a signed request broke its door', error, raw);
    }
    return work;
  }

  private take(
    { events, unknown, malformed, files = [] }: ReturnType<Door<S, P>['normalise']>,
    proof: Proof<S>,
    received: number,
    work: Work<P>,
  ): void {
    const { records, problems } = work;
    if (events.length > MOST_EVENTS) throw new MalformedPayload(`more than ${MOST_EVENTS} events in one body`);
    const { accounts, metrics } = this.context;
    for (const draft of events) {
      const owner = proof.lookup(draft.account);
      if (!owner) {
        problems.push(`${draft.account}: not an account that this signature proves`);
        continue;
      }
      const claims = claimsOf(draft, accounts.claimRules(owner.origin.tenant));
      const event = completeEvent(draft, owner, received, claims);
      const problem = validateEvent(event);
      if (problem) {
        problems.push(`${draft.account}: ${problem}`);
        continue;
      }
      records.push(eventRecord(event, owner));
      metrics.event(event.type);
    }
    work.files = files;
    for (const kind of unknown) metrics.unknown(kind);
    for (const { account, reason } of malformed) problems.push(account === null ? reason : `${account}: ${reason}`);
  }

  private withDeadLetter({ raw, records, problems, error }: Work<P>): readonly OutgoingRecord[] {
    this.context.metrics.deadLetter();
    this.context.logger.warn('dead letter', { door: this.door.path, id: raw.headers?.['ce_id'], problems });
    return [...records, deadLetterRecord(raw, problems, error?.name)];
  }

  /** No repeat would make a record smaller: the bytes are kept, and the vendor's other events go on. */
  private async sendBytesAlone({ raw }: Work<P>, { message, name }: RecordTooLarge): Promise<Error | undefined> {
    this.context.metrics.deadLetter();
    try {
      await this.context.sender.send([raw, deadLetterRecord(raw, [message], name)], { deadlineMs: this.deadlineMs });
      return undefined;
    } catch (error) {
      return error as Error;
    }
  }

  private notSent(error: Error, { raw }: Work<P>): DoorAnswer {
    if (error instanceof TemporarilyUnavailable) return unavailable(error.retryAfterSeconds);
    this.log('records could not be sent', error, raw);
    return unavailable(5);
  }

  private answer(request: DoorRequest, account: ChannelAccount<S> | undefined, { payload, raw }: Work<P>): DoorAnswer {
    try {
      return this.door.answer?.(request, account, payload) ?? OK;
    } catch (error) {
      // the events are stored: a repeat of the request would not make a better answer
      this.log('a door could not make its answer', error as Error, raw);
      return OK;
    }
  }

  private log(message: string, error: Error, raw: OutgoingRecord): void {
    this.context.logger.error(message, error, { door: this.door.path, id: raw.headers?.['ce_id'] });
  }
}

/** Without parameters such as the charset. */
function mediaType(contentType: string): string {
  const end = contentType.indexOf(';');
  return (end < 0 ? contentType : contentType.slice(0, end)).trim().toLowerCase();
}
