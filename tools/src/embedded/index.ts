export { freePorts, isFree } from './ports.js';
export { EmbeddedKafka, startKafka, type KafkaOptions } from './kafka.js';
export { EmbeddedPostgres, startPostgres, type PostgresOptions } from './postgres.js';
export { projectRoot } from './project-root.js';
export { end, isRunning, launch, type Exit, type Launched } from './processes.js';
export { SetupError } from './setup-error.js';
