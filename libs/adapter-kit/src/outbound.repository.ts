import type { Envelope, ReplyData, ChannelEvent } from '@lienmach/contracts';
import type { Pool } from 'pg';

/** A reply to send, as the topic has it. */
export type Command = Envelope<ReplyData>;

/** How much of a reply went out already. */
export interface SentSoFar {
  /** Of the messages that it becomes. */
  readonly messages: number;
  /** The vendor's ids of them. */
  readonly ids: readonly string[];
}

/** A command that this process may try now, once. */
export interface Claimed {
  readonly command: Command;
  readonly soFar: SentSoFar;
  /** Attempts made, this one included: the number of this claim. */
  readonly attempts: number;
}

/** A command that waited too long. */
export interface Overdue extends Claimed {
  /** Why its account waits; null: it does not. */
  readonly pause: string | null;
}

export interface PausedAccount {
  readonly tenant: string;
  readonly vendor: string;
  readonly account: string;
  readonly accountVersion: string;
}

const SO_FAR = `jsonb_build_object('messages', messages_sent, 'ids', sent_as) AS "soFar"`;
const OF_ROW = 'p.tenant = o.tenant AND p.channel = o.channel AND p.vendor = o.vendor AND p.account = o.account';

/** SQL of what one channel has to send. Every call is one statement, committed when it answers. */
export class OutboundRepository {
  constructor(
    private readonly pool: Pick<Pool, 'query'>,
    private readonly channel: string,
  ) {}

  /** In the order of the topic; a command that is known already changes nothing. */
  async add(commands: readonly Command[]): Promise<void> {
    if (commands.length === 0) return;
    await this.pool.query(
      `INSERT INTO channel.outbound (tenant, id, channel, vendor, account, thread, command, requested_at)
       SELECT c->>'tenant', (c->>'id')::uuid, $1, c->'data'->>'vendor', c->'data'->>'account', c->'data'->>'thread', c, (c->>'time')::timestamptz
       FROM jsonb_array_elements($2::jsonb) WITH ORDINALITY AS e(c, position) ORDER BY position
       ON CONFLICT DO NOTHING`,
      [this.channel, JSON.stringify(commands)],
    );
  }

  /** The head of each thread that is due, of accounts that need not wait: from here on the vendor may have it. */
  async claim(limit: number, giveUpMs: number): Promise<Claimed[]> {
    const { rows } = await this.pool.query<Claimed>(
      `UPDATE channel.outbound t SET state = 'trying', attempts = t.attempts + 1, tried_at = clock_timestamp()
       FROM (
         SELECT o.id, o.tenant FROM channel.outbound o
         WHERE o.channel = $1 AND o.state = 'waiting' AND o.next_attempt_at <= clock_timestamp()
           AND o.requested_at > clock_timestamp() - make_interval(secs => $3)
           AND NOT EXISTS (
             SELECT 1 FROM channel.outbound e
             WHERE e.thread = o.thread AND e.account = o.account AND e.vendor = o.vendor AND e.channel = o.channel AND e.tenant = o.tenant
               AND e.seq < o.seq AND e.state IN ('waiting', 'trying'))
           AND NOT EXISTS (SELECT 1 FROM channel.outbound_pause p WHERE ${OF_ROW} AND p.until > clock_timestamp())
         ORDER BY o.next_attempt_at, o.seq LIMIT $2
         FOR UPDATE OF o SKIP LOCKED
       ) due
       WHERE t.id = due.id AND t.tenant = due.tenant
       RETURNING t.command, t.attempts, ${SO_FAR}`,
      [this.channel, limit, giveUpMs / 1_000],
    );
    return rows;
  }

  /**
   * One message of several went out, and the next one is tried from here on.
   * @returns false: the claim was taken away meanwhile
   */
  async advance({ command, attempts }: Claimed, { messages, ids }: SentSoFar): Promise<boolean> {
    const { rowCount } = await this.pool.query(
      `UPDATE channel.outbound SET messages_sent = $4, sent_as = $5, tried_at = clock_timestamp()
       WHERE tenant = $1 AND id = $2 AND state = 'trying' AND attempts = $3`,
      [command.tenant, command.id, attempts, messages, ids],
    );
    return (rowCount ?? 0) > 0;
  }

  /** Ends a claim by another attempt later. */
  async postpone({ command, attempts }: Claimed, at: number): Promise<void> {
    await this.pool.query(
      `UPDATE channel.outbound SET state = 'waiting', next_attempt_at = $4
       WHERE tenant = $1 AND id = $2 AND state = 'trying' AND attempts = $3`,
      [command.tenant, command.id, attempts, new Date(at).toISOString()],
    );
  }

  /** Lets an account wait, and gives the claim back. */
  async hold({ command, attempts }: Claimed, until: number, reason: string, accountVersion: string): Promise<void> {
    const { tenant, id, data } = command;
    await this.pool.query(
      `WITH pause AS (
         INSERT INTO channel.outbound_pause AS p (tenant, channel, vendor, account, until, reason, account_version) VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (account, vendor, channel, tenant) DO UPDATE SET until = greatest(p.until, excluded.until), reason = excluded.reason,
           account_version = excluded.account_version
       )
       UPDATE channel.outbound SET state = 'waiting' WHERE tenant = $1 AND id = $8 AND state = 'trying' AND attempts = $9`,
      [
        tenant,
        this.channel,
        data.vendor,
        data.account,
        new Date(until).toISOString(),
        reason,
        accountVersion,
        id,
        attempts,
      ],
    );
  }

  /**
   * What became of it, to be told from now on until the broker has it. What a vendor answered counts even after it was given up.
   * @returns false: it is settled already
   */
  async settle({ command, attempts }: Claimed, event: ChannelEvent, certain: boolean): Promise<boolean> {
    const { rowCount } = await this.pool.query(
      `UPDATE channel.outbound SET state = 'settled', outcome = $4, settled_at = clock_timestamp()
       WHERE tenant = $1 AND id = $2 AND attempts = $3 AND (state = 'trying' OR $5)`,
      [command.tenant, command.id, attempts, JSON.stringify(event), certain],
    );
    return (rowCount ?? 0) > 0;
  }

  /** Its text is needed no more; the row stays as long as its command may come again. */
  async told(commandId: string, event: ChannelEvent): Promise<void> {
    await this.pool.query(
      `UPDATE channel.outbound SET state = 'done', command = NULL, outcome = NULL
       WHERE tenant = $1 AND id = $2 AND state = 'settled' AND outcome->>'id' = $3`,
      [event.tenant, commandId, event.id],
    );
  }

  /** Claims whose process never came back. */
  async abandoned(leaseMs: number, limit: number): Promise<Claimed[]> {
    const { rows } = await this.pool.query<Claimed>(
      `SELECT command, attempts, ${SO_FAR} FROM channel.outbound
       WHERE channel = $1 AND state = 'trying' AND tried_at < clock_timestamp() - make_interval(secs => $2) LIMIT $3`,
      [this.channel, leaseMs / 1_000, limit],
    );
    return rows;
  }

  /** Takes what waited too long out of the queue, as an attempt does. */
  async overdue(giveUpMs: number, limit: number): Promise<Overdue[]> {
    const { rows } = await this.pool.query<Overdue>(
      `UPDATE channel.outbound o SET state = 'trying', attempts = o.attempts + 1, tried_at = clock_timestamp()
       FROM (
         SELECT id, tenant FROM channel.outbound
         WHERE channel = $1 AND state = 'waiting' AND requested_at <= clock_timestamp() - make_interval(secs => $2)
         ORDER BY seq LIMIT $3 FOR UPDATE SKIP LOCKED
       ) late
       WHERE o.id = late.id AND o.tenant = late.tenant
       RETURNING o.command, o.attempts, ${SO_FAR},
         (SELECT p.reason FROM channel.outbound_pause p WHERE ${OF_ROW} AND p.until > clock_timestamp()) AS pause`,
      [this.channel, giveUpMs / 1_000, limit],
    );
    return rows;
  }

  /** Settled a while ago and still not told: whoever should have may be gone. */
  async untold(olderThanMs: number, limit: number): Promise<{ id: string; outcome: ChannelEvent }[]> {
    const { rows } = await this.pool.query<{ id: string; outcome: ChannelEvent }>(
      `SELECT id, outcome FROM channel.outbound
       WHERE channel = $1 AND state = 'settled' AND settled_at < clock_timestamp() - make_interval(secs => $2) ORDER BY seq LIMIT $3`,
      [this.channel, olderThanMs / 1_000, limit],
    );
    return rows;
  }

  async paused(): Promise<PausedAccount[]> {
    const { rows } = await this.pool.query<PausedAccount>(
      `SELECT tenant, vendor, account, account_version AS "accountVersion" FROM channel.outbound_pause WHERE channel = $1`,
      [this.channel],
    );
    return rows;
  }

  /** Ends a pause, unless it has begun anew since it was read. */
  async resume({ tenant, vendor, account, accountVersion }: PausedAccount): Promise<void> {
    await this.pool.query(
      `DELETE FROM channel.outbound_pause WHERE tenant = $1 AND channel = $2 AND vendor = $3 AND account = $4 AND account_version = $5`,
      [tenant, this.channel, vendor, account, accountVersion],
    );
  }

  /** Forgets what no topic holds any more. */
  async forget(olderThanDays: number): Promise<void> {
    await this.pool.query(
      `DELETE FROM channel.outbound WHERE channel = $1 AND state = 'done' AND settled_at < clock_timestamp() - make_interval(days => $2)`,
      [this.channel, olderThanDays],
    );
  }
}
