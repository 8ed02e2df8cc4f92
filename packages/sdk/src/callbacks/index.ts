/**
 * Verifies and reads the callbacks that WebPOS sends about payment orders. It uses `node:crypto` where available, and WebCrypto
 * elsewhere.
 */
export { CallbackError, type CallbackProblem } from './callback-error.ts';
export { CallbackHandler, type Delivery } from './callback-handler.ts';
export type { CallbackHandlerOptions, CallbackLimits, Proof, SignatureCheck } from './callback-options.ts';
export type { CallbackHeaders } from './headers.ts';
export type { RawBody } from './raw-body.ts';
export { isKnownCallback, type KnownCallback, type ReceivedCallback, type UnknownCallback } from './received-callback.ts';
export { ConfigurationError, isWebposError, WebposError } from '../errors/index.ts';
export { CALLBACK_EVENTS, type CallbackBody, type CallbackEvent, type CallbackPaymentOrder } from '../wire/index.ts';
