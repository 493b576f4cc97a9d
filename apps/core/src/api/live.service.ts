import { TOPICS } from '@lienmach/contracts';
import { Doorbell, gauge } from '@lienmach/platform';
import type { Access } from '../access/access.js';
import { TenantDatabase } from '../database/tenant-database.js';
import { LiveRepository, type LivePosition, type LiveRow } from './live.repository.js';
import { Problem } from './problem.js';

/** Streams of one process: each looks into the outbox whenever it is told of something new. */
const MOST_STREAMS = 200;
const MOST_OF_A_TENANT = 50;
const PAGE = 200;
/** A NOTIFY may get lost with its connection: look by ourselves as well. */
const POLL_MS = 1_000;
const HEARTBEAT_MS = 15_000;
/** Then the client comes again where it was, and shows its token again. */
const LONGEST_MS = 15 * 60_000;

const open = gauge('live_streams', 'Open streams of server-sent events');

/** One server-sent event; without a type it is a comment that keeps the connection alive. */
export interface LiveMessage {
  readonly id?: string;
  readonly type?: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

/**
 * Tells a client what changes, from the outbox's order and so the same from any process. It names what changed and never carries it: what the client
 * then reads is masked by its role as everything else.
 */

export class LiveService {
  private readonly streams = new Map<Doorbell, string>();
  private closed = false;

  constructor(
    private readonly database: TenantDatabase,
    private readonly rows: LiveRepository,
  ) {}

  /** Something was written: every stream looks. */
  wake(): void {
    for (const bell of this.streams.keys()) bell.ring();
  }

  /** Ends every stream; none begins any more. */
  close(): void {
    this.closed = true;
    this.wake();
  }

  /**
   * @param lastEventId where the client was; null: only what comes from now on
   * @throws Problem before the first message: too many streams, or a place that is none
   */
  async open(access: Access, lastEventId: string | null, signal: AbortSignal): Promise<AsyncGenerator<LiveMessage>> {
    const { tenant } = access;
    const own = [...this.streams.values()].filter((of) => of === tenant).length;
    if (this.closed || this.streams.size >= MOST_STREAMS || own >= MOST_OF_A_TENANT) {
      throw Problem.unavailable('There are as many live streams as there may be', null);
    }
    const asked = lastEventId === null ? null : positionOf(lastEventId);
    const bell = new Doorbell();
    this.streams.set(bell, tenant);
    open.set(this.streams.size);
    const ring = (): void => bell.ring();
    signal.addEventListener('abort', ring);
    const leave = (): void => {
      signal.removeEventListener('abort', ring);
      this.streams.delete(bell);
      open.set(this.streams.size);
    };
    try {
      const from = await this.database.read(tenant, async (transaction) => ({
        kept: asked === null || (await this.rows.has(transaction, asked)),
        end: await this.rows.end(transaction),
      }));
      return this.messages(tenant, bell, signal, from.kept ? (asked ?? from.end) : from.end, !from.kept, leave);
    } catch (error) {
      leave();
      throw error;
    }
  }

  private async *messages(
    tenant: string,
    bell: Doorbell,
    signal: AbortSignal,
    from: LivePosition,
    reset: boolean,
    leave: () => void,
  ): AsyncGenerator<LiveMessage> {
    const until = Date.now() + LONGEST_MS;
    let position = from;
    let said = Date.now();
    try {
      yield reset ? { id: idOf(position), type: 'reset', data: {} } : { id: idOf(position), type: 'ready', data: {} };
      while (!signal.aborted && !this.closed && Date.now() < until) {
        bell.listen();
        const rows = await this.database.read(tenant, (transaction) => this.rows.after(transaction, position, PAGE));
        for (const row of rows) yield messageOf(row);
        position = rows.at(-1) ?? position;
        if (rows.length > 0) said = Date.now();
        else if (Date.now() - said >= HEARTBEAT_MS) {
          yield {};
          said = Date.now();
        }
        if (rows.length < PAGE && !signal.aborted) await bell.rest(POLL_MS);
      }
    } finally {
      leave();
    }
  }
}

const idOf = ({ xid, seq }: LivePosition): string => `${xid}-${seq}`;

function positionOf(lastEventId: string): LivePosition {
  const found = /^(\d{1,19})-(\d{1,18})$/.exec(lastEventId);
  if (!found) {
    throw Problem.invalid([{ field: 'Last-Event-ID', detail: 'must be the id of an event of this stream' }]);
  }
  return { xid: found[1]!, seq: found[2]! };
}

const KEYED_BY_PERSON: readonly string[] = [TOPICS.personState, TOPICS.personChanges];
const KEYED_BY_CONVERSATION: readonly string[] = [TOPICS.conversationState, TOPICS.conversationEvents];

function messageOf(row: LiveRow): LiveMessage {
  const { id, topic, type, key, createdAt, personId, conversationId } = row;
  return {
    id: idOf(row),
    type,
    data: {
      id,
      topic,
      type,
      at: new Date(createdAt).toISOString(),
      personId: personId ?? (KEYED_BY_PERSON.includes(topic) ? key : null),
      conversationId: conversationId ?? (KEYED_BY_CONVERSATION.includes(topic) ? key : null),
    },
  };
}
