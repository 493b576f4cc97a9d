import type { LoggerService } from '@nestjs/common';
import { MalformedPayload, RecordTooLarge, TemporarilyUnavailable } from '@lienmach/contracts';
import type { OutgoingRecord } from '@lienmach/kafka';
import type { ChannelAccount, Door, DoorAnswer, DoorRequest } from './channel.js';
import { claimsOf } from './claims.js';
import type { DoorAccount, DoorAccounts } from './door-accounts.js';
import type { DoorMetrics, DoorOutcome } from './door-metrics.js';
import { deadLetterRecord, eventRecord, rawRecord } from './door-records.js';
import { completeEvent } from './event-completion.js';
import { validateEvent } from './event-validation.js';

/** Where a door's records go; a GatheringProducer is one. */
export interface RecordSender {
  send(records: readonly OutgoingRecord[], options: { deadlineMs: number }): Promise<void>;
}

/** What one door needs to work. */
export interface DoorContext<S extends object> {
  readonly accounts: DoorAccounts<S>;
  readonly sender: RecordSender;
  readonly metrics: DoorMetrics;
  readonly logger: LoggerService;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Who made the request, and whose parts of it count. */
interface Proof<S> {
  readonly owner: DoorAccount<S>;
  lookup(id: string): DoorAccount<S> | undefined;
}

/** Secrets that one body is tried with at most: each costs an HMAC over the whole of it. */
const MOST_SECRETS = 16;
/** Accounts looked up for one body; a body that names more keeps its other parts, for the look-up of each part is its own. */
const MOST_PEEKED = 200;
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

  constructor(
    readonly door: Door<S, P>,
    private readonly context: DoorContext<S>,
  ) {
    this.deadlineMs = context.accounts.vendor.answerWithinSeconds * 1000 * PATIENCE;
    this.contentTypes = new Set(door.contentTypes);
    this.wrongMethod = refusal(405, 'wrong method', { allow: door.methods.join(', ') });
  }

  /** @param params `account` or `secret` of the path, decoded */
  async handle(request: DoorRequest, params: { account?: string; secret?: string }): Promise<DoorAnswer> {
    const received = this.context.now();
    const [outcome, answer] = await this.decide(request, params, received);
    this.context.metrics.answered(outcome, this.context.now() - received);
    return answer;
  }

  private async decide(
    request: DoorRequest,
    params: { account?: string; secret?: string },
    received: number,
  ): Promise<[DoorOutcome, DoorAnswer]> {
    const { door } = this;
    const { accounts } = this.context;
    if (!door.methods.includes(request.method)) return ['refused', this.wrongMethod];
    if (!accounts.loaded) return ['unavailable', unavailable(5)];
    const named = this.named(params);
    if (door.accountIn !== 'body' && !named) return ['unknown-account', UNKNOWN_ACCOUNT];
    const greeting = door.handshake?.(request, named ? [named.account] : accounts.plain());
    if (greeting) return ['handshake', greeting];
    if (request.method === 'POST' && !this.contentTypes.has(mediaType(request))) return ['refused', WRONG_TYPE];
    const proof = named ? this.proveNamed(request, named) : this.proveBody(request);
    if (!proof) return ['unauthorised', UNAUTHORISED];
    return this.accept(request, proof, received, params.secret);
  }

  private named({ account, secret }: { account?: string; secret?: string }): DoorAccount<S> | undefined {
    if (this.door.accountIn === 'path-id') return this.context.accounts.byId(account ?? '');
    if (this.door.accountIn === 'path-secret') return this.context.accounts.byPathSecret(secret ?? '');
    return undefined;
  }

  private proveNamed(request: DoorRequest, owner: DoorAccount<S>): Proof<S> | undefined {
    if (!this.door.verify(request, owner.account)) return undefined;
    return { owner, lookup: (id) => (id === owner.account.id ? owner : undefined) };
  }

  /** The accounts that the body names say whose secrets may have signed it; each distinct secret is tried once. */
  private proveBody(request: DoorRequest): Proof<S> | undefined {
    const { accounts } = this.context;
    const { door } = this;
    let candidates = (door.peek?.(request.body) ?? []).slice(0, MOST_PEEKED).flatMap((id) => accounts.byId(id) ?? []);
    if (candidates.length === 0) {
      candidates = distinctSecrets(accounts.all(), door);
      if (candidates.length > MOST_SECRETS) return undefined;
    }
    for (const owner of distinctSecrets(candidates, door).slice(0, MOST_SECRETS)) {
      if (!door.verify(request, owner.account)) continue;
      return { owner, lookup: (id) => this.ofSameSecret(accounts.byId(id), owner, request) };
    }
    return undefined;
  }

  private ofSameSecret(
    account: DoorAccount<S> | undefined,
    owner: DoorAccount<S>,
    request: DoorRequest,
  ): DoorAccount<S> | undefined {
    if (!account || account === owner) return account;
    const { door } = this;
    const fits = door.secretOf
      ? door.secretOf(account.account) === door.secretOf(owner.account)
      : door.verify(request, account.account);
    return fits ? account : undefined;
  }

  private async accept(
    request: DoorRequest,
    proof: Proof<S>,
    received: number,
    secret: string | undefined,
  ): Promise<[DoorOutcome, DoorAnswer]> {
    const raw = rawRecord(request, this.door, proof.owner, received, secret);
    const records = [raw];
    const problems: string[] = [];
    let payload: P | undefined;
    let error: Error = new MalformedPayload('parts of the body');
    try {
      payload = this.door.parse(request);
      this.take(
        this.door.normalise(payload, (id) => proof.lookup(id)?.account, request),
        proof,
        received,
        records,
        problems,
      );
    } catch (thrown) {
      error = thrown as Error;
      problems.push(error.message);
      records.length = 1;
      if (!(error instanceof MalformedPayload)) this.log('a signed request broke its door', error, raw);
    }
    if (problems.length > 0) {
      records.push(deadLetterRecord(raw, problems, error));
      this.context.metrics.deadLetter();
      this.context.logger.warn('dead letter', { door: this.door.path, id: raw.headers?.['ce_id'], problems });
    }
    try {
      await this.send(records, raw);
    } catch (thrown) {
      if (!(thrown instanceof TemporarilyUnavailable)) this.log('records could not be sent', thrown as Error, raw);
      return ['unavailable', unavailable(thrown instanceof TemporarilyUnavailable ? thrown.retryAfterSeconds : 5)];
    }
    return [
      'accepted',
      this.answer(request, this.door.accountIn === 'body' ? undefined : proof.owner.account, payload, raw),
    ];
  }

  private take(
    { events, unknown, malformed }: ReturnType<Door<S, P>['normalise']>,
    proof: Proof<S>,
    received: number,
    records: OutgoingRecord[],
    problems: string[],
  ): void {
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
      records.push(eventRecord(event));
      metrics.event(event.type);
    }
    for (const kind of unknown) metrics.unknown(kind);
    for (const { account, reason } of malformed) problems.push(account === null ? reason : `${account}: ${reason}`);
  }

  private async send(records: readonly OutgoingRecord[], raw: OutgoingRecord): Promise<void> {
    const options = { deadlineMs: this.deadlineMs };
    try {
      await this.context.sender.send(records, options);
    } catch (error) {
      if (!(error instanceof RecordTooLarge)) throw error;
      // no repeat would make it smaller: the bytes are kept, and the vendor's other events go on
      this.context.metrics.deadLetter();
      await this.context.sender.send([raw, deadLetterRecord(raw, [error.message], error)], options);
    }
  }

  private answer(
    request: DoorRequest,
    account: ChannelAccount<S> | undefined,
    payload: P | undefined,
    raw: OutgoingRecord,
  ): DoorAnswer {
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

/** One account for each distinct secret. */
function distinctSecrets<S extends object>(
  accounts: readonly DoorAccount<S>[],
  door: Pick<Door<S>, 'secretOf'>,
): DoorAccount<S>[] {
  if (accounts.length < 2) return [...accounts];
  return [...new Map(accounts.map((each) => [door.secretOf?.(each.account) ?? each, each])).values()];
}

function mediaType({ headers }: DoorRequest): string {
  const type = headers['content-type'] ?? '';
  const end = type.indexOf(';');
  return (end < 0 ? type : type.slice(0, end)).trim().toLowerCase();
}
