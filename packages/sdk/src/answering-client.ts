import type { Answered } from './answered.ts';
import {
  type Call,
  createPaymentOrderCall,
  deletePaymentOrderCall,
  getCallbacksCall,
  getPaymentOrderCall,
  getPaymentOrdersCall,
  paymentResetCall,
  paymentUpdateCall,
} from './calls.ts';
import type { PaymentOrderQuery } from './list-query.ts';
import { type CallOptions, type CreateOptions, type LoginOptions, parseIdempotencyKey } from './options.ts';
import type { Session } from './session.ts';
import type {
  CallbackList,
  ClientCredentialsLoginResponse,
  PaymentOrderCreation,
  PaymentOrderCreationResponse,
  PaymentOrderDeletionResponse,
  PaymentOrderList,
  PaymentOrderRetrieval,
  PaymentUpdateObject,
} from './wire/index.ts';

/**
 * The eight calls, answered with the status, the headers and the request id beside the data. What each of them does
 * stands at the method of the same name of `Client`.
 *
 * @example
 * const { data, answer } = await client.withAnswer.getPaymentOrder(uuid);
 * log.info({ requestId: answer.requestId, status: data.state.status });
 */
export class AnsweringClient {
  readonly #session: Session;
  readonly #allowHttp: boolean;

  /** Not for use: `client.withAnswer` is one. */
  constructor(session: Session, allowHttp: boolean) {
    this.#session = session;
    this.#allowHttp = allowHttp;
  }

  /** Logs in, as `Client.clientCredentialsLogin` does. */
  clientCredentialsLogin(options: LoginOptions = {}): Promise<Answered<ClientCredentialsLoginResponse>> {
    return this.#session.login(options);
  }

  /** Makes a payment order, as `Client.createPaymentOrder` does. */
  createPaymentOrder(
    creation: PaymentOrderCreation,
    options: CreateOptions = {},
  ): Promise<Answered<PaymentOrderCreationResponse>> {
    const { idempotencyKey } = options;
    return this.#send(options, () => createPaymentOrderCall(creation, parseIdempotencyKey(idempotencyKey), this.#allowHttp));
  }

  /** Reads one page of orders, as `Client.getPaymentOrders` does. */
  getPaymentOrders(query: PaymentOrderQuery = {}, options: CallOptions = {}): Promise<Answered<PaymentOrderList>> {
    return this.#send(options, () => getPaymentOrdersCall(query));
  }

  /** Reads a payment order, as `Client.getPaymentOrder` does. */
  getPaymentOrder(uuid: string, options: CallOptions = {}): Promise<Answered<PaymentOrderRetrieval>> {
    return this.#send(options, () => getPaymentOrderCall(uuid));
  }

  /** Cancels an open order, as `Client.deletePaymentOrder` does. */
  deletePaymentOrder(uuid: string, options: CallOptions = {}): Promise<Answered<PaymentOrderDeletionResponse>> {
    return this.#send(options, () => deletePaymentOrderCall(uuid));
  }

  /** Reads which events can follow, as `Client.getCallbacks` does. */
  getCallbacks(uuid: string, options: CallOptions = {}): Promise<Answered<CallbackList>> {
    return this.#send(options, () => getCallbacksCall(uuid));
  }

  /** Puts an order back to pending, as `Client.paymentReset` does. */
  paymentReset(uuid: string, options: CallOptions = {}): Promise<Answered<PaymentOrderRetrieval>> {
    return this.#send(options, () => paymentResetCall(uuid));
  }

  /** Makes an event happen, as `Client.paymentUpdate` does. */
  paymentUpdate(uuid: string, update: PaymentUpdateObject, options: CallOptions = {}): Promise<Answered<void>> {
    return this.#send(options, () => paymentUpdateCall(uuid, update));
  }

  /** What is wrong with a call fails its promise; nothing is thrown at the caller's line. */
  async #send<T>(options: CallOptions, call: () => Call<T>): Promise<Answered<T>> {
    return await this.#session.send(call(), options);
  }
}
