export * from './channel.js';
export { parseLosslessJson } from './lossless-json.js';
export { runAdapter } from './run-adapter.js';
