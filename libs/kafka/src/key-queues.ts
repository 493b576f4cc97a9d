/** What a run over keyed items left behind. */
export interface KeyedRun {
  /** The first failure; after it nothing new was begun. */
  readonly error?: Error;
}

/**
 * Works through items so that those of one key follow each other and those of different keys go at once, at most `limit` of
 * them. Items without key have no order among themselves. After a failure, or when `mayBegin` says no, what runs is finished
 * and nothing is begun. Never rejects.
 */
export async function runByKey<T>(
  items: readonly T[],
  keyOf: (item: T) => string | undefined,
  limit: number,
  work: (item: T) => Promise<void>,
  mayBegin: () => boolean = () => true,
): Promise<KeyedRun> {
  const queues = queuesByKey(items, keyOf);
  let next = 0;
  let error: Error | undefined;
  const worker = async (): Promise<void> => {
    for (let queue = queues[next++]; queue; queue = queues[next++]) {
      for (const item of queue) {
        if (error || !mayBegin()) return;
        try {
          await work(item);
        } catch (failure) {
          error ??= failure instanceof Error ? failure : new Error(String(failure));
        }
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, queues.length) }, worker));
  return { error };
}

function queuesByKey<T>(items: readonly T[], keyOf: (item: T) => string | undefined): T[][] {
  const queues: T[][] = [];
  const byKey = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const known = key === undefined ? undefined : byKey.get(key);
    if (known) {
      known.push(item);
      continue;
    }
    const queue = [item];
    queues.push(queue);
    if (key !== undefined) byKey.set(key, queue);
  }
  return queues;
}
