import { withCallerFrames } from '#runtime';
import type { WithAnswer } from '../http/with-answer.ts';
import { type ApiRequest, ORDER_SHAPE, orderRequest, type RequestMethod } from './api-request.ts';
import { checkFields } from '../checks/check-fields.ts';
import { checkCreation } from './check-creation.ts';
import { listQuery, type PaymentOrderQuery } from './list-query.ts';
import { type CallOptions, type CreateOptions, type LoginOptions, parseIdempotencyKey } from '../options/call-options.ts';
import { customRequest } from './custom-request.ts';
import { isContractName, type Rules, describeValue } from '../checks/value-rules.ts';
import { SESSION, type Session, sessionOf } from './session-of.ts';
import type { TestEventResult } from './test-event.ts';
import type {
  CallbackList,
  ClientCredentialsLoginResponse,
  PaymentOrderCreation,
  PaymentOrderCreationResponse,
  PaymentOrderDeletionResponse,
  PaymentOrderList,
  PaymentOrderRetrieval,
  PaymentUpdateObject,
} from '../wire/index.ts';

const UPDATE_RULES: Rules<PaymentUpdateObject> = { callback: [isContractName, 'a name of the contract', describeValue, true] };

/** The calls of the API, on a `Client` and on `client.withAnswer`. */
export class ApiCalls {
  /**
   * Logs in and stores the token for later calls. It is optional, because every call logs in when needed, but it is a good first
   * check of a client id and a secret.
   *
   * Concurrent calls share one login. The login has the timeout and the retries of the client; `options` limit only how long this
   * call waits for it.
   *
   * @returns the token, and its life in seconds.
   * @throws UnauthorizedClientError if the client id is unknown or the secret is wrong.
   * @example
   * const { expires_in } = await client.clientCredentialsLogin();
   */
  clientCredentialsLogin(options: LoginOptions = {}): Promise<ClientCredentialsLoginResponse> {
    return finish(this, (session) => session.login(options));
  }

  /**
   * Creates a payment order: an address of its own, a price in bitcoin that is fixed for some minutes, and a checkout page.
   *
   * A call never creates two orders. All its attempts carry the same `Idempotency-Key`: a new UUID, or `options.idempotencyKey`.
   * A server that honours the key, as the WebPOS gateway does for 24 hours, says so when it issues the token; with it, the call
   * is retried like a read, after a broken connection, a 429 or a 5xx. With any other server it is retried only if the first
   * attempt surely created nothing; after any other failure an order may exist.
   *
   * @param creation `amount` is a decimal string in the currency of the POS. Omitted fields default to the settings of the POS.
   * @returns the order; its `amount` is in **satoshi**, `expires_in` in seconds.
   * @throws ValidationError before anything is sent, if a field violates the contract; RateUnavailableError if there is no
   *   exchange rate at present.
   * @example
   * const order = await client.createPaymentOrder({ amount: '10.00', callback_url: 'https://shop.example/callback' });
   */
  createPaymentOrder(creation: PaymentOrderCreation, options: CreateOptions = {}): Promise<PaymentOrderCreationResponse> {
    return send<PaymentOrderCreationResponse>(this, options, ({ allowHttp }) => {
      checkCreation(creation, allowHttp);
      return {
        method: 'POST',
        path: '/payment-order',
        body: JSON.stringify(creation),
        // Makes the call repeatable if the server honours the key; the platform may not.
        idempotencyKey: parseIdempotencyKey(options),
        repeatable: false,
        answer: { uuid: 'string', address: 'string', uri: 'string', amount: 'number' },
      };
    });
  }

  /**
   * Reads one page of the orders of the POS, newest first. To read all pages, use `listPaymentOrders`.
   *
   * @returns the page, with `total_items` and `total_pages` of the whole list; an order's `amount` is in **fiat**.
   * @throws ValidationError before anything is sent, if a field of the query is wrong.
   * @example
   * const { paymentorders } = await client.getPaymentOrders({ status: 'paid', pageSize: 40 });
   */
  getPaymentOrders(query: PaymentOrderQuery = {}, options?: CallOptions): Promise<PaymentOrderList> {
    return send<PaymentOrderList>(this, options, () => ({
      method: 'GET',
      path: '/payment-order',
      query: listQuery(query),
      repeatable: true,
      answer: { total_items: 'number', total_pages: 'number', paymentorders: 'objects' },
    }));
  }

  /**
   * Reads a payment order.
   *
   * @param uuid the order's id, from `createPaymentOrder` or a callback.
   * @returns the order; its `amount` is in **fiat**, `btc_amount` in satoshi.
   * @throws NotFoundError if this client has no such order; ValidationError if `uuid` is not a UUID.
   * @example
   * const { state } = await client.getPaymentOrder(order.uuid, { timeoutMs: 3000 });
   * if (state.status === 'paid') ship();
   */
  getPaymentOrder(uuid: string, options?: CallOptions): Promise<PaymentOrderRetrieval> {
    return send<PaymentOrderRetrieval>(this, options, () => orderRequest('GET', uuid, '', ORDER_SHAPE));
  }

  /**
   * Cancels a pending order. Its callback reports `payment.cancelled`.
   *
   * @returns the URL to send the buyer to.
   * @throws NotFoundError if this client has no such order, or the order is paid or in a final state.
   * @example
   * const { cancel_url } = await client.deletePaymentOrder(order.uuid);
   */
  deletePaymentOrder(uuid: string, options?: CallOptions): Promise<PaymentOrderDeletionResponse> {
    // Repeatable, because a cancelled order gives the same answer again.
    return send<PaymentOrderDeletionResponse>(this, options, () => orderRequest('DELETE', uuid, '', { cancel_url: 'string' }));
  }

  /**
   * Reads which events can follow from the current state of an order, for `paymentUpdate` (sandbox).
   *
   * @throws NotFoundError if this client has no such order.
   * @example
   * const { callbacks } = await client.getCallbacks(order.uuid);
   */
  getCallbacks(uuid: string, options?: CallOptions): Promise<CallbackList> {
    return send<CallbackList>(this, options, () => orderRequest('GET', uuid, '/callbacks', { callbacks: 'objects' }));
  }

  /**
   * Resets an order to pending, with nothing paid (sandbox).
   *
   * @returns the order; its `amount` is in **fiat**, `btc_amount` in satoshi.
   * @throws NotFoundError if this client has no such order, or the server is not a sandbox.
   * @example
   * await client.paymentReset(order.uuid);
   */
  paymentReset(uuid: string, options?: CallOptions): Promise<PaymentOrderRetrieval> {
    return send<PaymentOrderRetrieval>(this, options, () => orderRequest('PATCH', uuid, '/test/reset', ORDER_SHAPE));
  }

  /**
   * Triggers an event and its callback without a payment in bitcoin (sandbox).
   *
   * @throws InvalidCallbackError if the event cannot follow from the current state of the order; NotFoundError if this client
   *   has no such order, or the server is not a sandbox.
   * @example
   * await client.paymentUpdate(order.uuid, { callback: 'payment.completed' });
   */
  paymentUpdate(uuid: string, update: PaymentUpdateObject, options?: CallOptions): Promise<void> {
    return send<void>(this, options, () => {
      const call = orderRequest<void>('PATCH', uuid, '/test/');
      checkFields(update, { ...call, name: 'update', rules: UPDATE_RULES, isOpen: true });
      // Most events cannot follow themselves.
      return { ...call, body: JSON.stringify(update), repeatable: false };
    });
  }

  /**
   * Makes the gateway send a signed test event to the callback URL of the POS, once: a `payment.expired` of an order that does
   * not exist. WebPOS gateways have this call; the public platform does not.
   *
   * @returns the outcome, within 10 seconds; `duration_ms` is in milliseconds.
   * @throws ValidationError if the POS has no callback URL; TooManyRequestsError while another test event is under way, and
   *   after ten in a minute.
   * @example
   * const { status, error } = await client.sendTestEvent({ timeoutMs: 15_000 });
   * if (error !== null) console.error(`the callback endpoint answered ${status}: ${error}`);
   */
  sendTestEvent(options?: CallOptions): Promise<TestEventResult> {
    return send<TestEventResult>(this, options, () => ({
      method: 'POST',
      path: '/events/test',
      repeatable: false,
      answer: { uuid: 'string' },
    }));
  }

  /**
   * Sends any other request to the API with the login, the time limits and the errors of this client. GET, PUT and DELETE are
   * retried like reads; POST and PATCH only if the first attempt surely had no effect. To create an order, use
   * `createPaymentOrder`, which alone sends an `Idempotency-Key`.
   *
   * @param path begins with `/`, percent-encoded, with the query; errors never contain the query.
   * @param body sent as JSON; not allowed with GET.
   * @returns the parsed JSON object, unchecked; undefined if the body is empty.
   * @throws ValidationError before anything is sent, if the path is not percent-encoded, or a GET has a body.
   * @example
   * const { events } = await client.request<{ events: unknown[] }>('GET', '/events?limit=1');
   */
  request<T = unknown>(method: RequestMethod, path: string, body?: unknown, options?: CallOptions): Promise<T> {
    return send<T>(this, options, () => customRequest(method, path, body));
  }
}

/**
 * The calls of a client, resolving to the data together with the status, the headers and the request id.
 *
 * @example
 * const { data, answer } = await client.withAnswer.getPaymentOrder(uuid);
 * log.info({ requestId: answer.requestId, status: data.state.status });
 */
export type AnsweringClient = {
  readonly [Name in keyof ApiCalls as Exclude<Name, 'request'>]: ApiCalls[Name] extends (...args: infer Args) => Promise<infer T>
    ? (...args: Args) => Promise<WithAnswer<T>>
    : never;
} & {
  /** Sends any other request, as `client.request` does. */
  request<T = unknown>(method: RequestMethod, path: string, body?: unknown, options?: CallOptions): Promise<WithAnswer<T>>;
};

/** A session, and what its calls resolve to. */
interface BoundSession extends Session {
  resolve<T>(answered: WithAnswer<T>): unknown;
}

/** Binds calls to a session. The property is not enumerable, so that it is not logged by accident. */
export function bindCalls(calls: ApiCalls, session: Session, resolve: BoundSession['resolve']): void {
  // A symbol instead of a private field, which a `Proxy` around a client could not read.
  Object.defineProperty(calls, SESSION, { value: { ...session, resolve }, configurable: true });
}

/** Sends a request; an invalid one rejects the promise instead of throwing. */
function send<T>(calls: ApiCalls, options: CallOptions = {}, makeRequest: (session: Session) => ApiRequest<T>): Promise<T> {
  return finish(calls, (session) => session.send(makeRequest(session), options));
}

async function finish<T>(calls: ApiCalls, begin: (session: Session) => Promise<WithAnswer<T>>): Promise<T> {
  const session = sessionOf(calls) as BoundSession;
  try {
    return session.resolve(await begin(session)) as T;
  } catch (error) {
    throw withCallerFrames(error);
  }
}
