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
import { ActRepository, type ActedSegment } from './act.repository.js';
import type { ConversationRow } from './conversation.repository.js';
import { ConversationService } from './conversation.service.js';
import type { Act, ArrangingAct, SettlingAct } from './timed-item.js';

/** What is moved: an item with what follows it in its segment, or a segment. */
export interface Moved {
  readonly itemId?: string;
  readonly segmentId?: string;
}

/** What is special to an act; the rest is the same for all. */
type Said = Pick<SettlingAct, 'kind' | 'stretches'> | Pick<ArrangingAct, 'kind' | 'itemIds' | 'withIds' | 'apartIds'>;

interface Saying {
  readonly said: Said;
  readonly segments: readonly ActedSegment[];
  /** By which the caller finds what the act was about. */
  readonly itemIds: readonly string[];
}

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
  settle(access: Access, id: string, kind: SettlingAct['kind'], reason: string | null): Promise<ActDto> {
    return this.act(access, id, reason, (_transaction, _conversation, segments) => {
      const stretches = segments.map(({ threadId, identifierId, lastAt }) => ({
        threadId,
        identifierId,
        seenAt: lastAt,
      }));
      return Promise.resolve({ said: { kind, stretches }, segments, itemIds: starts(segments.slice(0, 1)) });
    });
  }

  join(access: Access, id: string, otherId: string, reason: string | null): Promise<ActDto> {
    return this.act(access, id, reason, async (transaction, conversation, segments) => {
      const others = await this.segmentsOfOther(transaction, conversation, otherId);
      const itemIds = starts(segments);
      const said = { kind: 'join', itemIds, withIds: starts(others), apartIds: [] } as const;
      return { said, segments: [...segments, ...others], itemIds };
    });
  }

  split(access: Access, id: string, segmentId: string, reason: string | null): Promise<ActDto> {
    return this.act(access, id, reason, (_transaction, _conversation, segments) => {
      const { itemId } = segmentOf(segments, segmentId);
      if (segments.length === 1) throw invalid('segmentId', 'is all that this conversation is');
      const itemIds = [itemId];
      const said = {
        kind: 'split',
        itemIds,
        withIds: [],
        apartIds: starts(segments).filter((id) => id !== itemId),
      } as const;
      return Promise.resolve({ said, segments, itemIds });
    });
  }

  move(access: Access, id: string, moved: Moved, toId: string, reason: string | null): Promise<ActDto> {
    if ((moved.itemId === undefined) === (moved.segmentId === undefined)) {
      throw invalid('itemId', 'name either itemId or segmentId');
    }
    return this.act(access, id, reason, async (transaction, conversation, segments) => {
      const itemIds = [await this.itemMoved(transaction, segments, moved)];
      const rest = segments.filter(({ itemId }) => itemId !== itemIds[0]);
      if (await this.staysWhereItIs(transaction, conversation, toId, segments, itemIds[0]!)) {
        return { said: { kind: 'move', itemIds, withIds: starts(rest), apartIds: [] }, segments, itemIds };
      }
      const others = await this.segmentsOfOther(transaction, conversation, toId);
      const said = { kind: 'move', itemIds, withIds: starts(others), apartIds: starts(rest) } as const;
      return { said, segments: [...segments, ...others], itemIds };
    });
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
    return { actId: id, undoes: act.id, conversationId: await this.conversationNow(tenant, act.itemIds) };
  }

  /** Records an act and waits until it shows. */
  private async act(
    access: Access,
    id: string,
    reason: string | null,
    say: (transaction: Transaction, conversation: ConversationRow, segments: ActedSegment[]) => Promise<Saying>,
  ): Promise<ActDto> {
    const { tenant, actor } = access;
    const actId = randomUUID();
    const { marks, itemIds, present } = await this.database.write(tenant, async (transaction) => {
      const conversation = await this.conversations.present(transaction, id);
      const own = await this.acts.segments(transaction, conversation.id);
      const { said, segments, itemIds } = await say(transaction, conversation, own);
      const act: Act = { ...said, id: actId, at: Date.now(), actor, reason };
      const identifierIds = [...new Set(segments.map(({ identifierId }) => identifierId))];
      await this.acts.insert(transaction, act, { identifierIds, itemIds });
      return {
        marks: await this.mark(transaction, identifierIds, act.at, actId),
        itemIds,
        present: conversation.id,
      };
    });
    await this.settlement.settled(tenant, marks);
    return { actId, conversationId: (await this.conversationNow(tenant, itemIds)) ?? present };
  }

  /** Rule T6: of a segment that may belong elsewhere an agent says that it is right where it is. */
  private async staysWhereItIs(
    transaction: Transaction,
    { id }: ConversationRow,
    toId: string,
    segments: readonly ActedSegment[],
    moved: string,
  ): Promise<boolean> {
    const isInDoubt = segments.some(({ itemId, ambiguous }) => ambiguous && itemId === moved);
    return isInDoubt && (await this.conversations.present(transaction, toId)).id === id;
  }

  /** Segments of a conversation that the given one may be one with. */
  private async segmentsOfOther(
    transaction: Transaction,
    { id, personId, brand }: ConversationRow,
    otherId: string,
  ): Promise<ActedSegment[]> {
    const other = await this.conversations.present(transaction, otherId);
    if (other.id === id) throw invalid('conversationId', 'leads to the same conversation');
    if (other.personId !== personId) {
      throw Problem.conflict('The two conversations are of different people: say first that these are the same', {
        people: [personId, other.personId],
      });
    }
    if (other.brand !== brand) {
      throw Problem.conflict('The two conversations are of different brands', { brands: [brand, other.brand] });
    }
    return this.acts.segments(transaction, other.id);
  }

  private async itemMoved(
    transaction: Transaction,
    segments: readonly ActedSegment[],
    { itemId, segmentId }: Moved,
  ): Promise<string> {
    if (segmentId !== undefined) return segmentOf(segments, segmentId).itemId;
    const item = isUuid(itemId!) ? await this.acts.item(transaction, itemId!) : undefined;
    if (!item || !segments.some(({ id }) => id === item.segmentId)) {
      throw invalid('itemId', 'is no item of this conversation');
    }
    if (!item.counts) throw invalid('itemId', 'does not stand by itself: move what it belongs to');
    return item.id;
  }

  private conversationNow(tenant: string, itemIds: readonly string[]): Promise<string | null> {
    return this.database.read(tenant, (transaction) => this.acts.conversationOf(transaction, itemIds));
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

const invalid = (field: string, detail: string): Problem => Problem.invalid([{ field, detail }]);

const starts = (segments: readonly ActedSegment[]): string[] => segments.map(({ itemId }) => itemId);

function segmentOf(segments: readonly ActedSegment[], id: string): ActedSegment {
  const segment = segments.find((one) => one.id === id.toLowerCase());
  if (segment === undefined) throw invalid('segmentId', 'is no segment of this conversation');
  return segment;
}
