export * from './channel.js';
export { hmacSha256, hmacSha256Fits } from './hmac.js';
export { parseLosslessJson } from './lossless-json.js';
export { runAdapter } from './run-adapter.js';
export { InvalidConfiguration } from '@lienmach/platform';
