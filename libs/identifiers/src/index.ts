export { findClaims, type ClaimOptions } from './claims.js';
export { normaliseEmail } from './email.js';
export { normaliseIdentifier, type IdentifierResult } from './identifier.js';
export { initialClass } from './identifier-class.js';
export { isOrderCodePattern } from './order-code.js';
export { normalisePhone, toE164, type Phone } from './phone.js';
