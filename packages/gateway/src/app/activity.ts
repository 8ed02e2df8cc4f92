/**
 * Reports what happens to orders and callbacks while a gateway serves: one report for each order, payment, change of state and
 * attempt to deliver a callback, for a person who watches.
 *
 * Whenever an order may have changed, it is read again and compared with the last report. Nothing is read until somebody listens.
 */
import type { StoredCallback } from '../callbacks/callback.ts';
import { BoundedCache } from '../kernel/bounded-cache.ts';
import { outPointKey } from '../kernel/chain.ts';
import type { Clock, EpochMs } from '../kernel/clock.ts';
import { Emitter } from '../kernel/emitter.ts';
import type { OrderId } from '../kernel/ids.ts';
import { SerialQueue } from '../kernel/serial.ts';
import { formatFiatAmount } from '../orders/fiat.ts';
import type { Order } from '../orders/order.ts';
import { blockchainStatus, resolvedAt, tally } from '../orders/rules.ts';
import type { AttemptEnd } from '../store/ports/attempt-outcome.ts';
import type { Store } from '../store/ports/store.ts';

/** One thing that happened to an order. `order` is its UUID; amounts of bitcoin are in satoshi. */
export type Activity = { readonly order: string } & (
  | {
      readonly kind: 'order';
      /** A decimal string in `currency`. */
      readonly amount: string;
      readonly currency: string;
      readonly satoshi: bigint;
      readonly details: string | null;
    }
  | {
      readonly kind: 'payment';
      readonly satoshi: bigint;
      readonly txid: string;
      /** What the order has received in all, and what it asks for. */
      readonly received: bigint;
      readonly owed: bigint;
    }
  /** `status` is a `blockchain_status`. */
  | { readonly kind: 'status'; readonly status: string }
  | {
      readonly kind: 'callback';
      readonly event: string;
      readonly url: string | null;
      readonly outcome: 'delivered' | 'retry' | 'failed';
      /** The HTTP status of the answer; null when there was none. */
      readonly status: number | null;
      readonly durationMs: number;
      /** Why it was not delivered. */
      readonly error: string | undefined;
    }
);

/** An attempt to deliver a callback. */
export interface AttemptedCallback {
  readonly callback: StoredCallback;
  readonly end: AttemptEnd;
}

interface Sources {
  readonly store: Pick<Store, 'orders' | 'chain'>;
  readonly clock: Clock;
  /** Changes in this process, and those that it hears of from others. */
  readonly ordersChanged: Pick<Emitter<Iterable<OrderId>>, 'on'>;
  readonly callbackAttempted: Emitter<AttemptedCallback>;
  /** Takes the reason when an order cannot be read. */
  readonly failed: (error: unknown) => void;
}

/** What was last reported about an order. */
interface Reported {
  readonly status: string;
  readonly payments: ReadonlySet<string>;
}

const MAX_ORDERS = 1_000;

export class ActivityReports {
  readonly #sources: Sources;
  readonly #reports = new Emitter<Activity>();
  readonly #reported = new BoundedCache<OrderId, Reported>({ maxEntries: MAX_ORDERS, evict: 'least_recently_used' });
  /** Reports follow the order of what happened. */
  readonly #queue = new SerialQueue();
  /** The orders that wait to be read. */
  readonly #waiting = new Set<OrderId>();
  #since: EpochMs | undefined;

  constructor(sources: Sources) {
    this.#sources = sources;
  }

  /** Calls the listener with everything that happens from now on. */
  on(listener: (activity: Activity) => void): void {
    this.#reports.on(listener);
    if (this.#since !== undefined) return;
    const { clock, ordersChanged, callbackAttempted, failed } = this.#sources;
    const since = (this.#since = clock.now());
    ordersChanged.on((ids) => {
      for (const id of ids) {
        // It will be read as it is then.
        if (this.#waiting.has(id)) continue;
        this.#waiting.add(id);
        void this.#queue.run(() => this.#reportOrder(id, since)).catch(failed);
      }
    });
    callbackAttempted.on((attempted) => void this.#queue.run(async () => this.#reports.emit(callbackActivity(attempted))));
  }

  /** Settles when all that has happened is reported. */
  idle(): Promise<void> {
    return this.#queue.idle();
  }

  async #reportOrder(id: OrderId, since: EpochMs): Promise<void> {
    const { store } = this.#sources;
    this.#waiting.delete(id);
    const order = await store.orders.get(id);
    if (order === undefined) return;
    const tipHeight = (await store.chain.tip())?.height ?? 0;
    const before = this.#reported.get(id) ?? reportedBefore(order, since, tipHeight);
    const status = blockchainStatus(order, tipHeight);
    const payments = new Set(order.payments.map(({ outPoint }) => outPointKey(outPoint)));
    this.#reported.set(id, { status, payments });
    if (before === undefined) this.#reports.emit(orderActivity(order));
    for (const payment of order.payments)
      if (before?.payments.has(outPointKey(payment.outPoint)) !== true)
        this.#reports.emit(paymentActivity(order, payment, tipHeight));
    if (status !== (before?.status ?? 'pending')) this.#reports.emit({ kind: 'status', order: id, status });
  }
}

/** What is taken as reported about an order that was made before anybody listened; undefined for a newer one. */
function reportedBefore(order: Order, since: EpochMs, tipHeight: number): Reported | undefined {
  if (order.terms.createdAt >= since) return undefined;
  const resolved = resolvedAt(order.state);
  return {
    status: resolved !== undefined && resolved < since ? blockchainStatus(order, tipHeight) : 'pending',
    payments: new Set(
      order.payments.filter(({ firstSeenAt }) => firstSeenAt < since).map(({ outPoint }) => outPointKey(outPoint)),
    ),
  };
}

function orderActivity({ terms }: Order): Activity {
  return {
    kind: 'order',
    order: terms.id,
    amount: formatFiatAmount(terms.fiat),
    currency: terms.fiat.currency,
    satoshi: terms.amount,
    details: terms.details,
  };
}

function paymentActivity(order: Order, { amount, outPoint }: Order['payments'][number], tipHeight: number): Activity {
  const { id, amount: owed } = order.terms;
  return {
    kind: 'payment',
    order: id,
    satoshi: amount,
    txid: outPoint.txid,
    received: tally(order, tipHeight).seen,
    owed,
  };
}

function callbackActivity({ callback, end }: AttemptedCallback): Activity {
  const { outcome, record } = end;
  return {
    kind: 'callback',
    order: callback.orderId,
    event: callback.event,
    url: callback.url,
    outcome: outcome.kind,
    status: record.status,
    durationMs: record.durationMs,
    error: outcome.kind === 'delivered' ? undefined : outcome.error,
  };
}
