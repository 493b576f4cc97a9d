import type { LoggerService } from '@nestjs/common';
import { AccountIndex } from '@lienmach/accounts';
import type { BlobStore } from '@lienmach/blobs';
import { TOPICS, type ChannelEvent } from '@lienmach/contracts';
import type { OutgoingRecord, RecordSender } from '@lienmach/kafka';
import { JsonLogger } from '@lienmach/platform';
import { accountDefinitions } from '../account-definitions.js';
import type { ChannelDefinition, Door, DoorAnswer, DoorRequest, VendorDefinition } from '../channel.js';
import type { DoorHandler } from '../door-handler.js';
import { doorHandlers, serverHandlers } from '../doors.js';

export const TENANT = 'demo';
export const PUBLIC_URL = 'https://hooks.example.com';

/** An account for a test; its settings are checked like a real one's. */
export interface TestAccount {
  readonly id: string;
  readonly settings: Readonly<Record<string, unknown>>;
  /** The channel's only vendor by default. */
  readonly vendor?: string;
  readonly tenant?: string;
}

/** Keeps what was sent instead of sending it. */
export class RecordingSender implements RecordSender {
  readonly records: OutgoingRecord[] = [];

  constructor(private readonly failure?: () => Error | undefined) {}

  send(records: readonly OutgoingRecord[]): Promise<void> {
    const error = this.failure?.();
    if (error) return Promise.reject(error);
    this.records.push(...records);
    return Promise.resolve();
  }
}

/** What one request came to. */
export interface DoorResult {
  readonly answer: DoorAnswer;
  readonly records: readonly OutgoingRecord[];
  readonly raw: readonly OutgoingRecord[];
  readonly events: readonly ChannelEvent[];
  readonly deadLetters: readonly OutgoingRecord[];
}

export interface TestDoorOptions {
  readonly now?: () => number;
  /** What the sender fails with; asked at every send. */
  readonly failure?: () => Error | undefined;
  /** The tenants' pattern of order codes. */
  readonly orderCodePattern?: string;
  /** False: the accounts have not been read yet. */
  readonly loaded?: boolean;
  readonly blobs?: BlobStore;
  /** Silent by default. */
  readonly logger?: LoggerService;
}

/** The doors of a channel without servers: the very handlers of production around a sender that keeps what it gets. */
export class TestDoors {
  constructor(
    readonly channel: ChannelDefinition,
    private readonly accounts: readonly TestAccount[],
    private readonly options: TestDoorOptions = {},
  ) {
    const definitions = accountDefinitions(channel);
    for (const account of accounts) {
      const problems = definitions.find(({ vendor }) => vendor === this.vendorOf(account))?.validate(account.settings);
      if (problems?.length !== 0)
        throw new Error(`unusable account ${account.id}: ${problems?.join('; ') ?? 'no vendor'}`);
    }
  }

  /** The same for many requests one after another: the handlers are made once. */
  inTurn(path: string): (request: DoorRequest) => Promise<DoorResult> {
    const sender = new RecordingSender(this.options.failure);
    const handlers = this.handlersOf(path, sender);
    return (request) => {
      sender.records.length = 0;
      return this.resultOf(path, request, { sender, handlers });
    };
  }

  /** @param path of the door in the definition; several doors of one path are told apart by the request's method */
  handle(path: string, request: DoorRequest): Promise<DoorResult> {
    const sender = new RecordingSender(this.options.failure);
    return this.resultOf(path, request, { sender, handlers: this.handlersOf(path, sender) });
  }

  private handlersOf(path: string, sender: RecordingSender): DoorHandler<object>[] {
    const surroundings = {
      accounts: this.options.loaded === false ? Object.assign(this.index(), { loaded: false }) : this.index(),
      sender,
      logger: this.options.logger ?? JsonLogger.create({ name: 'test', level: 'silent' }),
      now: this.options.now,
      blobs: this.options.blobs,
    };
    const servers = serverHandlers(this.channel, surroundings).map(({ handler }) => handler);
    return [...doorHandlers(this.channel, surroundings), ...servers].filter(({ door }) => door.path === path);
  }

  private async resultOf(
    path: string,
    request: DoorRequest,
    { sender, handlers }: { sender: RecordingSender; handlers: readonly DoorHandler<object>[] },
  ): Promise<DoorResult> {
    const handler = handlers.find(({ door }) => door.methods.includes(request.method)) ?? handlers[0];
    if (!handler) throw new Error(`${this.channel.name} has no door ${path}`);
    const answer = await handler.handle(request, pathParameters(path, request.target));
    const of = (prefix: string) => sender.records.filter(({ topic }) => topic.startsWith(prefix));
    return {
      answer,
      records: sender.records,
      raw: of('raw.'),
      events: of('channel.').map(({ value }) => JSON.parse(String(value)) as ChannelEvent),
      deadLetters: of(TOPICS.deadLetter),
    };
  }

  private index(): AccountIndex {
    const tenants = [...new Set(this.accounts.map(({ tenant }) => tenant ?? TENANT))].map((id) => ({
      id,
      name: id,
      brand: id,
      orderCodePattern: this.options.orderCodePattern ?? null,
      secret: Buffer.alloc(32),
    }));
    const definitions = accountDefinitions(this.channel);
    const accounts = this.accounts.map(({ id, settings, tenant = TENANT, ...rest }) => {
      const vendor = this.vendorOf({ id, settings, ...rest });
      const ownNumbers = definitions.find((each) => each.vendor === vendor)?.ownNumbers(settings, id) ?? [];
      const fixed = { channel: this.channel.name, brand: null, enabled: true, problems: [], version: '1' };
      return { ...fixed, tenant, vendor, id, settings, ownNumbers };
    });
    return new AccountIndex(tenants, accounts);
  }

  private vendorOf({ vendor }: TestAccount): string {
    return vendor ?? onlyVendor(this.channel).name;
  }
}

/** The vendor of a channel that has one. */
export function onlyVendor(channel: ChannelDefinition): VendorDefinition {
  const [first, ...others] = channel.vendors;
  if (!first || others.length > 0) throw new Error(`name the vendor: ${channel.name} has ${channel.vendors.length}`);
  return first;
}

/** Where an account's vendor sends to. */
export function targetOf(door: Pick<Door<object>, 'path'>, account: TestAccount): string {
  const { secret } = account.settings;
  return door.path
    .replace(':account', encodeURIComponent(account.id))
    .replace(':secret', encodeURIComponent(typeof secret === 'string' ? secret : ''));
}

/** A request as the door gets it. */
export function doorRequest(part: {
  method?: 'GET' | 'POST';
  target: string;
  headers?: Readonly<Record<string, string | undefined>>;
  body?: Buffer;
}): DoorRequest {
  const { method = 'POST', target, headers = {}, body = Buffer.alloc(0) } = part;
  return { method, target, headers, body, publicUrl: PUBLIC_URL, query: new URL(target, PUBLIC_URL).searchParams };
}

/** What the router takes out of a target. */
function pathParameters(path: string, target: string): { account?: string; secret?: string } {
  const segments = target.split('?', 1)[0]!.split('/');
  const named = path.split('/').flatMap((segment, at) => {
    return segment.startsWith(':') ? [[segment.slice(1), decodeURIComponent(segments[at] ?? '')]] : [];
  });
  return Object.fromEntries(named) as { account?: string; secret?: string };
}
