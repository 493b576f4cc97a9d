import 'reflect-metadata';
import { join } from 'node:path';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { AccountDirectory, loadAccountsFile } from '@lienmach/accounts';
import { FolderBlobStore } from '@lienmach/blobs';
import { createGatheringProducer, kafkaConnectionFromEnv } from '@lienmach/kafka';
import {
  InvalidConfiguration,
  loadSettings,
  runProcess,
  serveOperations,
  type ProcessContext,
} from '@lienmach/platform';
import { accountDefinitions } from './account-definitions.js';
import { AdapterSettings } from './adapter.config.js';
import { addBrokerChecks } from './broker-checks.js';
import type { ChannelDefinition } from './channel.js';
import { DOOR_LIMITS, serveDoors } from './door.server.js';
import { doorHandlers } from './doors.js';
import { startOutbound } from './outbound.js';
import { Spool, type SpoolOptions } from './spool.js';
import { startServers } from './vendor-servers.js';

/** Of raw, channel and dead-letter topics, as the contract has it, less what kafkajs adds. */
const LARGEST_RECORD = 4 * 1024 * 1024 - 4_096;

@Module({})
class AdapterModule {}

/** The whole `main.ts` of an adapter: settings, accounts, producer, doors, health, metrics, shutdown. */
export async function runAdapter(channel: ChannelDefinition): Promise<void> {
  const name = `adapter-${channel.name}`;
  await runProcess(name, (context) => start(channel, context));
}

async function start(channel: ChannelDefinition, { name, logger, health, shutdown }: ProcessContext): Promise<void> {
  const settings = readAdapterSettings(channel);
  const definitions = accountDefinitions(channel);
  const { databaseUrl, secretsKey, accountsFile, host, port } = settings;
  const publicUrl = (settings.publicUrl ?? `http://${host}:${port}`).replace(/\/+$/, '');
  const directory = new AccountDirectory({
    databaseUrl,
    secretsKey,
    logger,
    channel: channel.name,
    definitions,
    publicUrl,
    seed: accountsFile ? loadAccountsFile(accountsFile, definitions, { env: process.env, secretsKey }) : undefined,
  });
  const connection = kafkaConnectionFromEnv(process.env, name);
  const producer = createGatheringProducer(connection, {
    logger,
    maxRecordBytes: () => LARGEST_RECORD,
  });
  health.add('ready', 'accounts', () => directory.check());
  const spool = settings.spoolDir
    ? await openSpool(settings.spoolDir, { channel: channel.name, sender: producer, logger })
    : undefined;
  addBrokerChecks(health, producer, spool, channel);

  const env = process.env;
  const outbound = startOutbound(channel, {
    databaseUrl,
    secretsKey,
    connection,
    directory,
    producer,
    env,
    logger,
    health,
    shutdown,
  });
  const module = { module: AdapterModule, controllers: outbound ? [outbound.controller] : [] };
  const app = await NestFactory.create<NestFastifyApplication>(module, new FastifyAdapter(DOOR_LIMITS), {
    bodyParser: false,
    logger,
  });
  if (outbound) app.connectMicroservice({ strategy: outbound.strategy }, { inheritAppConfig: false });
  const fastify = app.getHttpAdapter().getInstance();
  serveOperations(fastify, health);
  const blobs = new FolderBlobStore(settings.blobsDir);
  const surroundings = { accounts: directory, sender: producer, logger, blobs, spool };
  serveDoors(fastify, doorHandlers(channel, surroundings), publicUrl, logger);

  shutdown.add('intake', 'http', () => app.close());
  if (spool) shutdown.add('drain', 'spool', () => spool.close());
  shutdown.add('drain', 'producer', () => producer.close());
  shutdown.add('disconnect', 'accounts', () => directory.stop());

  producer.connect();
  // before the accounts are known the doors answer 503 themselves, and say so sooner than a closed port would
  await listen(app, port, host, channel);
  const servers = await startServers(channel, surroundings, { host, env, logger });
  shutdown.add('intake', 'servers', () => servers.close());
  logger.log('listening', { address: `http://${host}:${port}`, publicUrl });
  await app.startAllMicroservices();
  await directory.start();
}

async function openSpool(folder: string, options: Omit<SpoolOptions, 'folder'>): Promise<Spool> {
  try {
    return await Spool.open({ ...options, folder });
  } catch (error) {
    throw new InvalidConfiguration(`SPOOL_DIR ${folder} is not usable: ${(error as Error).message}.`);
  }
}

function readAdapterSettings(channel: ChannelDefinition): Readonly<AdapterSettings> {
  const prefix = channel.name.toUpperCase().replaceAll('-', '_');
  const portName = `${prefix}_PORT`;
  const ownUrl = `${prefix}_PUBLIC_URL`;
  return loadSettings(
    AdapterSettings,
    {
      ...process.env,
      [portName]: process.env[portName] || String(channel.defaultPort),
      BLOBS_DIR: process.env['BLOBS_DIR'] || join(process.env['DATA_DIR'] || '.data', 'blobs'),
    },
    { port: portName, publicUrl: process.env[ownUrl] ? ownUrl : 'PUBLIC_URL' },
  );
}

async function listen(
  app: NestFastifyApplication,
  port: number,
  host: string,
  channel: ChannelDefinition,
): Promise<void> {
  try {
    // Fastify makes a second server for the other address of `localhost`, which would have no doors
    await app.listen(port, host === 'localhost' ? '127.0.0.1' : host);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    const setting = `${channel.name.toUpperCase().replaceAll('-', '_')}_PORT`;
    throw new InvalidConfiguration([
      `port ${port} on ${host} is taken by another program: end that or set ${setting} to another port.`,
    ]);
  }
}
