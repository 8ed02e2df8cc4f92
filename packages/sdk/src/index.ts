/** The client library for WebPOS. Callbacks are verified by the entry `@webpos/sdk/callbacks`. */
export { Client, type CreateOptions } from './client.ts';
export * from './errors/index.ts';
export type { AnswerBody, CallOptions, ClientOptions, Fetch, FetchAnswer, FetchInit, Mode } from './options.ts';
export * from './wire/index.ts';
