import { webCrypto } from '#runtime';
import { cancel, tally } from '@webpos/order-rules';
import { checkOptions } from '../checks/check-options.ts';
import { integerRule, oneOfRule, type Rules, secretRule, typeRule } from '../checks/value-rules.ts';
import type { CallbackEvent, ErrorCode, PaymentOrderRetrieval } from '../wire/index.ts';
import { answerRequest, type FakeWorld } from './fake-api.ts';
import { type Deliver, type FakeCallback, FakeCallbacks } from './fake-callbacks.ts';
import { FakeError } from './fake-error.ts';
import { at, type FakeOrder, TIP_HEIGHT } from './fake-order.ts';
import { FakeOrders } from './fake-orders.ts';
import { FakeTokens } from './fake-tokens.ts';
import { triggerEvent, eventsOf, withConfirmations, withPayment } from './moves.ts';
import { orderRetrieval } from './order-wire.ts';

/** The options of a fake platform, all optional. */
export interface FakePlatformOptions {
  /** The mode. In `live` mode the sandbox endpoints answer 3001, and URLs must be https. Default: `sandbox`. */
  mode?: 'live' | 'sandbox' | undefined;
  /** The client id of the POS. Default: `fake-client`. */
  clientId?: string | undefined;
  /** The secret of the POS, which also signs the callbacks. Default: `fake-secret`. */
  secret?: string | undefined;
  /** Adds the headers of Standard Webhooks to callbacks. In base64, with or without the prefix `whsec_`. */
  standardWebhooksSecret?: string | undefined;
  /** Receives the callbacks of orders with a callback URL. Default: they are recorded in `callbacks` and not sent. */
  deliver?: Deliver | undefined;
  /**
   * The callback URL of orders that name none, as a setting of the POS. Default: `https://shop.example/callback` with `deliver`,
   * otherwise none.
   */
  callbackUrl?: string | null | undefined;
  /** The price of one bitcoin, in units of fiat. Default: `60000.00`. */
  rate?: string | undefined;
  /** The confirmations that an order requires unless it says otherwise. Default: 1. */
  requiredConfirmations?: number | undefined;
  /** The time until an order expires, in seconds. Default: 900. */
  orderLifeS?: number | undefined;
  /** The life of a token, in seconds. Default: 3600. */
  tokenLifeS?: number | undefined;
  /**
   * Whether a repeated creation is recognised by its `Idempotency-Key`, as the login then says, as on a gateway. Default: true.
   * With false it behaves like the public platform, which promises nothing of the kind.
   */
  honoursKeys?: boolean | undefined;
  /** Whether `GET /events` exists, as on a gateway. Default: true. The public platform does not have it. */
  hasEventFeed?: boolean | undefined;
  /** How long a covered order may wait for its confirmations after its expiration, in seconds. Default: 259200. */
  settlementTimeoutS?: number | undefined;
  /** How long a dispute may last before the chargeback, in seconds. Default: 86400. */
  chargebackTimeoutS?: number | undefined;
  /** The clock in milliseconds, to which `advance` adds. Default: `Date.now`. */
  now?: (() => number) | undefined;
}

const RULES: Rules<FakePlatformOptions> = {
  mode: oneOfRule('live', 'sandbox'),
  clientId: secretRule(),
  secret: secretRule(),
  standardWebhooksSecret: secretRule(),
  deliver: typeRule('function'),
  callbackUrl: [(url) => url === null || (typeof url === 'string' && url !== ''), 'a URL, or null'],
  rate: [(rate) => typeof rate === 'string' && /^\d+(\.\d+)?$/.test(rate), 'a decimal string'],
  requiredConfirmations: integerRule(0),
  orderLifeS: integerRule(0),
  tokenLifeS: integerRule(0),
  honoursKeys: typeRule('boolean'),
  hasEventFeed: typeRule('boolean'),
  settlementTimeoutS: integerRule(0),
  chargebackTimeoutS: integerRule(0),
  now: typeRule('function'),
};

/** A payment to send. */
export interface FakePayment {
  /** The amount in satoshi. Default: what is missing. */
  sats?: number | undefined;
  /** The confirmations of the payment. Default: as many as the order requires. */
  confirmations?: number | undefined;
}

const PAYMENT_RULES: Rules<FakePayment> = { sats: integerRule(1), confirmations: integerRule(0) };

/** A request that a fake platform received. */
export interface FakeRequest {
  method: string;
  /** Includes the query. */
  path: string;
  headers: Headers;
  /** The HTTP status of the answer. */
  status: number;
}

/**
 * The platform in this process: see {@link createFakePlatform}. Methods that change an order resolve once its callbacks have been
 * sent.
 */
export class FakePlatform {
  /** The options for a `Client`. */
  readonly clientOptions: {
    mode: 'live' | 'sandbox';
    clientId: string;
    secret: string;
    baseUrl: string;
    http: { fetch: typeof fetch };
  };
  /** All requests so far, in sequence. */
  readonly requests: FakeRequest[] = [];
  readonly #world: FakeWorld;
  readonly #failures: ErrorCode[] = [];
  #breaksLeft = 0;
  #advancedMs = 0;

  /** @throws ConfigurationError naming the wrong option. */
  constructor(options: FakePlatformOptions = {}) {
    checkOptions(options, RULES);
    const { mode = 'sandbox', clientId = 'fake-client', secret = 'fake-secret', now: clock = () => Date.now() } = options;
    const now = (): number => clock() + this.#advancedMs;
    const callbacks = new FakeCallbacks({ ...options, secret, now });
    this.#world = {
      orders: new FakeOrders(now, (event, order) => callbacks.add(event, order)),
      tokens: new FakeTokens({ clientId, secret, tokenLifeS: options.tokenLifeS ?? 3600 }),
      callbacks,
      terms: {
        rate: options.rate ?? '60000.00',
        requiredConfirmations: options.requiredConfirmations ?? 1,
        callbackUrl:
          options.callbackUrl === undefined && options.deliver ? 'https://shop.example/callback' : (options.callbackUrl ?? null),
        orderLifeS: options.orderLifeS ?? 900,
        settlementTimeoutS: options.settlementTimeoutS ?? 259_200,
        chargebackTimeoutS: options.chargebackTimeoutS ?? 86_400,
      },
      isSandbox: mode === 'sandbox',
      honoursKeys: options.honoursKeys ?? true,
      hasEventFeed: options.hasEventFeed ?? true,
      createdByKey: new Map(),
      now,
    };
    this.clientOptions = { mode, clientId, secret, baseUrl: 'https://api.webpos.example', http: { fetch: this.fetch } };
  }

  /** All callbacks so far, in sequence, sent or without a URL. */
  get callbacks(): readonly FakeCallback[] {
    return this.#world.callbacks.all;
  }

  /** Answers a request as the platform would; a replacement for the global `fetch`. */
  readonly fetch: typeof fetch = async (input, init) => {
    const request = new Request(input, init);
    request.signal.throwIfAborted();
    const requestId = webCrypto().randomUUID();
    const answer = await this.#answer(request, requestId);
    answer.headers.set('x-request-id', requestId);
    const { pathname, search } = new URL(request.url);
    this.requests.push({ method: request.method, path: pathname + search, headers: request.headers, status: answer.status });
    // The request may have settled orders whose deadlines have passed.
    await this.#world.callbacks.send();
    if (this.#breaksLeft === 0) return answer;
    this.#breaksLeft -= 1;
    throw new TypeError('fetch failed', { cause: Object.assign(new Error('the connection broke'), { code: 'ECONNRESET' }) });
  };

  /**
   * Pays an order, as its buyer would.
   *
   * @throws ConfigurationError naming the wrong option of the payment; RangeError if the order does not exist.
   * @example
   * await platform.pay(order.uuid); // paid, payment.completed
   * await platform.pay(order.uuid, { sats: 5000, confirmations: 0 }); // partial
   */
  async pay(uuid: string, payment: FakePayment = {}): Promise<PaymentOrderRetrieval> {
    checkOptions(payment, PAYMENT_RULES, 'payment');
    return await this.#move(uuid, (order) => {
      const sats = payment.sats === undefined ? tally(order, TIP_HEIGHT).unpaid : BigInt(payment.sats);
      return withPayment(order, sats, payment.confirmations ?? order.terms.requiredConfirmations, this.#world.now());
    });
  }

  /** Sets the confirmations of all payments of an order. Default: as many as it requires. 0 moves them back into the mempool. */
  async confirm(uuid: string, confirmations?: number): Promise<PaymentOrderRetrieval> {
    return await this.#move(uuid, (order) => withConfirmations(order, confirmations ?? order.terms.requiredConfirmations));
  }

  /** Reverts all payments of an order, as a double spend does. */
  async revert(uuid: string): Promise<PaymentOrderRetrieval> {
    return await this.#move(uuid, (order) => withConfirmations(order, null));
  }

  /** Cancels an order, as its buyer can. @throws RangeError if it is not pending. */
  async cancel(uuid: string): Promise<PaymentOrderRetrieval> {
    const moved = cancel(this.#find(uuid), at(this.#world.now()));
    if (moved === undefined) throw new RangeError(`order ${uuid}: expected a pending one`);
    return await this.#reported(this.#world.orders.save(moved));
  }

  /** Triggers an event, as the client's `paymentUpdate` does. @throws RangeError if it cannot follow from the order's state. */
  async trigger(uuid: string, event: CallbackEvent): Promise<PaymentOrderRetrieval> {
    const order = this.#find(uuid);
    const moved = triggerEvent(order, event, this.#world.now());
    if (moved === undefined) throw new RangeError(`event: expected one of ${eventsOf(order).join(', ')}, got ${event}`);
    return await this.#reported(this.#world.orders.save(moved));
  }

  /** Returns the platform's time, in milliseconds since 1970: the clock for a handler with an age limit, after `advance`. */
  now(): number {
    return this.#world.now();
  }

  /** Advances the clock by milliseconds: orders expire, disputes end, tokens expire. */
  async advance(ms: number): Promise<void> {
    this.#advancedMs += ms;
    this.#world.orders.all();
    await this.#world.callbacks.send();
  }

  /** Sends all unacknowledged callbacks again. */
  async redeliver(): Promise<void> {
    await this.#world.callbacks.send('unacknowledged');
  }

  /** Expires all tokens: the next call gets 1004, and logs in again. */
  expireTokens(): void {
    this.#world.tokens.expire();
  }

  /**
   * Answers the next requests, logins included, with an error of the contract.
   *
   * @param times the number of requests. Default: 1.
   * @example
   * platform.failNext('4003'); // no exchange rate
   */
  failNext(code: ErrorCode, times: number = 1): void {
    for (let left = times; left > 0; left--) this.#failures.push(code);
  }

  /**
   * Executes the next requests, logins included, and breaks the connection before the answer.
   *
   * @param times the number of requests. Default: 1.
   * @example
   * platform.breakNext();
   * await client.createPaymentOrder({ amount: '10.00' }); // retried with its key: one order
   */
  breakNext(times: number = 1): void {
    this.#breaksLeft += times;
  }

  async #answer(request: Request, requestId: string): Promise<Response> {
    try {
      const failure = this.#failures.shift();
      if (failure !== undefined) throw new FakeError(failure, 'requested by failNext');
      return await answerRequest(request, this.#world);
    } catch (error) {
      if (error instanceof FakeError) return error.toResponse(requestId);
      throw error;
    }
  }

  async #move(uuid: string, change: (order: FakeOrder) => FakeOrder): Promise<PaymentOrderRetrieval> {
    return await this.#reported(this.#world.orders.change(change(this.#find(uuid))));
  }

  async #reported(order: FakeOrder): Promise<PaymentOrderRetrieval> {
    await this.#world.callbacks.send();
    return orderRetrieval(order, this.#world.now());
  }

  #find(uuid: string): FakeOrder {
    const order = this.#world.orders.get(uuid);
    if (order === undefined) throw new RangeError(`uuid: expected an order of this platform, got ${uuid}`);
    return order;
  }
}

/**
 * Makes a platform in this process: a `fetch` that answers the eight calls of the contract, its errors and the event feed, with
 * methods that change orders, and signed callbacks. Use it to test a shop without a server and without waiting.
 *
 * @throws ConfigurationError naming the wrong option.
 * @example
 * const secret = 'a secret for tests'; // signs the callbacks
 * const platform = createFakePlatform({ secret, deliver: webCallbacks(new CallbackHandler({ secret }), handle) });
 * const client = new Client(platform.clientOptions);
 * const order = await client.createPaymentOrder({ amount: '10.00' });
 * await platform.pay(order.uuid); // `handle` has received payment.completed
 */
export function createFakePlatform(options: FakePlatformOptions = {}): FakePlatform {
  return new FakePlatform(options);
}
