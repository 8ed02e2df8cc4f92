import { type AnsweringClient, ApiCalls, bindCalls } from './calls/api-calls.ts';
import { listAllOrders, type PaymentOrderIterator } from './calls/list-all.ts';
import type { PaymentOrderFilter } from './calls/list-query.ts';
import type { CallOptions } from './options/call-options.ts';
import { type ClientOptions, parseClientOptions } from './options/client-options.ts';
import { createSession, sessionOf } from './calls/session.ts';
import { pollOrder, type WaitOptions } from './calls/wait.ts';
import type { PaymentOrderList, PaymentOrderRetrieval } from './wire/index.ts';

/** What `await using` asks for; empty where TypeScript or its `lib` is too old to know of it. */
type AsyncDisposal = SymbolConstructor extends { readonly asyncDispose: infer Name extends symbol }
  ? { [Each in Name]: () => PromiseLike<void> }
  : object;

/** Lets `await using` close the client. */
// oxlint-disable-next-line no-redeclare, typescript/no-unsafe-declaration-merging -- a class cannot declare what may not exist
export interface Client extends AsyncDisposal {}

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
export class Client extends ApiCalls {
  /** The same calls, answered with the status, the headers and the request id too. */
  declare readonly withAnswer: AnsweringClient;

  /** @throws ConfigurationError that names the wrong option; it never shows the secret. */
  constructor(options: ClientOptions = {}) {
    super();
    const session = createSession(parseClientOptions(options), { now: () => Date.now(), random: () => Math.random() });
    const withAnswer = new ApiCalls();
    bindCalls(this, session, ({ data }) => data);
    bindCalls(withAnswer, session, (answered) => answered);
    Object.assign(this, { withAnswer });
    // Older browsers have no `Symbol.asyncDispose`.
    const { asyncDispose = Symbol() } = Symbol as { readonly asyncDispose?: symbol };
    Object.defineProperty(this, asyncDispose, { value: () => this.close(), configurable: true });
  }

  /**
   * Ends the use of this client: calls under way may finish, later ones fail with a ConfigurationError. Closes the idle connections
   * of `nodeFetch` and of a `redisStore` that was given an address; what several clients share opens them again at its next use.
   * An agent, a dispatcher, a store or a Redis client of your own stays open, and so do the connections of the global `fetch`,
   * which keep no process alive. May be called again. `await using` calls it at the end of a scope.
   *
   * @example
   * await using client = new Client({ mode: 'live', clientId, secret, http: { fetch: nodeFetch() } });
   * @example
   * process.once('SIGTERM', () => server.close(() => client.close()));
   */
  async close(): Promise<void> {
    await sessionOf(this)?.close();
  }

  /**
   * Goes through all orders of the POS, reading pages as they are needed; `.byPage()` gives the pages themselves. Each is given once, also when orders come in
   * meanwhile. Of those with one `status`, which may change at any time, it gives all that have it throughout.
   *
   * @param filter `pageSize` is 40 unless given. It remembers the ids of all orders that it has given.
   * @throws ValidationError at the first step, when a field of the filter is wrong; else what `getPaymentOrders` throws.
   * @example
   * for await (const order of client.listPaymentOrders({ status: 'paid' })) book(order.uuid, order.state.paid);
   * @example
   * for await (const { paymentorders } of client.listPaymentOrders().byPage()) await insertInto('orders', paymentorders);
   */
  listPaymentOrders(filter: PaymentOrderFilter = {}, options?: CallOptions): PaymentOrderIterator {
    const readPage = (page: number): Promise<PaymentOrderList> =>
      this.getPaymentOrders({ ...filter, pageSize: filter.pageSize ?? 40, page }, options);
    return listAllOrders(readPage, filter);
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
    return pollOrder(`/payment-order/${uuid}`, options, (each) => this.getPaymentOrder(uuid, each));
  }
}
