import type { Answered } from './answered.ts';
import { type Call, ORDER, orderCall } from './calls.ts';
import { refuseWrong, word } from './check.ts';
import { checkCreation } from './creation.ts';
import { listQuery, type PaymentOrderQuery } from './list-query.ts';
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

/** What a call comes to: the data alone, or the whole answer. */
export type Result<T, Whole extends boolean> = Promise<Whole extends true ? Answered<T> : T>;

/** The eight calls of the API: those of `Client` give the data alone, those of `client.withAnswer` the whole answer. */
export class ApiCalls<Whole extends boolean> {
  readonly #session: Session;
  readonly #whole: Whole;

  /** Not for use: a `Client` is one, and `client.withAnswer` another. */
  constructor(session: Session, whole: Whole) {
    this.#session = session;
    this.#whole = whole;
  }

  /**
   * Logs in and keeps the token for the calls that follow. There is no need for it: every call logs in by itself. It
   * is a good first check of a client id and a secret.
   *
   * Calls that need a login at the same time share one. It has the time and the retries of the client; `options` bound
   * only how long this call waits for it.
   *
   * @returns the token, and its life in seconds.
   * @throws UnauthorizedClientError when the client id is unknown or the secret wrong.
   * @example
   * const { expires_in } = await client.clientCredentialsLogin();
   */
  clientCredentialsLogin(options: LoginOptions = {}): Result<ClientCredentialsLoginResponse, Whole> {
    return this.#finish(() => this.#session.login(options));
  }

  /**
   * Makes a payment order: an address of its own, a price in bitcoin that holds for some minutes, a checkout page.
   *
   * No order is made twice. Every try of a call carries the same `Idempotency-Key`: a new UUID, or `options.idempotencyKey`.
   * A server that honours it, as the WebPOS gateway does for 24 hours, says so when it issues the token; there the call is
   * repeated after a broken connection, 429 and 5xx, like a read. Elsewhere it is repeated only when the first try surely
   * made nothing; after any other failure an order may exist.
   *
   * @param creation `amount` is a decimal string in the currency of the POS; what is missing is taken from the POS's settings.
   * @returns the order; its `amount` is in **satoshi**, `expires_in` in seconds.
   * @throws ValidationError before anything is sent, when a field is not as the contract wants it; RateUnavailableError
   *   when there is no exchange rate now.
   * @example
   * const order = await client.createPaymentOrder({ amount: '10.00', callback_url: 'https://shop.example/callback' });
   */
  createPaymentOrder(creation: PaymentOrderCreation, options: CreateOptions = {}): Result<PaymentOrderCreationResponse, Whole> {
    return this.#send<PaymentOrderCreationResponse>(options, () => {
      checkCreation(creation, this.#session.allowHttp);
      return {
        method: 'POST',
        path: '/payment-order',
        body: JSON.stringify(creation),
        // By it a server that honours it recognises a repetition; the platform's might not.
        idempotencyKey: parseIdempotencyKey(options.idempotencyKey),
        repeatable: false,
        answer: { uuid: 'string', address: 'string', uri: 'string', amount: 'number' },
      };
    });
  }

  /**
   * Reads one page of the orders of the POS, the newest first. To go through all of them, take `listPaymentOrders`.
   *
   * @returns the page, with `total_items` and `total_pages` of the whole list; an order's `amount` is in **fiat**.
   * @throws ValidationError before anything is sent, when a field of the query is wrong.
   * @example
   * const { paymentorders } = await client.getPaymentOrders({ status: 'paid', pageSize: 40 });
   */
  getPaymentOrders(query: PaymentOrderQuery = {}, options?: CallOptions): Result<PaymentOrderList, Whole> {
    return this.#send<PaymentOrderList>(options, () => ({
      method: 'GET',
      path: '/payment-order',
      query: listQuery(query),
      repeatable: true,
      answer: { total_items: 'number', total_pages: 'number', paymentorders: 'array' },
    }));
  }

  /**
   * Reads a payment order.
   *
   * @param uuid the order's id, as `createPaymentOrder` and callbacks give it.
   * @returns the order; its `amount` is in **fiat**, `btc_amount` in satoshi.
   * @throws NotFoundError when this client has no such order; ValidationError when `uuid` is not one.
   * @example
   * const { state } = await client.getPaymentOrder(order.uuid, { timeoutMs: 3000 });
   * if (state.status === 'paid') ship();
   */
  getPaymentOrder(uuid: string, options?: CallOptions): Result<PaymentOrderRetrieval, Whole> {
    return this.#send<PaymentOrderRetrieval>(options, () => orderCall('GET', uuid, '', ORDER));
  }

  /**
   * Cancels an order that is not resolved yet; its callback will tell `payment.cancelled`.
   *
   * @returns where to send the buyer.
   * @throws NotFoundError when this client has no such order, or it is paid or at another end already.
   * @example
   * const { cancel_url } = await client.deletePaymentOrder(order.uuid);
   */
  deletePaymentOrder(uuid: string, options?: CallOptions): Result<PaymentOrderDeletionResponse, Whole> {
    // An order that is cancelled already answers as before.
    return this.#send<PaymentOrderDeletionResponse>(options, () => orderCall('DELETE', uuid, '', { cancel_url: 'string' }));
  }

  /**
   * Reads which events can follow from the present state of an order, for `paymentUpdate` (sandbox).
   *
   * @throws NotFoundError when this client has no such order.
   * @example
   * const { callbacks } = await client.getCallbacks(order.uuid);
   */
  getCallbacks(uuid: string, options?: CallOptions): Result<CallbackList, Whole> {
    return this.#send<CallbackList>(options, () => orderCall('GET', uuid, '/callbacks', { callbacks: 'array' }));
  }

  /**
   * Puts an order back to pending, with nothing paid (sandbox).
   *
   * @returns the order; its `amount` is in **fiat**, `btc_amount` in satoshi.
   * @throws NotFoundError when this client has no such order, or the server is not a sandbox.
   * @example
   * await client.paymentReset(order.uuid);
   */
  paymentReset(uuid: string, options?: CallOptions): Result<PaymentOrderRetrieval, Whole> {
    return this.#send<PaymentOrderRetrieval>(options, () => orderCall('PATCH', uuid, '/test/reset', ORDER));
  }

  /**
   * Makes happen what leads to an event, and so its callback, without a bitcoin being sent (sandbox).
   *
   * @throws InvalidCallbackError when the event cannot follow from the present state of the order; NotFoundError when
   *   this client has no such order, or the server is not a sandbox.
   * @example
   * await client.paymentUpdate(order.uuid, { callback: 'payment.completed' });
   */
  paymentUpdate(uuid: string, update: PaymentUpdateObject, options?: CallOptions): Result<void, Whole> {
    return this.#send<void>(options, () => {
      const call = orderCall<void>('PATCH', uuid, '/test/');
      refuseWrong(call.method, call.path, { callback: word(update?.callback) });
      // An event that has come about can seldom come about again.
      return { ...call, body: JSON.stringify(update), repeatable: false };
    });
  }

  /** What is wrong with a call fails its promise; nothing is thrown at the caller's line. */
  #send<T>(options: CallOptions = {}, call: () => Call<T>): Result<T, Whole> {
    return this.#finish(() => this.#session.send(call(), options));
  }

  async #finish<T>(begin: () => Promise<Answered<T>>): Result<T, Whole> {
    const answered = await begin();
    return (this.#whole ? answered : answered.data) as Awaited<Result<T, Whole>>;
  }
}

/**
 * The eight calls, answered with the status, the headers and the request id beside the data.
 *
 * @example
 * const { data, answer } = await client.withAnswer.getPaymentOrder(uuid);
 * log.info({ requestId: answer.requestId, status: data.state.status });
 */
export type AnsweringClient = ApiCalls<true>;
