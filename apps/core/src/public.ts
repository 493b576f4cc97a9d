/** What tests and tools may use of core without starting the process. */
export { createCore } from './core.server.js';
export { CoreSettings, CORE_ROLES, type CoreRole } from './core.config.js';
export { createDataSource, type DatabaseRole } from './database/data-source.js';
export { TenantDatabase } from './database/tenant-database.js';
export { TimelineRepository } from './timeline/timeline.repository.js';
