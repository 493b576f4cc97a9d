import type { Masking } from '../access/masking.js';
import { clockStage, type WorkingTime } from './clock.rules.js';
import type { ConversationSummaryDto, SegmentDto } from './conversation.dto.js';
import type { ConversationRow, SegmentRow } from './conversation.repository.js';

const iso = (at: number): string => new Date(at).toISOString();
const isoOrNull = (at: number | null): string | null => (at === null ? null : iso(at));

/**
 * @param now milliseconds: the stage of a running clock is that of the moment of asking
 * @param time working time of the tenant
 */
export function conversationShape(row: ConversationRow, now: number, time: WorkingTime): ConversationSummaryDto {
  return {
    id: row.id,
    state: row.state,
    personId: row.personId,
    channels: [...row.channels],
    ambiguous: row.ambiguous,
    startedAt: iso(row.startedAt),
    lastAt: iso(row.lastAt),
    resolvedAt: isoOrNull(row.resolvedAt),
    clock: {
      waitingSince: isoOrNull(row.waitingSince),
      stage: clockStage(row, now, time),
      stoppedBy: row.stoppedBy,
      stoppedAt: isoOrNull(row.stoppedAt),
    },
  };
}

export function segmentShape(row: SegmentRow, masking: Masking): SegmentDto {
  const { id, channel, account, thread, linkedBy } = row;
  return {
    id,
    channel,
    account,
    thread: masking.text(thread),
    startedAt: iso(row.startedAt),
    resolvedAt: isoOrNull(row.resolvedAt),
    linkedBy,
    candidates: [...(row.candidates ?? [])],
  };
}
