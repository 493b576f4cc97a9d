export * from './conformance.js';
export * from './test-doors.js';
