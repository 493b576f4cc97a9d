import type { Door, DoorRequest } from './channel.js';
import type { DoorAccount, DoorAccounts } from './door-accounts.js';

/** What the router takes out of a path, decoded. */
export interface PathParameters {
  readonly account?: string;
  readonly secret?: string;
}

/** Who made the request, and whose parts of it count. */
export interface Proof<S> {
  readonly owner: DoorAccount<S>;
  lookup(id: string): DoorAccount<S> | undefined;
}

/** Secrets that one body is tried with at most: each costs an HMAC over the whole of it. */
const MOST_SECRETS = 16;
/** Accounts looked up for one body; a body that names more keeps its other parts, for the look-up of each part is its own. */
const MOST_PEEKED = 200;

/** Finds out whose secret made a request. */
export class DoorProver<S extends object> {
  constructor(
    private readonly door: Door<S>,
    private readonly accounts: DoorAccounts<S>,
  ) {}

  /** The account that the path names. */
  named({ account, secret }: PathParameters): DoorAccount<S> | undefined {
    if (this.door.accountIn === 'path-id' || this.door.accountIn === 'connection')
      return this.accounts.byId(account ?? '');
    if (this.door.accountIn === 'path-secret') return this.accounts.byPathSecret(secret ?? '');
    return undefined;
  }

  proveNamed(request: DoorRequest, owner: DoorAccount<S>): Proof<S> | undefined {
    if (this.door.accountIn !== 'connection' && !this.door.verify(request, owner.account)) return undefined;
    return { owner, lookup: (id) => (id === owner.account.id ? owner : undefined) };
  }

  /** The accounts that the body names say whose secrets may have signed it; each distinct secret is tried once. */
  proveBody(request: DoorRequest): Proof<S> | undefined {
    const { accounts, door } = this;
    const named: DoorAccount<S>[] = [];
    for (const id of door.peek?.(request.body) ?? []) {
      const account = accounts.byId(id);
      if (account && named.push(account) === MOST_PEEKED) break;
    }
    const candidates = distinctSecrets(named.length > 0 ? named : accounts.all(), door);
    // where no account is known the door is not to be tried with any number of them
    const most = named.length > 0 || candidates.length <= MOST_SECRETS ? MOST_SECRETS : 0;
    for (const owner of candidates.slice(0, most)) {
      if (!door.verify(request, owner.account)) continue;
      return { owner, lookup: (id) => this.ofSameSecret(accounts.byId(id), owner, request) };
    }
    return undefined;
  }

  private ofSameSecret(
    account: DoorAccount<S> | undefined,
    owner: DoorAccount<S>,
    request: DoorRequest,
  ): DoorAccount<S> | undefined {
    if (!account || account === owner) return account;
    const { door } = this;
    const fits = door.secretOf
      ? door.secretOf(account.account) === door.secretOf(owner.account)
      : door.verify(request, account.account);
    return fits ? account : undefined;
  }
}

/** One account for each distinct secret. */
function distinctSecrets<S extends object>(
  accounts: readonly DoorAccount<S>[],
  door: Pick<Door<S>, 'secretOf'>,
): readonly DoorAccount<S>[] {
  if (accounts.length < 2) return accounts;
  return [...new Map(accounts.map((each) => [door.secretOf?.(each.account) ?? each, each])).values()];
}
