export * from './channel.js';
export { sameText } from './constant-time.js';
export { hmacSha256, hmacSha256Fits } from './hmac.js';
export { parseLosslessJson } from './lossless-json.js';
export { fieldsOf, isJson, isObject, parametersOf, requiredText, restOf, textOf } from './request-fields.js';
export type { Fields, Parameter } from './request-fields.js';
export { runAdapter } from './run-adapter.js';
export { urlAndFormFit } from './url-and-form.signature.js';
export { InvalidConfiguration } from '@lienmach/platform';
