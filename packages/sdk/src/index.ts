/** The client library for WebPOS. To verify callbacks, use the entry `@webpos/sdk/callbacks`. */
export type { Answer, WithAnswer } from './http/with-answer.ts';
export type { AnsweringClient, ApiCalls } from './calls/api-calls.ts';
export { Client } from './client.ts';
export * from './errors/index.ts';
export type { AnswerHeaders, Fetch, FetchAnswer, FetchInit } from './http/fetch.ts';
export type { PaymentOrderIterator } from './calls/list-all.ts';
export type { HeaderValues } from './options/header-values.ts';
export type { HttpOptions } from './options/http-options.ts';
export type { Logger } from './options/logger.ts';
export type { AppInfo } from './runtime/environment.ts';
export type { CallOptions, CreateOptions, LoginOptions } from './options/call-options.ts';
export type { ClientOptions, Mode } from './options/client-options.ts';
export type { AttemptEvent, Hooks, ResponseEvent, RetryEvent } from './observe/hooks.ts';
export type { RequestTrace } from './observe/request-channel.ts';
export type { PaymentOrderFilter, PaymentOrderQuery } from './calls/list-query.ts';
export type { TokenOwner } from './auth/token-owner.ts';
export type { CachedToken, TokenStore } from './auth/token-store.ts';
export type { RequestMethod } from './calls/api-request.ts';
export type { TestEventResult } from './calls/test-event.ts';
export type { WaitOptions } from './calls/wait.ts';
// By name, because `export type *` would also declare the constants, which only `@webpos/sdk/wire` exports.
export type {
  BlockchainStatus,
  Callback,
  CallbackBody,
  CallbackEvent,
  CallbackList,
  CallbackPaymentOrder,
  ClientCredentials,
  ClientCredentialsLoginResponse,
  CurrencyRetrieval,
  DecimalString,
  DepositAccountLite,
  ErrorBody,
  ErrorCode,
  ErrorName,
  IsoDate,
  OrderStatus,
  Out,
  PaidStatus,
  PaymentOrderCreation,
  PaymentOrderCreationResponse,
  PaymentOrderCreator,
  PaymentOrderDeletionResponse,
  PaymentOrderList,
  PaymentOrderRetrieval,
  PaymentOrderState,
  PaymentUpdateObject,
  RateRetrieval,
  Satoshi,
  Transaction,
  Uuid,
} from './wire/index.ts';
