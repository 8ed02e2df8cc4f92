import { withCallerFrames } from '#runtime';
import type { WithAnswer } from '../http/with-answer.ts';
import { type ApiRequest, ORDER_SHAPE, orderRequest, type RequestMethod } from './api-request.ts';
import { checkFields } from '../checks/check-fields.ts';
import { checkCreation } from './check-creation.ts';
import { listQuery, type PaymentOrderQuery } from './list-query.ts';
import { type CallOptions, type CreateOptions, type LoginOptions, parseIdempotencyKey } from '../options/call-options.ts';
import { customRequest } from './custom-request.ts';
import { isContractName, type Rules, describeValue } from '../checks/value-rules.ts';
import { SESSION, type Session, sessionOf } from './session.ts';
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

/** The calls of the API. A `Client` has them, and `client.withAnswer` too. */
export class ApiCalls {
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
  clientCredentialsLogin(options: LoginOptions = {}): Promise<ClientCredentialsLoginResponse> {
    return finish(this, (session) => session.login(options));
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
  createPaymentOrder(creation: PaymentOrderCreation, options: CreateOptions = {}): Promise<PaymentOrderCreationResponse> {
    return send<PaymentOrderCreationResponse>(this, options, ({ allowHttp }) => {
      checkCreation(creation, allowHttp);
      return {
        method: 'POST',
        path: '/payment-order',
        body: JSON.stringify(creation),
        // By it a server that honours it recognises a repetition; the platform's might not.
        idempotencyKey: parseIdempotencyKey(options),
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
   * @param uuid the order's id, as `createPaymentOrder` and callbacks give it.
   * @returns the order; its `amount` is in **fiat**, `btc_amount` in satoshi.
   * @throws NotFoundError when this client has no such order; ValidationError when `uuid` is not one.
   * @example
   * const { state } = await client.getPaymentOrder(order.uuid, { timeoutMs: 3000 });
   * if (state.status === 'paid') ship();
   */
  getPaymentOrder(uuid: string, options?: CallOptions): Promise<PaymentOrderRetrieval> {
    return send<PaymentOrderRetrieval>(this, options, () => orderRequest('GET', uuid, '', ORDER_SHAPE));
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
    // An order that is cancelled already answers as before.
    return send<PaymentOrderDeletionResponse>(this, options, () => orderRequest('DELETE', uuid, '', { cancel_url: 'string' }));
  }

  /**
   * Reads which events can follow from the present state of an order, for `paymentUpdate` (sandbox).
   *
   * @throws NotFoundError when this client has no such order.
   * @example
   * const { callbacks } = await client.getCallbacks(order.uuid);
   */
  getCallbacks(uuid: string, options?: CallOptions): Promise<CallbackList> {
    return send<CallbackList>(this, options, () => orderRequest('GET', uuid, '/callbacks', { callbacks: 'objects' }));
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
    return send<PaymentOrderRetrieval>(this, options, () => orderRequest('PATCH', uuid, '/test/reset', ORDER_SHAPE));
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
    return send<void>(this, options, () => {
      const call = orderRequest<void>('PATCH', uuid, '/test/');
      checkFields(update, { ...call, name: 'update', rules: UPDATE_RULES, isOpen: true });
      // An event that has come about can seldom come about again.
      return { ...call, body: JSON.stringify(update), repeatable: false };
    });
  }

  /**
   * Has the gateway send a signed test event to the callback URL of the POS, now and once: a `payment.expired` of an order that
   * does not exist. WebPOS gateways have this call, and the public platform does not.
   *
   * @returns what came of it, within 10 seconds; `duration_ms` is in milliseconds.
   * @throws ValidationError when the POS has no callback URL; TooManyRequestsError while
   *   another test event is under way, and after ten in a minute.
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
   * Sends any other request to the API, as the other calls do: with the login, the time limits and the errors of this client.
   * GET, PUT and DELETE are repeated as reads are; POST and PATCH only when the first attempt surely did nothing. Orders are
   * made by `createPaymentOrder`, which alone sends an `Idempotency-Key`.
   *
   * @param path from `/`, escaped, with its query; errors never show the query.
   * @param body sent as JSON; refused for GET.
   * @returns the JSON object of the answer, which is not checked; undefined when the answer is empty.
   * @throws ValidationError before anything is sent, when the path cannot be sent as it is, and for the body of a GET.
   * @example
   * const { events } = await client.request<{ events: unknown[] }>('GET', '/events?limit=1');
   */
  request<T = unknown>(method: RequestMethod, path: string, body?: unknown, options?: CallOptions): Promise<T> {
    return send<T>(this, options, () => customRequest(method, path, body));
  }
}

/**
 * The calls, answered with the status, the headers and the request id beside the data.
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

/** A session, and what calls resolve to out of the data and the answer that brought it. */
interface BoundSession extends Session {
  resolve<T>(answered: WithAnswer<T>): unknown;
}

/** Lets calls be sent by a session. It is not enumerable, so that no log holds it by accident. */
export function bindCalls(calls: ApiCalls, session: Session, resolve: BoundSession['resolve']): void {
  // By a symbol rather than a private field, which no `Proxy` around a client could read.
  Object.defineProperty(calls, SESSION, { value: { ...session, resolve }, configurable: true });
}

/** An invalid call rejects its promise; nothing is thrown at the caller's line. */
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
