import type { LoggerService } from '@nestjs/common';
import { TemporarilyUnavailable, UnknownAccount } from '@lienmach/contracts';
import type { ChannelDefinition, DoorRequest, RunningServer, ServerContext } from './channel.js';
import type { DoorAccounts } from './door-accounts.js';
import type { DoorHandler } from './door-handler.js';
import { serverHandlers, type DoorSurroundings } from './doors.js';

/** Where the servers of an adapter run. */
export interface ServerPlace {
  readonly host: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly logger: LoggerService;
}

/** Starts every server and client of a channel; when one cannot start, those that run are closed again. */
export async function startServers(
  channel: ChannelDefinition,
  surroundings: DoorSurroundings,
  place: ServerPlace,
): Promise<RunningServer> {
  const running: RunningServer[] = [];
  const close = async (): Promise<void> => void (await Promise.all(running.map((each) => each.close())));
  try {
    for (const { server, handler, accounts } of serverHandlers(channel, surroundings))
      running.push(await server.start(contextFor(handler, accounts, place)));
  } catch (error) {
    await close();
    throw error;
  }
  return { close };
}

/** What a server gets: the accounts of its vendor and a way to publish. */
export function contextFor(
  handler: Pick<DoorHandler<object>, 'handle' | 'door'>,
  accounts: DoorAccounts<object>,
  place: ServerPlace,
): ServerContext<object> {
  return {
    ...place,
    accounts: {
      get loaded() {
        return accounts.loaded;
      },
      find: (id) => accounts.byId(id)?.account,
      all: () => accounts.plain(),
    },
    publish: async (account, body, headers) => {
      const { status } = await handler.handle(requestOf(handler.door.path, account, body, headers), { account });
      if (status === 404) throw new UnknownAccount(`no account ${account}`);
      if (status !== 200) throw new TemporarilyUnavailable(`what came could not be kept: ${status}`);
    },
  };
}

/** What a webhook would be: the handler knows no other shape. */
function requestOf(
  path: string,
  account: string,
  body: Buffer,
  headers: Readonly<Record<string, string>>,
): DoorRequest {
  const target = path.replace(':account', encodeURIComponent(account));
  return { method: 'POST', target, publicUrl: '', query: new URLSearchParams(), headers, body };
}
