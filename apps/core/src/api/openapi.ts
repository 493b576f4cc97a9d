import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FastifyAdapter, NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { fastifyOf } from './http.server.js';

/** The API as OpenAPI 3 describes it, made of the controllers. */
export function describeApi(app: NestFastifyApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setTitle('Lienmach')
    .setDescription(
      [
        'People, their one timeline over all channels, and their conversations.',
        'Every call needs a bearer token; a token sees its tenant alone. The role `analyst` reads phones, e-mail addresses and names masked.',
        'Lists are pages `{items, next}`: send `next` back as `cursor`, null ends the list. A cursor holds while rows arrive.',
        'Errors are problem details (RFC 9457). Unknown query parameters are refused (422), unknown fields of a body are ignored.',
        'Times are UTC, ISO 8601 with milliseconds. Ids are opaque strings.',
      ].join('\n\n'),
    )
    .setVersion('1')
    .addBearerAuth()
    .addSecurityRequirements('bearer')
    .addGlobalParameters({
      in: 'header',
      name: 'X-Tenant',
      required: false,
      description: 'Tenant that the operator acts for (default: the first). Another token may only name its own.',
      schema: { type: 'string' },
    })
    .build();
  return SwaggerModule.createDocument(app, config, {
    operationIdFactory: (controller, method) => `${controller.replace(/Controller$/, '')}_${method}`,
  });
}

/** Serves `/v1/openapi.json` and `/asyncapi.json`, to everybody: they tell nothing that the source does not. */
export function serveDocuments(app: NestFastifyApplication): void {
  const fastify = fastifyOf(app.getHttpAdapter() as FastifyAdapter);
  let openapi: string | undefined;
  fastify.get('/v1/openapi.json', (_request, reply) => {
    openapi ??= JSON.stringify(describeApi(app));
    return reply.type('application/json; charset=utf-8').header('cache-control', 'max-age=60').send(openapi);
  });
  const asyncapi = generatedFile('asyncapi.json');
  fastify.get('/asyncapi.json', (_request, reply) =>
    reply.type('application/json; charset=utf-8').header('cache-control', 'max-age=60').send(asyncapi),
  );
}

/** A generated file of libs/contracts; our own place in the tree differs between source and build. */
function generatedFile(name: string): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const path = join(folder, 'libs', 'contracts', 'generated', name);
    if (existsSync(path)) return readFileSync(path, 'utf8');
    if (folder === dirname(folder)) throw new Error(`libs/contracts/generated/${name} is missing: run "npm run gen"`);
  }
}
