import { connect as connectPlain, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { LoggerService } from '@nestjs/common';
import type { SmppSettings } from './smpp.config.js';
import { bindBody, bodyOf, COMMAND, headOf, makePdu, PduStream, RESPONSE, STATUS, type PduHead } from './smpp-pdu.js';
import { NotSent, SmppWindow, type SmppAnswer } from './smpp-window.js';

/** What a session does with what comes. */
export interface SessionOptions {
  readonly account: string;
  readonly settings: SmppSettings;
  readonly logger: Pick<LoggerService, 'log' | 'warn'>;
  /** Takes in one `deliver_sm`; a rejection asks the SMSC to deliver it again. */
  readonly deliver: (pdu: Buffer) => Promise<void>;
  /** Milliseconds between two signs of life, and for which the other side may be silent after one. */
  readonly enquireMs?: number;
  /** Milliseconds before the first attempt to connect again; doubled up to five minutes. */
  readonly retryMs?: number;
}

const LONGEST_PAUSE = 5 * 60_000;
/** Requests of ours without an answer at the same time: what SMSCs usually grant. */
const WINDOW = 10;

/** One account's connection to its SMSC: bound as transceiver, kept alive, made again when it is lost. */
export class SmppSession {
  private socket: Socket | undefined;
  private stream = new PduStream();
  private retry: NodeJS.Timeout | undefined;
  private enquire: NodeJS.Timeout | undefined;
  private pauseMs: number;
  private sequence = 0;
  private isStopped = false;
  private isBound = false;
  private window = new SmppWindow(WINDOW);
  private problem = 'it is being connected';
  /** Whether anything came since the last sign of life was sent. */
  private isHeard = true;
  private readonly taking = new Set<Promise<unknown>>();

  constructor(private readonly options: SessionOptions) {
    this.pauseMs = this.firstPause;
  }

  private get firstPause(): number {
    return this.options.retryMs ?? 1_000;
  }

  start(): void {
    const { host, port, tls } = this.options.settings;
    const socket: Socket = tls ? connectTls({ host, port, servername: host }) : connectPlain({ host, port });
    this.socket = socket;
    this.stream = new PduStream();
    this.window = new SmppWindow(WINDOW);
    this.isBound = false;
    this.isHeard = true;
    socket.setNoDelay(true);
    socket.once(tls ? 'secureConnect' : 'connect', () => {
      this.ask(COMMAND.bindTransceiver, bindBody(this.options.settings));
      this.enquire = setInterval(() => this.keepAlive(), this.options.enquireMs ?? 30_000);
    });
    socket.on('data', (chunk: Buffer) => this.take(chunk, socket));
    socket.on('error', (error: Error) => this.fail('the connection to the SMSC failed', error));
    socket.once('close', () => this.closed());
  }

  /** Undefined while it is bound; else why it is not. */
  get trouble(): string | undefined {
    return this.isBound ? undefined : this.problem;
  }

  /** Lets `work` come to its end before the session does. @throws NotSent while it is not bound */
  async use<T>(work: () => Promise<T>): Promise<T> {
    if (!this.isBound || this.isStopped) throw new NotSent(this.problem);
    const working = work().finally(() => this.taking.delete(working));
    this.taking.add(working);
    return working;
  }

  /** One `submit_sm` and its answer. @throws NotSent, AnswerLost */
  submit(body: Buffer, signal: AbortSignal): Promise<SmppAnswer> {
    return this.window.ask(() => {
      if (!this.socket?.writable) throw new NotSent(this.problem);
      return this.ask(COMMAND.submitSm, body);
    }, signal);
  }

  /** Takes nothing new, answers what was taken and hears out what was sent. */
  async stop(): Promise<void> {
    this.isStopped = true;
    clearTimeout(this.retry);
    await Promise.allSettled(this.taking);
    const { socket } = this;
    if (!socket || socket.destroyed) return;
    const ended = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    if (this.isBound) this.ask(COMMAND.unbind);
    socket.end();
    const timer = setTimeout(() => socket.destroy(), 2_000);
    await ended;
    clearTimeout(timer);
  }

  private take(chunk: Buffer, socket: Socket): void {
    this.isHeard = true;
    try {
      for (const pdu of this.stream.take(chunk)) this.handle(pdu, headOf(pdu));
    } catch (error) {
      this.fail('what the SMSC sent cannot be read', error as Error);
      socket.destroy();
    }
  }

  private handle(pdu: Buffer, head: PduHead): void {
    switch (head.command) {
      case (COMMAND.bindTransceiver | RESPONSE) >>> 0:
        return this.bound(head.status);
      case COMMAND.deliverSm:
        return this.deliver(pdu, head);
      case COMMAND.enquireLink:
        return this.answer(head, STATUS.ok);
      case COMMAND.unbind:
        this.answer(head, STATUS.ok);
        return void this.socket?.end();
      case COMMAND.genericNack:
      case (COMMAND.submitSm | RESPONSE) >>> 0:
        return void this.window.take(head.sequence, { status: head.status, body: bodyOf(pdu) });
      default:
        // other answers to what we asked need nothing more
        if (head.command < RESPONSE)
          this.send({ ...head, command: COMMAND.genericNack, status: STATUS.unknownCommand });
    }
  }

  private bound(status: number): void {
    if (status !== STATUS.ok) {
      this.fail(`the SMSC refused to bind: status 0x${status.toString(16)}`);
      this.socket?.end();
      return;
    }
    this.isBound = true;
    this.problem = 'the connection was lost';
    this.pauseMs = this.firstPause;
    this.options.logger.log('bound to the SMSC', { account: this.options.account });
  }

  private deliver(pdu: Buffer, head: PduHead): void {
    // once it stops, the SMSC keeps what is not answered and delivers it to the next session
    if (this.isStopped) return;
    const { socket } = this;
    const work = this.options
      .deliver(pdu)
      .then(
        () => STATUS.ok,
        (error: Error) => {
          this.warn('a message could not be kept, the SMSC is asked to deliver it again', error);
          return STATUS.tryAgain;
        },
      )
      .then((status) => {
        if (this.socket === socket) this.answer(head, status, Buffer.from([0]));
      })
      .finally(() => this.taking.delete(work));
    this.taking.add(work);
  }

  private keepAlive(): void {
    if (!this.isHeard) {
      this.fail('the SMSC is silent');
      this.socket?.destroy();
      return;
    }
    this.isHeard = false;
    this.ask(COMMAND.enquireLink);
  }

  private closed(): void {
    clearInterval(this.enquire);
    this.isBound = false;
    this.window.close('the connection was lost');
    if (this.isStopped) return;
    this.retry = setTimeout(() => this.start(), this.pauseMs);
    this.pauseMs = Math.min(this.pauseMs * 2, LONGEST_PAUSE);
  }

  private ask(command: number, body?: Buffer): number {
    this.sequence = (this.sequence % 0x7fff_ffff) + 1;
    this.send({ command, status: STATUS.ok, sequence: this.sequence }, body);
    return this.sequence;
  }

  private answer({ command, sequence }: PduHead, status: number, body?: Buffer): void {
    this.send({ command: (command | RESPONSE) >>> 0, status, sequence }, body);
  }

  private send(head: PduHead, body?: Buffer): void {
    if (this.socket?.writable) this.socket.write(makePdu(head, body));
  }

  private fail(message: string, error?: Error): void {
    this.problem = error ? `${message}: ${error.message}` : message;
    this.warn(message, error);
  }

  private warn(message: string, error?: Error): void {
    const { account, logger } = this.options;
    logger.warn(message, ...(error ? [error] : []), { account });
  }
}
