import { settle } from '@webpos/order-rules';
import {
  type BlockchainStatus,
  CALLBACK_EVENTS,
  type CallbackBody,
  type CallbackEvent,
  type CallbackPaymentOrder,
  type PaymentOrderRetrieval,
} from '../wire/index.ts';
import { at, type FakeOrder, type Moved } from './fake-order.ts';
import { triggerEvent, withConfirmations, withPayment } from './moves.ts';
import { callbackBody, orderRetrieval } from './order-wire.ts';

const CREATED_AT_MS = Date.parse('2026-11-23T18:00:00.000Z');
const MINUTE_MS = 60_000;
/** The time of a sample's last change. */
const NOW_MS = CREATED_AT_MS + 5 * MINUTE_MS;

const PENDING: FakeOrder = {
  uuid: '0b7bd9b9-2a4f-4c0e-9f4b-1d9b6f8f2a11',
  terms: {
    amount: 16_667n,
    tolerance: 0n,
    fiat: { minorUnits: 1000n },
    requiredConfirmations: 3,
    expiresAt: CREATED_AT_MS + 15 * MINUTE_MS,
    settlementTimeoutMs: 0,
    chargebackTimeoutMs: 24 * 60 * MINUTE_MS,
  },
  rate: '60000.00',
  urls: {
    callback_url: 'https://shop.example/callback',
    continue_url: 'https://shop.example/thanks',
    cancel_url: 'https://shop.example/cancelled',
  },
  details: 'Two coffees',
  reference: 'cart 42',
  createdAtMs: CREATED_AT_MS,
  payments: [],
  surplusReported: 0n,
  state: { status: 'pending', coveredAt: null },
};

/**
 * Returns a sample order of ten euros with a status of your choice, as a read returns it. Its fields are consistent, and the same
 * at every call.
 *
 * @param status one of the eleven blockchain statuses.
 * @param overrides fields to replace.
 * @throws RangeError if the status does not exist.
 * @example
 * const order = samplePaymentOrder('partial', { reference: 'cart 7' });
 */
export function samplePaymentOrder(
  status: BlockchainStatus = 'pending',
  overrides: Partial<PaymentOrderRetrieval> = {},
): PaymentOrderRetrieval {
  return { ...orderRetrieval(orderThatIs(status), NOW_MS), ...overrides };
}

/**
 * Returns a sample callback: the event, and the order of {@link samplePaymentOrder} after it.
 *
 * @param overrides fields to replace; those of `object` replace fields of the order.
 * @throws RangeError if the event does not exist.
 * @example
 * const body = JSON.stringify(sampleCallback('payment.expired', { object: { uuid: order.uuid } }));
 */
export function sampleCallback<Event extends CallbackEvent>(
  event: Event,
  overrides: { created_at?: string; object?: Partial<CallbackPaymentOrder> } = {},
): CallbackBody & { event: Event } {
  const { object, ...rest } = overrides;
  const body = callbackBody(event, orderAfter(event), NOW_MS);
  return { ...body, event, ...rest, object: { ...body.object, ...object } };
}

/** What has to happen before an event that does not follow a pending order. */
const EARLIER: Readonly<Partial<Record<CallbackEvent, readonly CallbackEvent[]>>> = {
  'payment.dispute.start': ['payment.completed'],
  'payment.dispute.end': ['payment.completed', 'payment.dispute.start'],
  'payment.chargeback': ['payment.completed', 'payment.dispute.start'],
};

function orderAfter(event: CallbackEvent): FakeOrder {
  if (event === 'payment.transaction.changed') return orderThatIs('mempool_unconfirmed');
  // A refund does not change its order.
  if (event.startsWith('payment.refund.')) return orderThatIs('paid');
  if (CALLBACK_EVENTS.includes(event)) return after(...(EARLIER[event] ?? []), event);
  throw new RangeError(`event: expected one from the contract, got ${JSON.stringify(event)}`);
}

const ORDERS: Readonly<Record<BlockchainStatus, () => FakeOrder>> = {
  pending: () => PENDING,
  partial: () => seen(10_000n, 0),
  mempool_unconfirmed: () => seen(PENDING.terms.amount, 0),
  unconfirmed: () => seen(PENDING.terms.amount, 1),
  paid: () => after('payment.completed'),
  cancelled: () => after('payment.cancelled'),
  expired: () => after('payment.expired'),
  network_dispute: () => paidThenWith(1),
  mempool_network_dispute: () => paidThenWith(0),
  possible_chargeback: () => paidThenWith(null),
  chargeback: () => orderAfter('payment.chargeback'),
};

function orderThatIs(status: BlockchainStatus): FakeOrder {
  if (Object.hasOwn(ORDERS, status)) return ORDERS[status]();
  throw new RangeError(`status: expected one from the contract, got ${JSON.stringify(status)}`);
}

function paidThenWith(confirmations: number | null): FakeOrder {
  return settled(withConfirmations(after('payment.completed'), confirmations));
}

function seen(sats: bigint, confirmations: number): FakeOrder {
  return settled(withPayment(PENDING, sats, confirmations, NOW_MS));
}

function settled(order: FakeOrder): FakeOrder {
  return settle(order, at(NOW_MS)).order;
}

function after(...events: CallbackEvent[]): FakeOrder {
  // Never undefined, because the events in this file can follow one another.
  return events.reduce((order, event) => (triggerEvent(order, event, NOW_MS) as Moved).order, PENDING);
}
