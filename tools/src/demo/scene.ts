import type { Identifier } from './core-api.js';
import type { Delivery } from './doors.js';

/** Who plays today; ids and numbers that no earlier run had. */
export interface Cast {
  /** Digits that make every id of this run its own. */
  readonly run: string;
  /** In the notation in which people type them. */
  readonly lanNumber: string;
  readonly hoaNumber: string;
  readonly maiNumber: string;
}

export interface Accounts {
  readonly page: string;
  readonly pbx: string;
  readonly hotline: string;
  /** Address that mail is written to. */
  readonly mailbox: string;
  /** Number that short messages are written to, and the vendor's account behind it. */
  readonly sms: { readonly number: string; readonly accountSid: string };
}

export type Customer = Pick<Identifier, 'type' | 'scope' | 'value'>;

/** What happens at one moment: the requests of a vendor, and where the item that they make will stand. */
export interface Scene {
  /** Event time of the item, milliseconds. */
  readonly at: number;
  /** The vendor tells no time: what counts is when it came. */
  readonly untimed?: boolean;
  readonly customer: Customer;
  readonly channel: 'facebook' | 'call' | 'email' | 'sms';
  readonly thread: string;
  /** What a spectator sees: who, and what is said or done. */
  readonly who: string;
  readonly told: string;
  readonly deliveries: readonly Delivery[];
  /** The vendor's ids of the events. */
  readonly eventIds: readonly string[];
}
