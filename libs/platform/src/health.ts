/** `live`: the process can still do its work, else it should be restarted. `ready`: it can do it now, else ask another. */
export type HealthKind = 'live' | 'ready';

/** Throws, or rejects, with a sentence that says what is wrong; what it returns is shown beside `ok`. */
export type HealthCheck = () => unknown;

/** What an HTTP handler should answer. */
export interface HealthAnswer {
  readonly status: 200 | 503;
  readonly body: {
    status: 'ok' | 'unavailable';
    checks: Record<string, { status: 'ok' | 'failed'; detail?: unknown }>;
  };
}

/** Longer than this a check counts as failed: the asker has a time-out of its own. */
const CHECK_TIMEOUT_MS = 2_000;

/** Named checks of one process. A failing `live` check fails `ready` too. */
export class Health {
  private readonly checks = new Map<string, { kind: HealthKind; check: HealthCheck }>();

  /** Adds a check; one of the same name is replaced. */
  add(kind: HealthKind, name: string, check: HealthCheck): void {
    this.checks.set(name, { kind, check });
  }

  async answer(kind: HealthKind): Promise<HealthAnswer> {
    const wanted = [...this.checks].filter(([, entry]) => kind === 'ready' || entry.kind === 'live');
    const results = await Promise.all(wanted.map(async ([name, { check }]) => [name, await outcome(check)] as const));
    const ok = results.every(([, result]) => result.status === 'ok');
    return {
      status: ok ? 200 : 503,
      body: { status: ok ? 'ok' : 'unavailable', checks: Object.fromEntries(results) },
    };
  }
}

async function outcome(check: HealthCheck): Promise<{ status: 'ok' | 'failed'; detail?: unknown }> {
  let timer: NodeJS.Timeout | undefined;
  try {
    const timeout = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error('no answer in time')), CHECK_TIMEOUT_MS);
    });
    const detail = await Promise.race([Promise.resolve().then(check), timeout]);
    return detail === undefined ? { status: 'ok' } : { status: 'ok', detail };
  } catch (error) {
    return { status: 'failed', detail: error instanceof Error ? error.message : String(error) };
  } finally {
    clearTimeout(timer);
  }
}
