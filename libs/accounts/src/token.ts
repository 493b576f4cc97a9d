/** What an account calls its vendor with, and what a new one is exchanged for. */
export interface TokenPair {
  readonly accessToken: string | null;
  /** Null: there is none, or it cannot be used. */
  readonly refreshToken: string | null;
}

/** A pair as the vendor gave it. */
export interface NewTokens extends TokenPair {
  readonly accessToken: string;
  readonly refreshToken: string;
  /** Of the access token, milliseconds since 1970; null: he did not say. */
  readonly expiresAt: number | null;
}

/**
 * What became of an exchange. `refused`: the vendor gives no new pair until an administrator acts. `not-taken`: he surely was not asked. `unknown`: he may have
 * given a pair that is lost, and the old one is tried again.
 */
export type ExchangeOutcome =
  | { readonly kind: 'renewed'; readonly tokens: NewTokens }
  | { readonly kind: 'refused' | 'not-taken' | 'unknown'; readonly reason: string };

/** An account whose tokens are renewed. */
export interface TokenAccount {
  readonly tenant: string;
  readonly channel: string;
  readonly vendor: string;
  readonly id: string;
  /** Of its settings. */
  readonly version: string;
  /** The pair in its settings. */
  readonly given: TokenPair;
  /** Where an administrator grants a new pair; null: nowhere. */
  readonly connectUrl: string | null;
}

/** How a vendor's tokens are renewed. */
export interface Renewal {
  /** An access token is exchanged so long before its end. */
  readonly aheadMs: number;
  /** Asks the vendor once; bounded in time. A rejection counts as `unknown`. */
  exchange(refreshToken: string): Promise<ExchangeOutcome>;
}
