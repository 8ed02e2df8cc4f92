import { type AnsweringClient, ApiCalls } from './api-calls.ts';
import { everyOrder } from './every-order.ts';
import type { PaymentOrderFilter } from './list-query.ts';
import { type CallOptions, type ClientOptions, parseClientOptions } from './options.ts';
import { SESSION, sessionOf } from './session.ts';
import { waitForOrder, type WaitOptions } from './wait.ts';
import type { PaymentOrderList, PaymentOrderRetrieval } from './wire/index.ts';

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
export class Client extends ApiCalls<false> {
  /** The same calls, answered with the status, the headers and the request id too. */
  readonly withAnswer: AnsweringClient;

  /** @throws ConfigurationError that names the wrong option; it never shows the secret. */
  constructor(options: ClientOptions) {
    const settings = parseClientOptions(options);
    const session = sessionOf(settings, { now: () => Date.now(), random: () => Math.random() });
    super(session, false);
    this.withAnswer = new ApiCalls(session, true);
    // Not enumerable, so that no log holds it by accident.
    Object.defineProperty(this, SESSION, { value: session });
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
  waitForPaymentOrder(uuid: string, options: WaitOptions = {}): Promise<PaymentOrderRetrieval> {
    return waitForOrder(`/payment-order/${uuid}`, options, (each) => this.getPaymentOrder(uuid, each));
  }
}
