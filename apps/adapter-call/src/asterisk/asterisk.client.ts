import type { ChannelAccount, RunningServer, ServerContext } from '@lienmach/adapter-kit';
import { AriSession, CALL_OF } from './ari-session.client.js';
import type { AsteriskSettings } from './asterisk.config.js';

/** Accounts come, go and change while the adapter runs. */
const LOOK_MS = 1_000;

interface Running {
  readonly account: ChannelAccount<AsteriskSettings>;
  readonly session: AriSession;
}

/** One connection for every account, begun and ended as accounts come and go. */
export function startAriClients(context: ServerContext<AsteriskSettings>): Promise<RunningServer> {
  const running = new Map<string, Running>();
  const look = (): void => {
    if (!context.accounts.loaded) return;
    const accounts = new Map(context.accounts.all().map((account) => [account.id, account]));
    for (const [id, { account, session }] of running) {
      // a changed account is another object
      if (accounts.get(id) === account) continue;
      running.delete(id);
      void session.stop();
    }
    for (const [id, account] of accounts) if (!running.has(id)) running.set(id, begin(account, context));
  };
  const timer = setInterval(look, LOOK_MS);
  look();
  return Promise.resolve({
    close: async () => {
      clearInterval(timer);
      await Promise.all([...running.values()].map(({ session }) => session.stop()));
    },
  });
}

function begin(account: ChannelAccount<AsteriskSettings>, context: ServerContext<AsteriskSettings>): Running {
  const deliver = (frame: Buffer, call: string | null): Promise<void> =>
    context.publish(account.id, frame, {
      'content-type': 'application/json',
      ...(call !== null && { [CALL_OF]: call }),
    });
  const { id, settings } = account;
  const session = new AriSession({ account: id, settings, logger: context.logger, deliver });
  session.start();
  return { account, session };
}
