export * from './apps.js';
export * from './servers.js';
export * from './wait.js';
