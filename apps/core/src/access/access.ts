/** What a token may do. `analyst` reads, masked; `service` is a program of the tenant that acts as an agent does. */
export const ROLES = ['admin', 'supervisor', 'agent', 'analyst', 'service'] as const;
export type Role = (typeof ROLES)[number];

/** Roles that may write acts and evidence. */
export const ACTING_ROLES: readonly Role[] = ['admin', 'supervisor', 'agent', 'service'];

/** Who asks, and as whom. */
export interface Access {
  readonly tenant: string;
  readonly role: Role;
  /** Name written beside what this caller does. */
  readonly actor: string;
  /** The operator's own token, which may act for any tenant. */
  readonly operator: boolean;
}
