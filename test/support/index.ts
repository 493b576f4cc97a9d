export * from './accounts.js';
export * from './api.js';
export * from './apps.js';
export * from './ledger.js';
export * from './pipeline.js';
export * from './servers.js';
export * from './wait.js';
export * from './webhooks.js';
