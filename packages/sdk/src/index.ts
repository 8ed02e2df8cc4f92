/** The client library for WebPOS. Callbacks are verified by the entry `@webpos/sdk/callbacks`. */
export type { Answer, Answered } from './answered.ts';
export type { AnsweringClient, ApiCalls, Result } from './api-calls.ts';
export { Client } from './client.ts';
export * from './errors/index.ts';
export type { AnswerBody, AnswerHeaders, AnswerReader, Fetch, FetchAnswer, FetchInit } from './fetch.ts';
export type { HttpOptions } from './http-options.ts';
export type { Logger } from './logger.ts';
export type { CallOptions, ClientOptions, CreateOptions, LoginOptions, Mode } from './options.ts';
export type { PaymentOrderFilter, PaymentOrderQuery } from './list-query.ts';
export type { KeptToken, TokenOwner, TokenStore } from './token-store.ts';
export type { WaitOptions } from './wait.ts';
// The constants of the contract have an entry of their own.
export type * from './wire/index.ts';
