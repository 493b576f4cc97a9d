import { randomInt, randomUUID } from 'node:crypto';
import { AccountDirectory, sealForCommand } from '@lienmach/accounts';
import {
  channelsReaching,
  replyRulesOf,
  type FirstMessageRules,
  type IdentifierType,
  type ReplyRules,
} from '@lienmach/contracts';
import { Inject, Injectable } from '@nestjs/common';
import type { Access } from '../access/access.js';
import { idempotencyKey, requestHashOf, requireSameRequest } from '../api/idempotency-key.js';
import { Problem } from '../api/problem.js';
import { isUuid } from '../api/uuid.js';
import { CoreSettings } from '../core.config.js';
import { TenantDatabase, type Transaction } from '../database/tenant-database.js';
import { EvidencePreviewService } from '../identity/evidence-preview.service.js';
import { oneTimeCodeEvidence } from '../identity/evidence.rules.js';
import { PersonRepository, type IdentifierRow } from '../identity/person.repository.js';
import { PersonService } from '../identity/person.service.js';
import { classNow } from '../identity/sharing.rules.js';
import { DirectoryOfTenants, type TenantDirectory } from '../ingest/tenant-facts.js';
import { SendingService } from '../reply/sending.service.js';
import type { ConfirmationDto, ConfirmationRequestDto, ConfirmationsDto } from './confirmation.dto.js';
import { ConfirmationRepository, type ConfirmationRow } from './confirmation.repository.js';
import {
  accountToSend,
  CODE_DIGITS,
  codeHash,
  CONFIRMATION_LIMITS,
  DAY,
  DEFAULT_SUBJECT,
  DEFAULT_TEXT,
  maskedText,
  secondsToWait,
  standingOf,
  threadOf,
  type SendingAccount,
} from './confirmation.rules.js';

/** An account by which an address can be written to. */
interface Way extends SendingAccount {
  readonly first: FirstMessageRules;
  readonly reply: ReplyRules;
}

/** Sends one-time codes to claimed numbers and addresses, and tells how they stand. That one was typed, transaction 1 finds. */
@Injectable()
export class ConfirmationService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly confirmations: ConfirmationRepository,
    private readonly people: PersonService,
    private readonly members: PersonRepository,
    private readonly preview: EvidencePreviewService,
    private readonly sending: SendingService,
    private readonly accounts: AccountDirectory,
    private readonly settings: CoreSettings,
    @Inject(DirectoryOfTenants) private readonly tenants: TenantDirectory,
  ) {}

  /** @param header `Idempotency-Key`: asked again with the same one, it answers the same and sends nothing */
  request(
    access: Access,
    personId: string,
    header: string | undefined,
    request: ConfirmationRequestDto,
  ): Promise<ConfirmationDto> {
    const key = idempotencyKey(header, 'code');
    const requestHash = hashOf(personId, request);
    return this.database.write(access.tenant, async (transaction) => {
      await this.confirmations.lock(transaction);
      const before = await this.confirmations.byKey(transaction, access.actor, key);
      if (before) requireSameRequest(before.requestHash, requestHash, 'code');
      const id = before?.id ?? (await this.send(transaction, access, personId, request, { key, requestHash }));
      return shape((await this.confirmations.find(transaction, id))!);
    });
  }

  list(access: Access, personId: string): Promise<ConfirmationsDto> {
    return this.database.read(access.tenant, async (transaction) => {
      const members = await this.memberIds(transaction, personId);
      const rows = await this.confirmations.of(transaction, members);
      return { items: rows.map(shape) };
    });
  }

  get(access: Access, id: string): Promise<ConfirmationDto> {
    return this.database.read(access.tenant, async (transaction) => {
      const row = isUuid(id) ? await this.confirmations.find(transaction, id) : undefined;
      if (!row) throw Problem.notFound('There is no such confirmation');
      return shape(row);
    });
  }

  private async send(
    transaction: Transaction,
    access: Access,
    personId: string,
    { identifierId, account, text }: ConfirmationRequestDto,
    asked: { readonly key: string; readonly requestHash: Buffer },
  ): Promise<string> {
    const { tenant, actor } = access;
    const members = await this.memberIds(transaction, personId);
    const { identifier, claimantId } = await this.claimed(transaction, members, identifierId);
    const now = Date.now();
    const sent = await this.confirmations.sentSince(transaction, { identifierId: identifier.id, members }, now - DAY);
    const wait = secondsToWait(sent, now);
    if (wait !== null) throw Problem.tooManyRequests('Codes were sent for it lately', wait);
    const id = randomUUID();
    const proof = oneTimeCodeEvidence({ confirmationId: id, eventId: id }, claimantId, identifier.id, now);
    await this.preview.refuseIfItCannotJoin(transaction, access, proof);

    const brand = await this.confirmations.brandOf(transaction, claimantId);
    const way = this.wayTo(tenant, identifier.type, account ?? null, brand);
    const template = text ?? DEFAULT_TEXT;
    if (template.length > way.reply.longestText) {
      throw Problem.invalid([
        { field: 'text', detail: `must not be longer than ${way.reply.longestText} characters there` },
      ]);
    }
    const code = String(randomInt(10 ** CODE_DIGITS)).padStart(CODE_DIGITS, '0');
    const { channel, vendor, id: accountId } = way;
    await this.confirmations.insert(transaction, {
      id,
      claimantId,
      identifierId: identifier.id,
      channel,
      account: accountId,
      codeHash: codeHash(this.tenants.factsOf(tenant)!.secret, id, code),
      guesses: CONFIRMATION_LIMITS.guesses,
      at: now,
      expiresAt: now + CONFIRMATION_LIMITS.minutes * 60_000,
      actor,
      ...asked,
    });
    const destination = { channel, vendor, account: accountId, thread: threadOf(way.first, identifier.value, id) };
    await this.sending.lock(transaction, destination);
    await this.sending.send(transaction, {
      id,
      ...destination,
      to: identifier,
      text: maskedText(template),
      attachments: [],
      subject: way.first.thread === 'own' ? DEFAULT_SUBJECT : null,
      sealed: sealForCommand(this.settings.secretsKey, { tenant, id }, code),
      author: { kind: 'system', name: actor },
      at: now,
      lastCustomerAt: now,
      answers: null,
    });
    return id;
  }

  /** The identifier, and by whom of the person it was claimed. @throws Problem 409, 422 */
  private async claimed(
    transaction: Transaction,
    members: readonly string[],
    identifierId: string,
  ): Promise<{ identifier: IdentifierRow; claimantId: string }> {
    const [identifier] = isUuid(identifierId) ? await this.members.identifiers(transaction, [identifierId]) : [];
    const claimantId = identifier && (await this.confirmations.claimant(transaction, members, identifier.id));
    if (!claimantId) {
      throw Problem.invalid([{ field: 'identifierId', detail: 'is none that this person claimed' }]);
    }
    const is = classNow(identifier, identifier.standing ?? undefined);
    if (is !== 'personal') throw Problem.conflict('It is nobody’s own, and proves nothing', { class: is });
    if (await this.confirmations.isVerified(transaction, claimantId, identifier.id)) {
      throw Problem.conflict('It is verified as this person’s already', { reason: 'already-verified' });
    }
    return { identifier, claimantId };
  }

  private wayTo(tenant: string, type: IdentifierType, wanted: string | null, brand: string | null): Way {
    const ways = channelsReaching(type).flatMap((first) =>
      this.accounts.accounts().flatMap((account): Way[] => {
        const { channel, vendor, id, enabled, problems } = account;
        const reply = replyRulesOf(channel, 'message', vendor);
        if (account.tenant !== tenant || channel !== first.channel || !enabled || problems.length > 0) return [];
        if (!reply || first.notBy?.includes(vendor)) return [];
        return [{ channel, vendor, id, brand: this.accounts.brandOf(account) ?? '', first, reply }];
      }),
    );
    const way = accountToSend(wanted === null ? ways : ways.filter(({ id }) => id === wanted), brand);
    if (way) return way;
    if (wanted === null) throw Problem.conflict('No account of yours can write there', { reason: 'no-account' });
    throw Problem.invalid([{ field: 'account', detail: 'is none that can write there' }]);
  }

  private async memberIds(transaction: Transaction, personId: string): Promise<string[]> {
    const present = await this.people.present(transaction, personId);
    return (await this.members.meant(transaction, present)).map(({ id }) => id);
  }
}

function hashOf(personId: string, { identifierId, account = null, text = null }: ConfirmationRequestDto): Buffer {
  return requestHashOf([personId, identifierId, account, text]);
}

function shape(row: ConfirmationRow): ConfirmationDto {
  const { state, reason, confirmedBy } = standingOf(row, Date.now());
  const { id, identifierId, claimantId, channel, account, actor, at, expiresAt, delivery } = row;
  return {
    id,
    identifierId,
    claimantId,
    channel,
    account,
    state,
    reason,
    delivery: delivery?.state ?? null,
    at: new Date(at).toISOString(),
    expiresAt: new Date(expiresAt).toISOString(),
    actor,
    confirmedAt: confirmedBy && new Date(confirmedBy.at).toISOString(),
    evidenceId:
      confirmedBy &&
      oneTimeCodeEvidence(
        { confirmationId: id, eventId: confirmedBy.eventId },
        claimantId,
        identifierId,
        confirmedBy.at,
      ).id,
  };
}
