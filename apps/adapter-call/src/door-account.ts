import type { AccountLookup, ChannelAccount, DoorRequest } from '@lienmach/adapter-kit';

/** The id of the account that the path names: `/webhooks/call/<vendor>/<id>[/…]`. */
export function accountIdOf(request: DoorRequest): string {
  const segment = request.target.split('?', 1)[0]!.split('/')[4];
  return decodeURIComponent(segment ?? '');
}

export function accountOf<S>(request: DoorRequest, accounts: AccountLookup<S>): ChannelAccount<S> | undefined {
  return accounts(accountIdOf(request));
}
