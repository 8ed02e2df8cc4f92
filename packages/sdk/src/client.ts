import { createPaymentOrderCall, getPaymentOrderCall } from './calls.ts';
import { checkCreation, checkUuid } from './creation.ts';
import { ConfigurationError } from './errors/index.ts';
import { type CallOptions, type ClientOptions, parseClientOptions } from './options.ts';
import { Session } from './session.ts';
import type {
  ClientCredentialsLoginResponse,
  PaymentOrderCreation,
  PaymentOrderCreationResponse,
  PaymentOrderRetrieval,
} from './wire/index.ts';

/** What {@link Client.createPaymentOrder} takes besides the order. */
export interface CreateOptions extends CallOptions {
  /**
   * The `Idempotency-Key` to send: 1 to 255 visible ASCII characters, such as the id of your cart. Default: a new UUID
   * for every call. A server that honours it can tell a repetition; do not rely on it before yours says that it does.
   */
  idempotencyKey?: string | undefined;
}

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
  readonly #session: Session;
  readonly #allowHttp: boolean;

  /** @throws ConfigurationError that names the wrong option; it never shows the secret. */
  constructor(options: ClientOptions) {
    const settings = parseClientOptions(options);
    this.#session = new Session(settings, { now: () => Date.now(), random: () => Math.random() });
    this.#allowHttp = settings.baseUrl.startsWith('http:');
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
  async clientCredentialsLogin(options: Omit<CallOptions, 'maxRetries'> = {}): Promise<ClientCredentialsLoginResponse> {
    return await this.#session.login(options);
  }

  /**
   * Makes a payment order: an address of its own, a price in bitcoin that holds for some minutes, a checkout page. It
   * is sent again only when the first try surely made nothing, so that no order is made twice.
   *
   * @param creation `amount` is a decimal string in the currency of the POS; what is missing is taken from the POS's settings.
   * @returns the order; its `amount` is in **satoshi**, `expires_in` in seconds.
   * @throws ValidationError before anything is sent, when a field is not as the contract wants it; RateUnavailableError
   *   when there is no exchange rate now.
   * @example
   * const order = await client.createPaymentOrder({ amount: '10.00', callback_url: 'https://shop.example/callback' });
   */
  async createPaymentOrder(creation: PaymentOrderCreation, options: CreateOptions = {}): Promise<PaymentOrderCreationResponse> {
    checkCreation(creation, this.#allowHttp);
    return await this.#session.send(createPaymentOrderCall(creation, keyOf(options)), options);
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
  async getPaymentOrder(uuid: string, options: CallOptions = {}): Promise<PaymentOrderRetrieval> {
    checkUuid(uuid);
    return await this.#session.send(getPaymentOrderCall(uuid), options);
  }
}

function keyOf({ idempotencyKey }: CreateOptions): string {
  if (idempotencyKey === undefined) return crypto.randomUUID();
  // Visible ASCII is what a header carries unharmed.
  if (typeof idempotencyKey === 'string' && /^[\x21-\x7e]{1,255}$/.test(idempotencyKey)) return idempotencyKey;
  throw new ConfigurationError('idempotencyKey', '1 to 255 visible ASCII characters', 'something else');
}
