/** Lets a loop rest until somebody rings, or a time has passed. A ring while nobody rests is remembered once. */
export class Doorbell {
  private rung = false;
  private answer: (() => void) | undefined;

  ring(): void {
    this.rung = true;
    this.answer?.();
  }

  /** To be called before looking for work: what is rung from now on makes the next rest end at once. */
  listen(): void {
    this.rung = false;
  }

  /** Rests for at most so many milliseconds. */
  rest(ms: number): Promise<void> {
    if (this.rung) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        this.answer = undefined;
        resolve();
      };
      const timer = setTimeout(wake, ms);
      this.answer = wake;
    });
  }
}
