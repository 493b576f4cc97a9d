import { setTimeout as pause } from 'node:timers/promises';

export interface WaitOptions {
  /** Milliseconds until the wait fails; by default 15 s. */
  within?: number;
  /** Milliseconds between two looks; by default 50. */
  every?: number;
}

/**
 * Looks again and again until `probe` gives something truthy, and returns that.
 * A probe that throws counts as "not yet"; its last error is the cause of the failure.
 * @param what completes the sentence "waited in vain for …"
 */
export async function waitUntil<T>(
  what: string,
  probe: () => T | Promise<T>,
  options: WaitOptions = {},
): Promise<NonNullable<T>> {
  const deadline = Date.now() + (options.within ?? 15_000);
  let cause: unknown;
  for (;;) {
    try {
      const value = await probe();
      if (value) return value;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    if (Date.now() > deadline) throw new Error(`waited in vain for ${what}`, { cause });
    await pause(options.every ?? 50);
  }
}
