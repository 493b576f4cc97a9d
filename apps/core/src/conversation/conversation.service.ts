import { Injectable } from '@nestjs/common';
import type { Access } from '../access/access.js';
import { maskingFor } from '../access/masking.js';
import { decodeCursor, encodeCursor, isTime, page } from '../api/cursor.js';
import type { PageQuery } from '../api/page.dto.js';
import { Problem } from '../api/problem.js';
import { isUuid } from '../api/uuid.js';
import { TenantDatabase, type Transaction } from '../database/tenant-database.js';
import { WorkingTimes } from '../rules/working-times.service.js';
import { TimelineService } from '../timeline/timeline.service.js';
import type { WorkingTime } from './clock.rules.js';
import { conversationShape, segmentShape } from './conversation-shape.js';
import type { ConversationDto, ConversationsDto, ConversationsQuery } from './conversation.dto.js';
import { ConversationRepository, type ConversationRow } from './conversation.repository.js';

@Injectable()
export class ConversationService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly conversations: ConversationRepository,
    private readonly timeline: TimelineService,
    private readonly times: WorkingTimes,
  ) {}

  list(access: Access, query: ConversationsQuery): Promise<ConversationsDto> {
    const { state, channel, waiting, cursor, limit } = query;
    const list = waiting ? 'waiting' : 'conversations';
    const parts = decodeCursor(list, cursor, [isTime, (id) => typeof id === 'string' && isUuid(id)]);
    const after = parts && { at: parts[0] as number, id: parts[1] as string };
    return this.database.read(access.tenant, async (transaction) => {
      const rows = await this.conversations.list(transaction, { state, channel, waiting }, after, limit + 1);
      const { items, next } = page(rows, limit, (last) =>
        encodeCursor(list, waiting ? last.waitingSince! : last.lastAt, last.id),
      );
      const now = Date.now();
      const time = await this.workingTime(transaction);
      return { items: items.map((row) => conversationShape(row, now, time)), next };
    });
  }

  get(access: Access, id: string, { cursor, limit }: PageQuery): Promise<ConversationDto> {
    return this.database.read(access.tenant, async (transaction) => {
      const row = await this.present(transaction, id);
      const segments = await this.conversations.segments(transaction, row.id);
      const formerIds = await this.conversations.formerIds(transaction, row.id);
      const masking = maskingFor(access.role);
      const entries = await this.timeline.entries(transaction, access, { conversation: row.id }, { cursor, limit });
      return {
        ...conversationShape(row, Date.now(), await this.workingTime(transaction)),
        formerIds,
        segments: segments.map((segment) => segmentShape(segment, masking)),
        ...entries,
      };
    });
  }

  private async workingTime({ manager, tenant }: Transaction): Promise<WorkingTime> {
    return (await this.times.of(manager, [tenant]))(tenant);
  }

  /** The conversation that an id leads to now. @throws Problem 404 */
  async present(transaction: Transaction, id: string): Promise<ConversationRow> {
    const row = isUuid(id) ? await this.conversations.present(transaction, id) : undefined;
    if (!row) throw Problem.notFound('There is no such conversation');
    return row;
  }
}
