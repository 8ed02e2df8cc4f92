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
import { bringAbout, eventsOf, withConfirmations, withPayment } from './moves.ts';
import { orderRetrieval } from './order-wire.ts';

/** What a fake platform is to be. Nothing of it is needed. */
export interface FakePlatformOptions {
  /** Default: `sandbox`. On `live` the test endpoints answer 3001, and URLs have to be https. */
  mode?: 'live' | 'sandbox' | undefined;
  /** Default: `fake-client`. */
  clientId?: string | undefined;
  /** The secret of the POS, which signs the callbacks too. Default: `fake-secret`. */
  secret?: string | undefined;
  /** With it, callbacks have the headers of Standard Webhooks too. In base64, with or without `whsec_`. */
  standardWebhooksSecret?: string | undefined;
  /** Takes the callbacks of orders that have a callback URL. Default: they are kept in `callbacks` and not sent. */
  deliver?: Deliver | undefined;
  /** Of orders that name none, as a POS may have one. Default: with `deliver`, `https://shop.example/callback`; else none. */
  callbackUrl?: string | null | undefined;
  /** Units of fiat for one bitcoin. Default: `60000.00`. */
  rate?: string | undefined;
  /** Of orders that do not say. Default: 1. */
  requiredConfirmations?: number | undefined;
  /** How long an order may be paid, in seconds. Default: 900. */
  orderLifeS?: number | undefined;
  /** How long a token lives, in seconds. Default: 3600. */
  tokenLifeS?: number | undefined;
  /**
   * Whether it knows a creation again by its `Idempotency-Key`, and says so at the login, as a gateway does. Default: true.
   * With false it is like the public platform, which promises nothing of the kind.
   */
  honoursKeys?: boolean | undefined;
  /** Whether there is `GET /events`, as on a gateway. Default: true. The public platform has none. */
  hasEventFeed?: boolean | undefined;
  /** How long an order waits for its confirmations that was wholly seen in time, in seconds. Default: 259200. */
  settlementTimeoutS?: number | undefined;
  /** How long a dispute lasts before it is a charge-back, in seconds. Default: 86400. */
  chargebackTimeoutS?: number | undefined;
  /** The clock in milliseconds; `advance` goes on top of it. Default: `Date.now`. */
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

/** What a buyer sends. */
export interface FakePayment {
  /** Default: what is missing. */
  sats?: number | undefined;
  /** Default: as many as the order asks for. */
  confirmations?: number | undefined;
}

const PAYMENT_RULES: Rules<FakePayment> = { sats: integerRule(1), confirmations: integerRule(0) };

/** A request that came to a fake platform. */
export interface FakeRequest {
  method: string;
  /** With its query. */
  path: string;
  headers: Headers;
  /** The status of its answer. */
  status: number;
}

/** The platform in this process: see {@link createFakePlatform}. All that moves an order ends once its callbacks are sent. */
export class FakePlatform {
  /** What to make a `Client` with. */
  readonly clientOptions: {
    mode: 'live' | 'sandbox';
    clientId: string;
    secret: string;
    baseUrl: string;
    http: { fetch: typeof fetch };
  };
  /** All that was asked, in turn. */
  readonly requests: FakeRequest[] = [];
  readonly #world: FakeWorld;
  readonly #failures: ErrorCode[] = [];
  #toBreak = 0;
  #advancedMs = 0;

  /** @throws ConfigurationError that names the wrong option. */
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
        allowHttp: mode === 'sandbox',
      },
      isSandbox: mode === 'sandbox',
      honoursKeys: options.honoursKeys ?? true,
      hasEventFeed: options.hasEventFeed ?? true,
      made: new Map(),
      now,
    };
    this.clientOptions = { mode, clientId, secret, baseUrl: 'https://api.webpos.example', http: { fetch: this.fetch } };
  }

  /** All callbacks so far, in turn: those that were sent and those that had nowhere to go. */
  get callbacks(): readonly FakeCallback[] {
    return this.#world.callbacks.all;
  }

  /** Answers a request as the platform would; it stands for the global `fetch`. */
  readonly fetch: typeof fetch = async (input, init) => {
    const request = new Request(input, init);
    request.signal.throwIfAborted();
    const requestId = crypto.randomUUID();
    const answer = await this.#answer(request, requestId);
    answer.headers.set('x-request-id', requestId);
    const { pathname, search } = new URL(request.url);
    this.requests.push({ method: request.method, path: pathname + search, headers: request.headers, status: answer.status });
    // A deadline may have passed: anyone who looks, sets off what it leads to.
    await this.#world.callbacks.send();
    if (this.#toBreak === 0) return answer;
    this.#toBreak -= 1;
    throw new TypeError('fetch failed', { cause: Object.assign(new Error('the connection broke'), { code: 'ECONNRESET' }) });
  };

  /**
   * Pays an order, as its buyer would.
   *
   * @throws ConfigurationError that names what is wrong with the payment; RangeError when there is no such order.
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

  /** Gives all payments of an order as many confirmations; default: as many as it asks for. 0 puts them back into the mempool. */
  async confirm(uuid: string, confirmations?: number): Promise<PaymentOrderRetrieval> {
    return await this.#move(uuid, (order) => withConfirmations(order, confirmations ?? order.terms.requiredConfirmations));
  }

  /** Reverts all payments of an order, as a double spend does. */
  async revert(uuid: string): Promise<PaymentOrderRetrieval> {
    return await this.#move(uuid, (order) => withConfirmations(order, null));
  }

  /** Cancels an order, as its buyer can. @throws RangeError when it is no longer pending. */
  async cancel(uuid: string): Promise<PaymentOrderRetrieval> {
    const moved = cancel(this.#find(uuid), at(this.#world.now()));
    if (moved === undefined) throw new RangeError(`order ${uuid}: expected one that is pending`);
    return await this.#reported(this.#world.orders.save(moved));
  }

  /** Brings an event about, as `paymentUpdate` of the client does. @throws RangeError when it cannot follow now. */
  async trigger(uuid: string, event: CallbackEvent): Promise<PaymentOrderRetrieval> {
    const order = this.#find(uuid);
    const moved = bringAbout(order, event, this.#world.now());
    if (moved === undefined) throw new RangeError(`event: expected one of ${eventsOf(order).join(', ')}, got ${event}`);
    return await this.#reported(this.#world.orders.save(moved));
  }

  /** The time by the platform's clock, in milliseconds since 1970: for a handler that has an age limit, after `advance`. */
  now(): number {
    return this.#world.now();
  }

  /** Lets time pass, in milliseconds: orders expire, disputes end, tokens run out. */
  async advance(ms: number): Promise<void> {
    this.#advancedMs += ms;
    this.#world.orders.all();
    await this.#world.callbacks.send();
  }

  /** Sends again what nobody has acknowledged. */
  async redeliver(): Promise<void> {
    await this.#world.callbacks.send('unacknowledged');
  }

  /** Lets all tokens run out: the next call gets 1004, and logs in again. */
  expireTokens(): void {
    this.#world.tokens.expire();
  }

  /**
   * Answers the next requests with an error of the contract; logins too.
   *
   * @param times how many. Default: 1.
   * @example
   * platform.failNext('4003'); // no exchange rate
   */
  failNext(code: ErrorCode, times: number = 1): void {
    for (let left = times; left > 0; left--) this.#failures.push(code);
  }

  /**
   * Does what the next requests ask for, and breaks the connection before the answer; at logins too.
   *
   * @param times how many. Default: 1.
   * @example
   * platform.breakNext();
   * await client.createPaymentOrder({ amount: '10.00' }); // repeated by its key: one order
   */
  breakNext(times: number = 1): void {
    this.#toBreak += times;
  }

  async #answer(request: Request, requestId: string): Promise<Response> {
    try {
      const failure = this.#failures.shift();
      if (failure !== undefined) throw new FakeError(failure);
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
    if (order === undefined) throw new RangeError(`uuid: expected that of an order of this platform, got ${uuid}`);
    return order;
  }
}

/**
 * Makes a platform in this process: a `fetch` that knows all eight calls of the contract, its errors and the feed of events, with ways to
 * make an order move and callbacks that are signed. A shop can be tested with it without a server and without waiting.
 *
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
