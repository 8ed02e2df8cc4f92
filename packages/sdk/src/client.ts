import { type AnsweringClient, ApiCalls, bindCalls } from './calls/api-calls.ts';
import { listAllOrders, type PaymentOrderIterator } from './calls/list-all.ts';
import type { PaymentOrderFilter } from './calls/list-query.ts';
import type { CallOptions } from './options/call-options.ts';
import { type ClientOptions, parseClientOptions } from './options/client-options.ts';
import { createSession } from './calls/session.ts';
import { sessionOf } from './calls/session-of.ts';
import { pollOrder, type WaitOptions } from './calls/wait.ts';
import type { PaymentOrderList, PaymentOrderRetrieval } from './wire/index.ts';

/** The type that `await using` requires; empty if TypeScript or its `lib` predates it. */
type AsyncDisposal = SymbolConstructor extends { readonly asyncDispose: infer Name extends symbol }
  ? { [Each in Name]: () => PromiseLike<void> }
  : object;

/** Lets `await using` close the client. */
// oxlint-disable-next-line no-redeclare, typescript/no-unsafe-declaration-merging -- a class cannot declare an optional member
export interface Client extends AsyncDisposal {}

/**
 * A client of the WebPOS API for one POS. Create one and keep it: all its calls share a login.
 *
 * Every call may throw an `ApiError` (of a class per code) if the server refuses, a `ConnectionError`, a `TimeoutError`, an
 * `AbortError`, or an `UnexpectedAnswerError` if the answer does not follow the contract. All of them are `WebposError`s.
 *
 * @example
 * const client = new Client({ mode: 'sandbox', clientId, secret });
 * const order = await client.createPaymentOrder({ amount: '10.00', reference: 'cart 42' });
 * redirectTo(order.redirect_url);
 */
export class Client extends ApiCalls {
  /** The same calls, resolving to the status, the headers and the request id as well. */
  declare readonly withAnswer: AnsweringClient;

  /** @throws ConfigurationError naming the wrong option; it never contains the secret. */
  constructor(options: ClientOptions = {}) {
    super();
    const session = createSession(parseClientOptions(options), { now: () => Date.now(), random: () => Math.random() });
    const withAnswer = new ApiCalls();
    bindCalls(this, session, ({ data }) => data);
    bindCalls(withAnswer, session, (answered) => answered);
    Object.assign(this, { withAnswer });
    // Older browsers have no `Symbol.asyncDispose`.
    const { asyncDispose } = Symbol as { readonly asyncDispose?: symbol };
    Object.defineProperty(this, asyncDispose ?? Symbol(), { value: () => this.close(), configurable: true });
  }

  /**
   * Closes this client: calls under way may finish, later ones fail with a ConfigurationError. The idle connections of
   * `nodeFetch`, and those of a `redisStore` with an address, are closed; if other clients share them, their next use opens them
   * again. An agent, a dispatcher, a store or a Redis client of your own stays open, and so do the connections of the global
   * `fetch`, which keep no process alive. `close` may be called more than once. `await using` calls it at the end of the scope.
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
   * Iterates over all orders of the POS, reading pages on demand; `.byPage()` iterates over the pages instead. Each order is
   * yielded once, even if orders are created meanwhile. With a `status`, which may change at any time, every order that has it
   * throughout is yielded.
   *
   * @param filter `pageSize` defaults to 40 here. The iterator remembers the ids of all yielded orders.
   * @throws ValidationError at the first step, if a field of the filter is wrong; otherwise what `getPaymentOrders` throws.
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
   * Waits until an order is no longer pending, or until `options.until` accepts it. Use it in programs without callbacks, such as
   * a script or a till; a shop on the web learns sooner from its callbacks.
   *
   * @returns the order as last read.
   * @throws TimeoutError if that does not happen within `timeoutMs`; whatever the first read throws; later, anything but
   *   transient failures such as a ConnectionError or a 503.
   * @example
   * const { state } = await client.waitForPaymentOrder(order.uuid, { timeoutMs: 900_000 });
   * if (state.status === 'paid') ship();
   */
  waitForPaymentOrder(uuid: string, options: WaitOptions = {}): Promise<PaymentOrderRetrieval> {
    return pollOrder(`/payment-order/${uuid}`, options, (each) => this.getPaymentOrder(uuid, each));
  }
}
