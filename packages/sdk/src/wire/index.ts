/**
 * The WebPOS wire contract, version 1, as types and constants. This folder imports nothing, so that the client library and the
 * gateway compile against the same source.
 */
export type * from './objects.ts';
export { CALLBACK_EVENTS, type CallbackEvent } from './events.ts';
export { ERROR_CODES, ERROR_STATUSES, type ErrorCode, type ErrorBody, type ErrorName } from './errors.ts';
export { BLOCKCHAIN_STATUSES, ORDER_STATUSES, type BlockchainStatus, type OrderStatus } from './statuses.ts';
