import type { LoggerService } from '@nestjs/common';
import type { ChannelEvent } from '@lienmach/contracts';
import type { RecordSender } from '@lienmach/kafka';
import { Doorbell, counter } from '@lienmach/platform';
import type { AccountTokens } from './account-tokens.js';
import type { VendorDefinition } from './channel.js';
import type { OutboundReply, SendOutcome } from './outbound-reply.js';
import type { DoorAccount, DoorAccounts } from './door-accounts.js';
import { failed } from './outcomes.js';
import { settledEvent, settledRecord, type KnownOfReply } from './outbound-event.js';
import type { Claimed, Command, OutboundRepository, PausedAccount, SentSoFar } from './outbound.repository.js';
import { errorOutcome, GIVE_UP_MS, nextStep, type Settlement } from './outbound.rules.js';
import { replyOf, sendMessages, withSecret } from './reply-messages.js';

export interface OutboundOptions {
  readonly repository: OutboundRepository;
  /** By the name of the vendor: those of the channel. */
  readonly vendors: ReadonlyMap<string, { readonly vendor: VendorDefinition; readonly accounts: DoorAccounts<object> }>;
  /** The version of an account's present settings. */
  readonly versionOf: (account: Pick<PausedAccount, 'vendor' | 'account'>) => string | undefined;
  readonly tokens: Pick<AccountTokens, 'accessToken'>;
  readonly sender: RecordSender;
  readonly logger: LoggerService;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** SECRETS_KEY, which opens what commands have sealed. */
  readonly secretsKey: Buffer;
  readonly now?: () => number;
  readonly timing?: Partial<OutboundTiming>;
}

/** Milliseconds. */
export interface OutboundTiming {
  /** How often the table is looked at where nobody rings. */
  readonly pollMs: number;
  /** What a vendor gets for one call: less than a process that ends may take. */
  readonly callMs: number;
  /** After so long without a verdict an attempt counts as abandoned; longer than a call. */
  readonly leaseMs: number;
}

const TIMING: OutboundTiming = { pollMs: 500, callMs: 8_000, leaseMs: 30_000 };
/** Calls under way at the same time, of different threads. */
const MOST_CALLS = 16;
const SWEEP_MS = 2_000;
const HOUSEKEEPING_MS = 10 * 60_000;
const SEND_DEADLINE_MS = 10_000;
const FAILURE_PAUSE_MS = 2_000;
const SWEPT = 100;
/** The topic of commands keeps them for seven. */
const KEEP_DAYS = 8;

const attempts = counter('lienmach_outbound_attempts_total', 'Attempts to send a reply, by what came of them', [
  'vendor',
  'outcome',
]);

/**
 * Sends what is in the table: the head of each thread, never twice. An attempt is committed before the vendor is called; one that nobody comes back from is told
 * as unconfirmed, for only the vendor knows, and his echo may say so.
 */
export class OutboundLoop {
  private readonly timing: OutboundTiming;
  private readonly now: () => number;
  private readonly bell = new Doorbell();
  private readonly calls = new Set<Promise<void>>();
  private running = false;
  private loop: Promise<void> = Promise.resolve();
  private trouble: string | undefined;
  private sweptAt = 0;
  private housekeptAt = 0;

  constructor(private readonly options: OutboundOptions) {
    this.timing = { ...TIMING, ...options.timing };
    this.now = options.now ?? Date.now;
  }

  start(): void {
    this.running = true;
    this.loop = this.run();
  }

  /** Begins no further call, waits for those under way. */
  async stop(): Promise<void> {
    this.running = false;
    this.bell.ring();
    await this.loop;
    await Promise.all(this.calls);
  }

  /** Something has come: look now. */
  wake(): void {
    this.bell.ring();
  }

  /** For the health page; what cannot be sent now waits, and is no reason to turn customers' words away. */
  state(): { sending: number; problem?: string } {
    return { sending: this.calls.size, ...(this.trouble && { problem: this.trouble }) };
  }

  private async run(): Promise<void> {
    while (this.running) {
      this.bell.listen();
      try {
        const claimed = this.isLoaded() ? await this.round() : 0;
        this.trouble = undefined;
        if (claimed === 0 && this.running) await this.bell.rest(this.timing.pollMs);
      } catch (error) {
        this.trouble = (error as Error).message;
        this.options.logger.warn('replies cannot be sent, trying again', error);
        await this.bell.rest(FAILURE_PAUSE_MS);
      }
    }
  }

  /** Before the accounts are known nobody could tell that one is not set up. */
  private isLoaded(): boolean {
    return [...this.options.vendors.values()].every(({ accounts }) => accounts.loaded);
  }

  private async round(): Promise<number> {
    const { repository } = this.options;
    const now = this.now();
    if (now - this.sweptAt >= SWEEP_MS) {
      await this.sweep();
      this.sweptAt = now;
    }
    if (now - this.housekeptAt >= HOUSEKEEPING_MS) {
      await repository.forget(KEEP_DAYS);
      this.housekeptAt = now;
    }
    const free = MOST_CALLS - this.calls.size;
    const claimed = free > 0 ? await repository.claim(free, GIVE_UP_MS) : [];
    for (const one of claimed) this.begin(one);
    return claimed.length;
  }

  private begin(claimed: Claimed): void {
    const call = this.attempt(claimed)
      .catch((error: unknown) => {
        // the row stays as it is: the sweep finds it
        this.options.logger.error('what became of a reply could not be recorded', error, { id: claimed.command.id });
      })
      .finally(() => {
        this.calls.delete(call);
        this.bell.ring();
      });
    this.calls.add(call);
  }

  private async attempt(claimed: Claimed): Promise<void> {
    const { repository } = this.options;
    const { command } = claimed;
    const began = this.now();
    const { outcome, soFar } = await this.call(claimed, began);
    attempts.inc({ vendor: command.data.vendor, outcome: outcome.kind });
    const step = nextStep(outcome, claimed.attempts, Date.parse(command.time), this.now());
    if (step.kind === 'settle') return this.settle({ ...claimed, soFar }, step.settlement, began);
    const { tenant, id, data } = command;
    this.options.logger.warn('a reply was not taken', {
      tenant,
      id,
      vendor: data.vendor,
      account: data.account,
      ...step,
    });
    if (step.kind === 'try-again') return repository.postpone(claimed, step.at);
    await repository.hold(claimed, step.until, step.reason, this.options.versionOf(data) ?? '0');
  }

  private async call(claimed: Claimed, now: number): Promise<{ outcome: SendOutcome; soFar: SentSoFar }> {
    const { command, soFar } = claimed;
    const { data } = command;
    const { vendor } = this.options.vendors.get(data.vendor) ?? {};
    if (!vendor?.send) return { outcome: failed(`nothing can be sent by ${data.vendor}`), soFar };
    const owner = this.ownerOf(command);
    if (!owner) return { outcome: failed(`the account ${data.account} is not set up, or switched off`), soFar };
    const readable = this.readable(command);
    if (readable === null)
      return { outcome: failed('its sealed part cannot be opened: is SECRETS_KEY core’s?'), soFar };
    return sendMessages(
      vendor,
      { ...claimed, command: readable },
      {
        send: (message) => this.send(vendor, message, owner, now),
        advance: (next) => this.options.repository.advance(claimed, next),
        goesOn: () => this.running,
      },
    );
  }

  private readable(command: Command): Command | null {
    try {
      return withSecret(command, this.options.secretsKey);
    } catch {
      return null;
    }
  }

  private async send(
    vendor: VendorDefinition,
    message: OutboundReply,
    { account }: DoorAccount<object>,
    now: number,
  ): Promise<SendOutcome> {
    const signal = AbortSignal.timeout(this.timing.callMs);
    try {
      const { env, tokens } = this.options;
      const accessToken = (refused?: string): Promise<string> =>
        tokens.accessToken(vendor, account, { signal, refused });
      return await vendor.send!(message, account, { env, signal, now, accessToken });
    } catch (error) {
      const known = errorOutcome(error);
      if (known) return known;
      this.options.logger.error('a sender broke', error, { vendor: vendor.name });
      return {
        kind: 'unknown',
        reason: `the sending broke off (${(error as Error).name}): look on the channel whether it arrived`,
      };
    }
  }

  private async settle(claimed: Claimed, settlement: Settlement, at: number): Promise<void> {
    const { command } = claimed;
    // never before it was asked for, whichever clock is ahead
    const time = Math.max(at, Date.parse(command.time));
    const event = settledEvent(command, settlement, time, { ...this.known(command), soFar: claimed.soFar });
    const certain = settlement.kind === 'sent';
    if (await this.options.repository.settle(claimed, event, certain)) await this.tell(command.id, event);
  }

  private async tell(commandId: string, event: ChannelEvent): Promise<void> {
    await this.options.sender.send([settledRecord(event)], { deadlineMs: SEND_DEADLINE_MS });
    await this.options.repository.told(commandId, event);
  }

  private async sweep(): Promise<void> {
    const { repository, logger } = this.options;
    for (const paused of await repository.paused()) {
      if (this.options.versionOf(paused) !== paused.accountVersion) await repository.resume(paused);
    }
    for (const claimed of await repository.abandoned(this.timing.leaseMs, SWEPT)) {
      const { tenant, id } = claimed.command;
      logger.warn('nobody came back from sending a reply', { tenant, id });
      const reason =
        'the process ended while it was sent: look on the channel whether it arrived before you send it again';
      await this.settle(claimed, { kind: 'unknown', reason }, this.now());
    }
    for (const { pause, ...claimed } of await repository.overdue(GIVE_UP_MS, SWEPT)) {
      const reason = pause ?? 'it could not be sent in time';
      await this.settle(claimed, { kind: 'failed', reason }, this.now());
    }
    for (const { id, outcome } of await repository.untold(2 * SEND_DEADLINE_MS, SWEPT)) await this.tell(id, outcome);
  }

  private known(command: Command): KnownOfReply {
    const { vendor } = this.options.vendors.get(command.data.vendor) ?? {};
    const owner = this.ownerOf(command);
    const reply = replyOf(command);
    const several = (vendor?.messagesOf?.(reply).length ?? 1) > 1;
    return { ownIds: (owner && vendor?.idsOf?.(reply, owner.account)) ?? [], several };
  }

  private ownerOf({ tenant, data }: Command): DoorAccount<object> | undefined {
    const owner = this.options.vendors.get(data.vendor)?.accounts.byId(data.account);
    return owner?.origin.tenant === tenant ? owner : undefined;
  }
}
