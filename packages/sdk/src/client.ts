import type { Answered } from './answered.ts';
import { AnsweringClient } from './answering-client.ts';
import { everyOrder } from './every-order.ts';
import type { PaymentOrderFilter, PaymentOrderQuery } from './list-query.ts';
import { type CallOptions, type ClientOptions, type CreateOptions, type LoginOptions, parseClientOptions } from './options.ts';
import { Session } from './session.ts';
import { waitForOrder, type WaitOptions } from './wait.ts';
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
 * A client of the WebPOS API, for one POS. Make one and keep it: all its calls share a login.
 *
 * Every call may throw: `ApiError` and its classes when the server refuses, `ConnectionError`, `TimeoutError`,
 * `AbortError`, `UnexpectedAnswerError` when no answer of the contract comes. All are `WebposError`s.
 *
 * @example
 * const client = new Client({ mode: 'sandbox', clientId, secret });
 * const order = await client.createPaymentOrder({ amount: '10.00', reference: 'cart 42' });
 * redirectTo(order.redirect_url);
 */
export class Client {
  /** The same calls, answered with the status, the headers and the request id too. */
  readonly withAnswer: AnsweringClient;

  /** @throws ConfigurationError that names the wrong option; it never shows the secret. */
  constructor(options: ClientOptions) {
    const settings = parseClientOptions(options);
    const session = new Session(settings, { now: () => Date.now(), random: () => Math.random() });
    this.withAnswer = new AnsweringClient(session, settings.baseUrl.startsWith('http:'));
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
  clientCredentialsLogin(options?: LoginOptions): Promise<ClientCredentialsLoginResponse> {
    return dataOf(this.withAnswer.clientCredentialsLogin(options));
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
  createPaymentOrder(creation: PaymentOrderCreation, options?: CreateOptions): Promise<PaymentOrderCreationResponse> {
    return dataOf(this.withAnswer.createPaymentOrder(creation, options));
  }

  /**
   * Reads one page of the orders of the POS, the newest first. To go through all of them, take `listPaymentOrders`.
   *
   * @returns the page, with `total_items` and `total_pages` of the whole list; an order's `amount` is in **fiat**.
   * @throws ValidationError before anything is sent, when a field of the query is wrong.
   * @example
   * const { paymentorders } = await client.getPaymentOrders({ status: 'paid', pageSize: 40 });
   */
  getPaymentOrders(query?: PaymentOrderQuery, options?: CallOptions): Promise<PaymentOrderList> {
    return dataOf(this.withAnswer.getPaymentOrders(query, options));
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
  getPaymentOrder(uuid: string, options?: CallOptions): Promise<PaymentOrderRetrieval> {
    return dataOf(this.withAnswer.getPaymentOrder(uuid, options));
  }

  /**
   * Cancels an order that is not resolved yet; its callback will tell `payment.cancelled`.
   *
   * @returns where to send the buyer.
   * @throws NotFoundError when this client has no such order, or it is paid or at another end already.
   * @example
   * const { cancel_url } = await client.deletePaymentOrder(order.uuid);
   */
  deletePaymentOrder(uuid: string, options?: CallOptions): Promise<PaymentOrderDeletionResponse> {
    return dataOf(this.withAnswer.deletePaymentOrder(uuid, options));
  }

  /**
   * Reads which events can follow from the present state of an order, for `paymentUpdate` (sandbox).
   *
   * @throws NotFoundError when this client has no such order.
   * @example
   * const { callbacks } = await client.getCallbacks(order.uuid);
   */
  getCallbacks(uuid: string, options?: CallOptions): Promise<CallbackList> {
    return dataOf(this.withAnswer.getCallbacks(uuid, options));
  }

  /**
   * Puts an order back to pending, with nothing paid (sandbox).
   *
   * @returns the order; its `amount` is in **fiat**, `btc_amount` in satoshi.
   * @throws NotFoundError when this client has no such order, or the server is not a sandbox.
   * @example
   * await client.paymentReset(order.uuid);
   */
  paymentReset(uuid: string, options?: CallOptions): Promise<PaymentOrderRetrieval> {
    return dataOf(this.withAnswer.paymentReset(uuid, options));
  }

  /**
   * Makes happen what leads to an event, and so its callback, without a bitcoin being sent (sandbox).
   *
   * @throws InvalidCallbackError when the event cannot follow from the present state of the order; NotFoundError when
   *   this client has no such order, or the server is not a sandbox.
   * @example
   * await client.paymentUpdate(order.uuid, { callback: 'payment.completed' });
   */
  paymentUpdate(uuid: string, update: PaymentUpdateObject, options?: CallOptions): Promise<void> {
    return dataOf(this.withAnswer.paymentUpdate(uuid, update, options));
  }

  /**
   * Goes through all orders of the POS, page by page as they are needed. Each is given once, also when orders come in
   * meanwhile. Of those with one `status`, which may change at any time, it gives all that have it throughout.
   *
   * @param filter `pageSize` is 40 unless given. It remembers the ids of all orders that it has given.
   * @throws ValidationError at the first step, when a field of the filter is wrong; else what `getPaymentOrders` throws.
   * @example
   * for await (const order of client.listPaymentOrders({ status: 'paid' })) book(order.uuid, order.state.paid);
   */
  listPaymentOrders(
    filter: PaymentOrderFilter = {},
    options?: CallOptions,
  ): AsyncGenerator<PaymentOrderRetrieval, void, undefined> {
    const readPage = (page: number): Promise<PaymentOrderList> =>
      this.getPaymentOrders({ ...filter, pageSize: filter.pageSize ?? 40, page }, options);
    return everyOrder(readPage, filter.status != null);
  }

  /**
   * Waits until an order is no longer pending, or as `until` wants it. For a program without callbacks, such as a
   * script or a till; a shop on the web is told sooner by its callback.
   *
   * @returns the order as it was last read.
   * @throws TimeoutError when it does not come to that within `timeoutMs`; what the first read throws; later all but
   *   what may pass by itself, such as a ConnectionError or a 503.
   * @example
   * const { state } = await client.waitForPaymentOrder(order.uuid, { timeoutMs: 900_000 });
   * if (state.status === 'paid') ship();
   */
  async waitForPaymentOrder(uuid: string, options: WaitOptions = {}): Promise<PaymentOrderRetrieval> {
    return await waitForOrder(`/payment-order/${uuid}`, options, (each) => this.getPaymentOrder(uuid, each));
  }
}

async function dataOf<T>(answered: Promise<Answered<T>>): Promise<T> {
  return (await answered).data;
}
