export * from './channel.js';
export { parseLosslessJson } from './lossless-json.js';
