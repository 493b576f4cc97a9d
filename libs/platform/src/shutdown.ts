import type { LoggerService } from '@nestjs/common';

/** In this order; the steps of one phase run side by side. */
export const SHUTDOWN_PHASES = ['intake', 'drain', 'disconnect'] as const;
/** `intake`: take nothing new (HTTP, consumers). `drain`: finish what was taken. `disconnect`: leave broker and database. */
export type ShutdownPhase = (typeof SHUTDOWN_PHASES)[number];

type Step = () => unknown;

/** Ends a process in order, once, within a bound. */
export class Shutdown {
  private readonly steps: Record<ShutdownPhase, [string, Step][]> = { intake: [], drain: [], disconnect: [] };
  private running: Promise<number> | undefined;

  /**
   * @param timeoutMs bound over all steps; an orchestrator kills soon after (Docker: 10 s)
   * @param exit how the process ends
   */
  constructor(
    private readonly logger: LoggerService,
    private readonly timeoutMs = 9_000,
    private readonly exit: (code: number) => void = (code) => process.exit(code),
  ) {}

  /** Adds a step. One that throws is logged and does not keep the others from running. */
  add(phase: ShutdownPhase, name: string, step: Step): void {
    this.steps[phase].push([name, step]);
  }

  /** Starts on SIGTERM and SIGINT. */
  listen(): void {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void this.run(signal));
  }

  /**
   * Runs every step and ends the process; a second call joins the first.
   * @param code exit code when all steps succeed; a failed or unfinished step makes it 1
   * @returns the exit code
   */
  run(reason: string, code = 0): Promise<number> {
    this.running ??= this.finish(reason, code);
    return this.running;
  }

  private async finish(reason: string, code: number): Promise<number> {
    this.logger.log('stopping', { reason });
    let timer: NodeJS.Timeout | undefined;
    const bound = new Promise<number>((resolve) => {
      timer = setTimeout(() => {
        this.logger.error('not every step of the shutdown ended in time');
        resolve(1);
      }, this.timeoutMs);
    });
    const result = await Promise.race([this.runPhases(code), bound]);
    clearTimeout(timer);
    this.logger.log('stopped', { reason, code: result });
    this.exit(result);
    return result;
  }

  private async runPhases(code: number): Promise<number> {
    let result = code;
    for (const phase of SHUTDOWN_PHASES) {
      await Promise.all(
        this.steps[phase].map(async ([name, step]) => {
          try {
            await step();
          } catch (error) {
            this.logger.error('a step of the shutdown failed', error, { phase, step: name });
            result = 1;
          }
        }),
      );
    }
    return result;
  }
}
