import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AccountDirectory, loadAccountsFile } from '@lienmach/accounts';
import { KafkaBatchStrategy } from '@lienmach/kafka';
import { InvalidConfiguration, loadSettings, type ProcessContext } from '@lienmach/platform';
import { createHttpServer, useApiRules } from './api/http.server.js';
import { serveDocuments } from './api/openapi.js';
import { CoreSettings } from './core.config.js';
import { CoreModule } from './core.module.js';

/** Composes core, without listening yet. What it opens is closed by the context's shutdown. */
export async function createCore(context: ProcessContext, settings: CoreSettings): Promise<NestFastifyApplication> {
  const { logger, health, shutdown } = context;
  const withApi = settings.coreRoles.includes('api');
  if (withApi && settings.adminToken === undefined && !settings.lienmachEmbedded) {
    throw new InvalidConfiguration([
      'ADMIN_TOKEN is missing: expected a first API token, such as `openssl rand -hex 32` gives.',
    ]);
  }
  const { databaseUrl, secretsKey, accountsFile } = settings;
  const seed =
    accountsFile === undefined ? undefined : loadAccountsFile(accountsFile, [], { env: process.env, secretsKey });
  const accounts = new AccountDirectory({ databaseUrl, secretsKey, logger, channel: null, seed });
  shutdown.add('disconnect', 'accounts', () => accounts.stop());
  await accounts.start();
  health.add('ready', 'accounts', () => accounts.check());

  const module = await CoreModule.compose({ ...context, settings, accounts });
  const app = await NestFactory.create<NestFastifyApplication>(module, createHttpServer(health), {
    logger,
    abortOnError: false,
  });
  shutdown.add('intake', 'http', () => app.close());
  if (settings.coreRoles.includes('ingest')) {
    app.connectMicroservice({ strategy: app.get(KafkaBatchStrategy) }, { inheritAppConfig: false });
  }
  if (withApi) {
    useApiRules(app, logger);
    serveDocuments(app);
  }
  await app.init();
  await app.startAllMicroservices();
  return app;
}

/** The whole process: settings from the environment, then listen. */
export async function runCore(context: ProcessContext): Promise<void> {
  const settings = loadSettings(CoreSettings, process.env, { port: 'CORE_PORT' });
  const app = await createCore(context, settings);
  await app.listen(settings.port, settings.host);
  const { port } = app.getHttpServer().address() as AddressInfo;
  context.logger.log('ready', { port, roles: settings.coreRoles });
}
