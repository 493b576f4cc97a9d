import { deterministicId } from '@lienmach/contracts';
import type { ChannelSwitch, LateStage, LinkedBy } from './timed-item.js';

/** What happened, by type. Times and durations in milliseconds. */
export type ThreadHappening =
  | { readonly type: 'conversation.opened'; readonly segmentId: string }
  | {
      readonly type: 'conversation.linked';
      readonly segmentId: string;
      readonly by: LinkedBy;
      /** Conversations that the segment may belong to as well (rule T6); absent where that is clear. */
      readonly candidates?: readonly string[] | null;
    }
  | { readonly type: 'conversation.unlinked'; readonly segmentId: string }
  | { readonly type: 'conversation.channel-switched'; readonly change: ChannelSwitch }
  | { readonly type: 'conversation.waiting'; readonly since: number; readonly itemId: string }
  | { readonly type: 'conversation.replied'; readonly waitedMs: number; readonly by: 'message' | 'call' }
  | { readonly type: 'conversation.resolved' }
  | { readonly type: 'conversation.reopened' }
  | { readonly type: 'target.started'; readonly since: number; readonly itemId: string }
  | {
      readonly type: 'target.warned' | 'target.breached' | 'target.endangered';
      readonly stage: LateStage;
      readonly since: number;
      readonly workingMs: number;
      /** The time had passed when we learnt of the wait. */
      readonly late: boolean;
    }
  | {
      readonly type: 'target.stopped';
      readonly waitedMs: number;
      /** `withdrawn`: what waited was taken back, or went to another conversation. */
      readonly by: 'message' | 'call' | 'resolve' | 'withdrawn';
    };

/** An event of conversation.events or target.events before it has an envelope. */
export type ThreadEvent = ThreadHappening & {
  /** Of type, conversation, segment, cause and, where threads were folded anew, the occasion: a wait may begin, end and begin again. */
  readonly id: string;
  readonly conversationId: string;
  /** Event time. */
  readonly at: number;
  /** Item hash, item id or act id. */
  readonly cause: string;
};

/** @param occasion what made the threads be folded anew; empty while they just go on */
export function threadEvent(
  conversationId: string,
  at: number,
  cause: string,
  happening: ThreadHappening,
  occasion = '',
): ThreadEvent {
  const segment = 'segmentId' in happening ? happening.segmentId : '';
  return {
    ...happening,
    id: deterministicId('derived', happening.type, conversationId, segment, cause, occasion),
    conversationId,
    at,
    cause,
  };
}
