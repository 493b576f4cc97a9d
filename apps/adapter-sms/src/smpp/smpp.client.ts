import { MalformedPayload } from '@lienmach/contracts';
import type { ChannelAccount, RunningServer, ServerContext } from '@lienmach/adapter-kit';
import type { PartJoiner } from '../part-joiner.server.js';
import { PDU_TYPE, RECEIVED_AT } from './smpp-door.js';
import { SmppSession } from './smpp-session.client.js';
import type { SmppSettings } from './smpp.config.js';
import { partIn } from './smpp.normalise.js';
import { readSmpp } from './smpp.payload.js';

type Context = ServerContext<SmppSettings>;

/** Accounts come, go and change while the adapter runs. */
const LOOK_MS = 1_000;

export interface Running {
  readonly account: ChannelAccount<SmppSettings>;
  readonly session: SmppSession;
}

/** The sessions of this process, by the account's id. */
export class SmppSessions extends Map<string, Running> {}

/** One session for every account, begun and ended as accounts come and go. */
export async function startSmppClients(
  context: Context,
  joiner: PartJoiner,
  running: SmppSessions,
): Promise<RunningServer> {
  const joining = await joiner.start(context);
  const look = (): void => {
    if (!context.accounts.loaded) return;
    const accounts = new Map(context.accounts.all().map((account) => [account.id, account]));
    for (const [id, { account, session }] of running) {
      // a changed account is another object
      if (accounts.get(id) === account) continue;
      running.delete(id);
      void session.stop();
    }
    for (const [id, account] of accounts) {
      if (running.has(id)) continue;
      const { settings } = account;
      const deliver = (pdu: Buffer): Promise<void> => take(pdu, account, context, joiner);
      const session = new SmppSession({ account: id, settings, logger: context.logger, deliver });
      running.set(id, { account, session });
      session.start();
    }
  };
  const timer = setInterval(look, LOOK_MS);
  look();
  return {
    close: async () => {
      clearInterval(timer);
      await Promise.all([...running.values()].map(({ session }) => session.stop()));
      await joining.close();
    },
  };
}

/** The SMSC is answered after this: the raw PDU is with the broker, a part on disk. */
async function take(
  pdu: Buffer,
  account: ChannelAccount<SmppSettings>,
  context: Context,
  joiner: PartJoiner,
): Promise<void> {
  const body = Buffer.from(pdu.toString('hex'));
  const receivedAt = Date.now();
  await context.publish(account.id, body, { 'content-type': PDU_TYPE, [RECEIVED_AT]: String(receivedAt) });
  const part = joiner.isRunning ? partOf(body, account, receivedAt) : null;
  if (part) await joiner.add(part);
}

/** Null for what cannot be read too: publish has put that among the dead letters. */
function partOf(body: Buffer, account: ChannelAccount<SmppSettings>, receivedAt: number) {
  try {
    return partIn(readSmpp(body), account, receivedAt);
  } catch (error) {
    if (error instanceof MalformedPayload) return null;
    throw error;
  }
}
