import type { Type } from '@nestjs/common';
import { TokenLeases, TokenRepository, type AccountDirectory } from '@lienmach/accounts';
import { KafkaBatchStrategy, type GatheringProducer, type KafkaConnection } from '@lienmach/kafka';
import type { Health, JsonLogger, Shutdown } from '@lienmach/platform';
import pg from 'pg';
import { AccountTestLoop } from './account-test.loop.js';
import { AccountTestRepository } from './account-test.repository.js';
import { AccountTokens } from './account-tokens.js';
import type { ChannelDefinition, VendorDefinition } from './channel.js';
import { DoorAccounts } from './door-accounts.js';
import { outboundConsumer, outboundGroup } from './outbound.consumer.js';
import { OutboundLoop } from './outbound.loop.js';
import { OutboundRepository } from './outbound.repository.js';
import { TokenLoop } from './token.loop.js';

export interface OutboundSurroundings {
  readonly databaseUrl: string;
  readonly secretsKey: Buffer;
  readonly connection: KafkaConnection;
  readonly directory: AccountDirectory;
  readonly producer: GatheringProducer;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly logger: JsonLogger;
  readonly health: Health;
  readonly shutdown: Shutdown;
}

/** What a process needs to send: a controller that takes commands in, by a transport of its own. */
export interface Outbound {
  readonly controller: Type<object>;
  readonly strategy: KafkaBatchStrategy;
}

const QUERY_TIMEOUT_MS = 10_000;

/** Makes and starts what sends replies; undefined for a channel that sends none. */
export function startOutbound(channel: ChannelDefinition, surroundings: OutboundSurroundings): Outbound | undefined {
  if (!channel.vendors.some((vendor) => vendor.send !== undefined)) return undefined;
  const { databaseUrl, secretsKey, connection, directory, producer, env, logger, health, shutdown } = surroundings;
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: 4,
    application_name: `lienmach outbound ${channel.name}`,
    connectionTimeoutMillis: QUERY_TIMEOUT_MS / 2,
    query_timeout: QUERY_TIMEOUT_MS,
    keepAlive: true,
  });
  // an idle connection may be lost: the next statement tells
  pool.on('error', (error) => logger.warn('a connection to PostgreSQL was lost', error));
  const repository = new OutboundRepository(pool, channel.name);
  const vendors = new Map(
    channel.vendors.map((vendor: VendorDefinition) => [
      vendor.name,
      { vendor, accounts: new DoorAccounts(channel.name, vendor, directory, logger) },
    ]),
  );
  const versionOf = ({ vendor, account }: { readonly vendor: string; readonly account: string }): string | undefined =>
    directory.find(channel.name, vendor, account)?.version;
  const leases = new TokenLeases({ repository: new TokenRepository(pool, secretsKey), logger });
  const tokens = new AccountTokens({ leases, versionOf, env });
  const tokenLoop = new TokenLoop({ vendors: [...vendors.values()], tokens, logger });
  const testLoop = new AccountTestLoop({
    repository: new AccountTestRepository(pool, channel.name),
    vendors,
    tokens,
    logger,
    env,
  });
  directory.onChange(() => {
    tokenLoop.wake();
    testLoop.wake();
  });
  const loop = new OutboundLoop({
    repository,
    vendors,
    versionOf,
    tokens,
    sender: producer,
    logger,
    env,
    secretsKey,
  });
  const strategy = new KafkaBatchStrategy({
    connection,
    group: outboundGroup(channel.name),
    deadLetters: producer,
    onCrash: (error) => {
      logger.error('the consumer of replies died, the process ends', error);
      void shutdown.run('consumer crashed', 1);
    },
    logger,
  });
  health.add('ready', 'outbound', () => ({ consumer: strategy.state().status, ...loop.state() }));
  shutdown.add('intake', 'outbound consumer', () => strategy.close());
  shutdown.add('intake', 'outbound', () => loop.stop());
  shutdown.add('intake', 'tokens', () => tokenLoop.stop());
  shutdown.add('intake', 'account tests', () => testLoop.stop());
  shutdown.add('drain', 'tokens', () => leases.close());
  shutdown.add('disconnect', 'outbound database', () => pool.end());
  loop.start();
  tokenLoop.start();
  testLoop.start();
  return { controller: outboundConsumer(channel.name, repository, () => loop.wake()), strategy };
}
