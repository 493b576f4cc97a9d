import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { deterministicId } from '@lienmach/contracts';
import type { Access } from '../access/access.js';
import { Problem } from '../api/problem.js';
import { SettlementService } from '../api/settlement.service.js';
import { isUuid } from '../api/uuid.js';
import { DirtyRepository } from '../database/dirty.repository.js';
import { TenantDatabase, type Transaction } from '../database/tenant-database.js';
import type { ActDto, UndoneDto } from './act.dto.js';
import { ActRepository } from './act.repository.js';
import { ConversationService } from './conversation.service.js';
import type { Act } from './timed-item.js';

/** What agents do to conversations: records, which every later computation takes into account until they are undone (rule T11). */
@Injectable()
export class ActService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly conversations: ConversationService,
    private readonly acts: ActRepository,
    private readonly dirty: DirtyRepository,
    private readonly settlement: SettlementService,
  ) {}

  /** @param id of the conversation, present or former */
  async settle(access: Access, id: string, kind: Act['kind'], reason: string | null): Promise<ActDto> {
    const actId = randomUUID();
    const marks = await this.database.write(access.tenant, async (transaction) => {
      const { id: conversationId } = await this.conversations.present(transaction, id);
      const segments = await this.acts.segments(transaction, conversationId);
      const stretches = segments.map(({ threadId, identifierId, lastAt: seenAt }) => ({
        threadId,
        identifierId,
        seenAt,
      }));
      const at = Date.now();
      const identifierIds = [...new Set(segments.map(({ identifierId }) => identifierId))];
      const itemIds = segments.slice(0, 1).map(({ itemId }) => itemId);
      const act: Act = { id: actId, kind, at, stretches, actor: access.actor, reason };
      await this.acts.insert(transaction, act, { identifierIds, itemIds });
      return this.mark(transaction, identifierIds, at, actId);
    });
    await this.settlement.settled(access.tenant, marks);
    const present = await this.database.read(access.tenant, (transaction) =>
      this.conversations.present(transaction, id),
    );
    return { actId, conversationId: present.id };
  }

  /** Everything is as if the act had never been done; a second time changes nothing. */
  async undo(access: Access, actId: string, reason: string | null): Promise<UndoneDto> {
    const { tenant, actor } = access;
    const id = deterministicId('derived', 'act-undo', tenant, actId.toLowerCase());
    const { act, marks } = await this.database.write(tenant, async (transaction) => {
      const found = isUuid(actId) ? await this.acts.find(transaction, actId) : undefined;
      if (!found) throw Problem.notFound('There is no such act');
      const at = Date.now();
      const fresh = await this.acts.undo(transaction, { id, actId: found.id, at, actor, reason });
      return { act: found, marks: fresh ? await this.mark(transaction, found.identifierIds, at, id) : [] };
    });
    await this.settlement.settled(tenant, marks);
    const conversationId = await this.database.read(tenant, (transaction) =>
      this.acts.conversationOf(transaction, act.itemIds),
    );
    return { actId: id, undoes: act.id, conversationId };
  }

  private mark(
    transaction: Transaction,
    identifierIds: readonly string[],
    at: number,
    actId: string,
  ): Promise<string[]> {
    const why = { at: new Date(at), identity: false, refold: true, actId };
    return this.dirty.mark(
      transaction,
      identifierIds.map((identifierId) => ({ identifierId, ...why })),
    );
  }
}
