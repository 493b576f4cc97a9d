/** What the SMSC answered to a request. */
export interface SmppAnswer {
  readonly status: number;
  readonly body: Buffer;
}

/** The request was sent and its answer will not come: the SMSC may have it all the same. */
export class AnswerLost extends Error {}

/** The session does not stand, or has no room for the request in time: nothing was sent. */
export class NotSent extends Error {}

interface Waiting {
  readonly answered: (answer: SmppAnswer) => void;
  readonly lost: (error: Error) => void;
}

/** Requests without an answer of one connection: only so many at once, as SMSCs demand. */
export class SmppWindow {
  private readonly waiting = new Map<number, Waiting>();
  private readonly queue: (() => void)[] = [];
  private closed: string | undefined;

  constructor(private readonly size: number) {}

  /**
   * @param send writes the request and gives its sequence number
   * @throws NotSent, AnswerLost
   */
  async ask(send: () => number, signal: AbortSignal): Promise<SmppAnswer> {
    // no await where there is room: whoever asks next must see it taken
    while (this.closed === undefined && !signal.aborted && this.waiting.size >= this.size) await this.turn(signal);
    if (this.closed !== undefined) throw new NotSent(this.closed);
    if (signal.aborted) throw new NotSent('the SMSC answers too slowly');
    return new Promise<SmppAnswer>((resolve, reject) => {
      const sequence = send();
      const done = (): void => {
        signal.removeEventListener('abort', late);
        this.waiting.delete(sequence);
        this.queue.shift()?.();
      };
      const lost = (error: Error): void => {
        done();
        reject(error);
      };
      const late = (): void => lost(new AnswerLost('it took too long'));
      const answered = (answer: SmppAnswer): void => {
        done();
        resolve(answer);
      };
      this.waiting.set(sequence, { answered, lost });
      signal.addEventListener('abort', late);
    });
  }

  /** An answer has come; false: nobody waits for it. */
  take(sequence: number, answer: SmppAnswer): boolean {
    const one = this.waiting.get(sequence);
    one?.answered(answer);
    return one !== undefined;
  }

  /** The connection is gone, and every answer with it. */
  close(why: string): void {
    this.closed = why;
    for (const { lost } of [...this.waiting.values()]) lost(new AnswerLost(why));
    for (const next of this.queue.splice(0)) next();
  }

  /** Until an answer makes room, or the caller's time is over. */
  private turn(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const come = (): void => {
        signal.removeEventListener('abort', late);
        resolve();
      };
      const late = (): void => {
        this.queue.splice(this.queue.indexOf(come), 1);
        resolve();
      };
      this.queue.push(come);
      signal.addEventListener('abort', late, { once: true });
    });
  }
}
