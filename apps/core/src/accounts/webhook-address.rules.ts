import type { Settings } from './account-settings.rules.js';

/** The setting that stands in the path of a vendor that signs nothing. */
export const PATH_SECRET = 'secret';
const HIDDEN = '***';

/** Whether one of the doors is found by an unguessable part of its path. */
export const hasPathSecret = (doors: readonly string[]): boolean =>
  doors.some((path) => path.split('/').includes(`:${PATH_SECRET}`));

/**
 * Addresses to enter at the vendor.
 * @param doors paths with `:account` or `:secret`; what is found by something else is nothing that an operator copies
 * @param showSecret false: a secret in the path is hidden
 */
export function webhookAddresses(
  { doors, publicUrl }: { readonly doors: readonly string[]; readonly publicUrl: string | null },
  { id, secret }: { readonly id: string; readonly secret: Settings },
  showSecret: boolean,
): string[] {
  const pathSecret = showSecret ? secret[PATH_SECRET] : HIDDEN;
  const values: Readonly<Record<string, unknown>> = { ':account': id, [`:${PATH_SECRET}`]: pathSecret };
  return doors.flatMap((path) => {
    const segments = path.split('/').map((segment) => {
      if (!segment.includes(':')) return segment;
      const value = values[segment];
      return typeof value === 'string' ? encodeURIComponent(value) : undefined;
    });
    return segments.includes(undefined) ? [] : [`${publicUrl ?? ''}${segments.join('/')}`];
  });
}
