import { AsyncLocalStorage } from 'node:async_hooks';

const storage = new AsyncLocalStorage<string>();

/** Runs a function whose log lines, however deep and however late, carry the given correlation id. */
export function withCorrelation<T>(id: string, run: () => T): T {
  return storage.run(id, run);
}

/** Correlation id of the running request, batch or job; undefined outside of one. */
export function correlationId(): string | undefined {
  return storage.getStore();
}
