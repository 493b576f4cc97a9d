export { freePorts, isFree } from './ports.js';
export { EmbeddedKafka, startKafka, type KafkaOptions } from './kafka.js';
export { EmbeddedPostgres, startPostgres, type PostgresOptions } from './postgres.js';
export { projectRoot } from './project-root.js';
export { end, isRunning, launch, type Exit, type Launched } from './processes.js';
export { ensureServerKey, type ServerKey } from './server-key.js';
export { SetupError } from './setup-error.js';
export { AppProcess, entryOf, portSetting, startApp, type AppOptions } from './app-process.js';
export { endLeftovers } from './leftovers.js';
