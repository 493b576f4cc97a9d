import { setTimeout as pause } from 'node:timers/promises';
import type { LoggerService } from '@nestjs/common';
import pg from 'pg';

const RETRY_MS = 1_000;

/**
 * Calls back at every NOTIFY of a channel, and once after each (re)connection, because something may have been said meanwhile.
 * A lost connection is replaced; until then whoever relies on it has to look by himself.
 */
export class NotificationListener {
  private client: pg.Client | undefined;
  private stopped = false;
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly databaseUrl: string,
    private readonly channel: string,
    private readonly onNotify: () => void,
    private readonly logger: LoggerService,
  ) {}

  start(): void {
    this.running = this.run();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.client?.end();
    await this.running;
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      const client = new pg.Client({
        connectionString: this.databaseUrl,
        keepAlive: true,
        connectionTimeoutMillis: 5_000,
      });
      this.client = client;
      try {
        const ended = new Promise<void>((resolve) => {
          client.once('end', () => void resolve());
        });
        client.on('error', (error) => {
          this.logger.debug?.('listening interrupted', { error: error.message });
        });
        client.on('notification', () => this.onNotify());
        await client.connect();
        await client.query(`LISTEN ${this.channel}`);
        this.onNotify();
        await ended;
      } catch (error) {
        this.logger.debug?.('cannot listen, it tries again', {
          channel: this.channel,
          error: (error as Error).message,
        });
      }
      if (!this.stopped) await pause(RETRY_MS);
    }
  }
}
