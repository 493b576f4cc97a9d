import type { LoggerService } from '@nestjs/common';
import type { ExchangeOutcome, TokenPair } from '@lienmach/accounts';
import type { AnyChannelData, Claim, EventType } from '@lienmach/contracts';
import type { OutboundReply, SendOutcome } from './outbound-reply.js';

/** A request as the vendor sent it: signatures are computed over these very bytes. */
export interface DoorRequest {
  readonly method: 'GET' | 'POST';
  /** Request-URI as received: path, `?`, query, nothing decoded. */
  readonly target: string;
  /** Address that the vendor sees, without the target; for signatures over URLs. */
  readonly publicUrl: string;
  readonly query: URLSearchParams;
  /** Lower-case names; of repeated headers the values joined by `, `. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
  /** When it came, milliseconds since 1970: tells apart what a vendor sends without an id and a time. Absent where the request was made up. */
  readonly receivedAt?: number;
}

/** What the door answers. */
export interface DoorAnswer {
  readonly status: number;
  readonly contentType?: string;
  readonly body?: string;
  /** Further headers, lower-case names. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** One account of a tenant on a channel, with its settings validated and its secrets in clear. */
export interface ChannelAccount<S> {
  readonly tenant: string;
  readonly channel: string;
  readonly vendor: string;
  /** Page id, hotline or PBX id: unique over all tenants within (channel, vendor). */
  readonly id: string;
  readonly settings: S;
  /** Numbers and addresses of the business itself: never a customer's. */
  readonly ownNumbers: readonly string[];
}

/** An event before the kit completes its envelope (id, receipt, lateness, claims, topic, key). */
export interface DraftEvent<D extends AnyChannelData = AnyChannelData> {
  /** Account that this part of the body belongs to. */
  readonly account: string;
  readonly type: EventType;
  /** Vendor's time in milliseconds since 1970; null where the vendor gives none. */
  readonly time: number | null;
  /** What the event is about: the thread's customer, else the thread. */
  readonly subject: string;
  /** `type:scope:value` of the thread's customer, where named. */
  readonly identifier?: string;
  readonly data: Omit<D, 'claims'>;
  /** What the vendor's own fields claim of the customer (a business card, an unproven From), normalised; the kit adds what it finds in the text. */
  readonly claims?: readonly Claim[];
}

/** Bytes that an event refers to, kept in the blob store before the event is sent. */
export interface StoredFile {
  /** Of the bytes, hexadecimal: the event's attachment has `vendorId` `sha256:<this>`. */
  readonly sha256: string;
  readonly bytes: Buffer;
}

/** What normalise made of a body. Nothing disappears: each part is an event, a counted unknown kind, or a problem for the dead-letter topic. */
export interface Normalised {
  readonly events: readonly DraftEvent[];
  /** Readable parts of a kind that we do not know, by name; counted, kept in the raw record, no event. */
  readonly unknown: readonly string[];
  /** Parts that break the vendor's own shape, with the account where it can be told. */
  readonly malformed: readonly { readonly account: string | null; readonly reason: string }[];
  /** Attachments that came with the body. */
  readonly files?: readonly StoredFile[];
}

/** Settings of the accounts that a body may name, already verified against its signature. */
export type AccountLookup<S> = (id: string) => ChannelAccount<S> | undefined;

/**
 * One door of a vendor. The kit runs it: bytes → account → verify → parse → normalise → one gathered send → answer.
 * Every function but `prepare` and `follow` is pure: no clock, no network.
 */
export interface Door<S, P = unknown> {
  /** Path with `:account` or `:secret` where the account stands in it: `/webhooks/call/stringee/:account/answer`; a segment may begin with fixed letters. */
  readonly path: string;
  readonly methods: readonly ('GET' | 'POST')[];
  /**
   * Where the account stands: in the path as its id, in the path as its unguessable secret, or in the body. `connection`: this is no webhook, the server or
   * client of the vendor names the account itself and nothing is verified.
   */
  readonly accountIn: 'path-id' | 'path-secret' | 'body' | 'connection';
  /** Content types that the vendor sends on POST; others get 415. */
  readonly contentTypes: readonly string[];
  /** Largest body in bytes; more gets 413. 1 MiB by default. */
  readonly maxBodyBytes?: number;
  /** The secret that `verify` uses (only for `body`): accounts that share it are verified once. By default each account has its own. */
  secretOf?(account: ChannelAccount<S>): string;
  /** Bounded scan of the raw body for the ids of the accounts in it (only for `body`). */
  peek?(body: Buffer): readonly string[];
  /** Answers a request that carries no event (a handshake, a documented probe); undefined: an ordinary request. */
  handshake?(request: DoorRequest, accounts: readonly ChannelAccount<S>[]): DoorAnswer | undefined;
  /**
   * Fetches what `verify` needs and the process does not have yet, such as a vendor's certificate; undefined: nothing is missing. Called for known accounts
   * only, before anything is verified. A rejection is answered with 503.
   */
  prepare?(request: DoorRequest, account: ChannelAccount<S>): Promise<void> | undefined;
  /** Whether the request was made by somebody who knows the account's secret; compares in constant time. */
  verify(request: DoorRequest, account: ChannelAccount<S>): boolean;
  /** Reads the body, large ids kept as strings. Throws MalformedPayload. */
  parse(request: DoorRequest): P;
  /** @param owner the account that the path or the connection names; of a door whose account stands in the body the one whose secret fitted */
  normalise(payload: P, accounts: AccountLookup<S>, request: DoorRequest, owner: ChannelAccount<S>): Normalised;
  /**
   * What a verified request asks us to do beside keeping it, such as confirming a subscription; undefined: nothing. After the broker's acknowledgement,
   * before the answer; a rejection is answered with 503, so that the vendor asks again.
   */
  follow?(request: DoorRequest, account: ChannelAccount<S>, payload: P): Promise<void> | undefined;
  /** The body that the vendor asks for; by default an empty 200. May read the account's settings, never core. */
  answer?(request: DoorRequest, account: ChannelAccount<S> | undefined, payload: P | undefined): DoorAnswer;
}

/** The accounts of one vendor, as they are at this moment. */
export interface ServerAccounts<S> {
  /** False until they have been read for the first time: nobody can be told yet that an account is unknown. */
  readonly loaded: boolean;
  find(id: string): ChannelAccount<S> | undefined;
  all(): readonly ChannelAccount<S>[];
}

/** What a way in that is no webhook (SMTP, IMAP, SMPP, ARI) gets of the kit. */
export interface ServerContext<S> {
  readonly accounts: ServerAccounts<S>;
  /**
   * Takes bytes in as the vendor's `door` reads them: the same records, the same gathered send, the same dead letters as a webhook's. Resolves when the
   * broker has acknowledged.
   * @param headers kept beside the raw bytes where their names begin with `x-`; lower-case names
   * @throws TemporarilyUnavailable when they could not be kept, UnknownAccount
   */
  publish(account: string, body: Buffer, headers: Readonly<Record<string, string>>): Promise<void>;
  /** Address to listen on. */
  readonly host: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly logger: LoggerService;
}

/** A running server or client. */
export interface RunningServer {
  /** Takes nothing new, finishes what was taken. */
  close(): Promise<void>;
}

/** A way in that is no webhook. */
export interface VendorServer<S> {
  /** How its bytes are read; `accountIn` is `connection`, the path names it in records and logs: `smtp/:account`. */
  readonly door: Door<S>;
  start(context: ServerContext<S>): Promise<RunningServer>;
}

/** Where a sender works. */
export interface SendContext {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborted when the vendor has had his time. */
  readonly signal: AbortSignal;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Where a sender works whose vendor has `tokens`. */
export interface TokenContext extends SendContext {
  /**
   * The account's present access token, renewed where it must be.
   * @param refused the one that the vendor has just refused: another is got for it
   * @throws CredentialsExpired, TemporarilyUnavailable: a sender lets both pass, before it has called or when the vendor surely took nothing
   */
  accessToken(refused?: string): Promise<string>;
}

/** How the tokens of a vendor's accounts are renewed. The kit keeps them: by one process at once, nothing asked or used before it is committed. */
export interface TokenRules<S> {
  /** An access token is renewed so long before its end. */
  readonly aheadSeconds: number;
  /** The pair in the settings; without a refresh token where the settings lack what it takes to use it. */
  given(settings: S): TokenPair;
  /** Exchanges the refresh token, one call of the vendor. A rejection counts as `unknown`. */
  renew(refreshToken: string, account: ChannelAccount<S>, context: SendContext): Promise<ExchangeOutcome>;
  /** Where an administrator grants a new pair, shown when the vendor refuses the old one; null: nowhere. */
  connectUrl(account: ChannelAccount<S>, env: SendContext['env']): string | null;
}

/** Whether an account works, and what an administrator is told: how the vendor calls it, or what to mend. */
export interface TestAnswer {
  readonly ok: boolean;
  readonly detail: string;
}

/** One vendor of a channel. */
export interface VendorDefinition<S extends object = object> {
  readonly name: string;
  /** class-validator class of the account's settings: validated when an account is saved and when it is loaded. */
  readonly settings: new () => S;
  /** Settings that are stored encrypted and never shown again. */
  readonly secrets: readonly string[];
  /** Seconds within which the vendor wants its answer; the door's own deadline stays below. */
  readonly answerWithinSeconds: number;
  /**
   * Seconds for which the vendor bears failing answers before it gives up on our webhook, by its documentation. While the broker is away the door answers 503
   * for the first third of it, then keeps bodies in the spool (`SPOOL_DIR`). Undefined: the vendor only drops single events, or nothing.
   */
  readonly patienceSeconds?: number;
  /** Numbers and addresses of the business itself, out of the settings and, where it is one, the account's id. */
  ownNumbers?(settings: S, id: string): readonly string[];
  readonly doors: readonly Door<S>[];
  /** Started with the adapter, before it is ready. */
  readonly server?: VendorServer<S>;
  /** Sends a reply, or one of the messages that it becomes, by one call of the vendor. Absent: nothing is sent. A rejection counts as `unknown`. */
  send?(reply: OutboundReply, account: ChannelAccount<S>, context: TokenContext): Promise<SendOutcome>;
  /**
   * The messages that a reply becomes, each with a part of its text and attachments, in the order in which they go out; the same at each call. The kit commits
   * which went out, and sends none twice. Absent: a reply is one message.
   */
  messagesOf?(reply: OutboundReply): readonly OutboundReply[];
  /** Ids that we give a reply ourselves, the same at each call: by them others name it even if nobody knows whether it was taken. */
  idsOf?(reply: OutboundReply, account: ChannelAccount<S>): readonly string[];
  /** Asks the vendor whether he knows the account by these credentials, and changes nothing. Absent: there is nothing to ask. */
  test?(account: ChannelAccount<S>, context: TokenContext): Promise<TestAnswer>;
  /** Absent: the account's credentials do not end by themselves. */
  readonly tokens?: TokenRules<S>;
}

/** A channel: what `runAdapter` needs, readable in one screen. */
export interface ChannelDefinition {
  /** As in libs/contracts `channels.ts`. */
  readonly name: string;
  /** Port by default; `<NAME>_PORT` sets it. */
  readonly defaultPort: number;
  readonly vendors: readonly VendorDefinition[];
}

/** Declares a channel; exists so that the definition is checked where it is written. */
export function defineChannel(definition: ChannelDefinition): ChannelDefinition {
  return definition;
}

/** Declares a vendor with its settings' type inferred; every secret must be one of its settings. */
export function defineVendor<S extends object>(
  definition: VendorDefinition<S> & { readonly secrets: readonly (keyof S & string)[] },
): VendorDefinition {
  return definition;
}

/** Declares a door with its payload's type inferred. */
export function defineDoor<S, P>(door: Door<S, P>): Door<S> {
  return door;
}
