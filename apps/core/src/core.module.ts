import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { AccountDirectory } from '@lienmach/accounts';
import { Health, JsonLogger, Shutdown } from '@lienmach/platform';
import { CoreSettings, type CoreParts, type CoreRole } from './core.config.js';

/** Modules of the composition roots; only those that a process is told to run are loaded. */
const ROOTS: Record<CoreRole, (parts: CoreParts) => Promise<Type | DynamicModule>> = {
  ingest: async (parts) => (await import('./ingest/ingest.module.js')).IngestModule.connect(parts),
  relay: async (parts) => (await import('./relay/relay.module.js')).RelayModule.connect(parts),
  api: async (parts) => (await import('./api/api.module.js')).ApiModule.connect(parts),
  jobs: async (parts) => (await import('./jobs/jobs.module.js')).JobsModule.connect(parts),
};

@Module({})
export class CoreModule {
  static async compose(parts: CoreParts): Promise<DynamicModule> {
    const wanted = parts.settings.coreRoles.map((role) => ROOTS[role as CoreRole]);
    const providers = [
      { provide: CoreSettings, useValue: parts.settings },
      { provide: AccountDirectory, useValue: parts.accounts },
      { provide: JsonLogger, useValue: parts.logger },
      { provide: Health, useValue: parts.health },
      { provide: Shutdown, useValue: parts.shutdown },
    ];
    const imports = await Promise.all(wanted.map((root) => root(parts)));
    return { module: CoreModule, global: true, imports, providers, exports: providers.map(({ provide }) => provide) };
  }
}
