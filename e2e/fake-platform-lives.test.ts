/**
 * The library's fake platform and the gateway share the rules of an order, but have their own orders, payments and JSON.
 * Throughout any life of an order, both must report the same state and emit the same events.
 */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { blockchainStatus, confirmationsOf, orderStatus } from '../packages/gateway/src/orders/rules.ts';
import { formatFiatAmount } from '../packages/gateway/src/orders/fiat.ts';
import { paidParts, type PaidPart } from '../packages/gateway/src/orders/paid-parts.ts';
import type { Order } from '../packages/gateway/src/orders/order.ts';
import { anyLife, type Judgement } from '../packages/gateway/test/support/any-order.ts';
import { cancel, settle } from '../packages/order-rules/src/index.ts';
import { at as fakeAt, type FakeOrder, placeOf } from '../packages/sdk/src/testing/fake-order.ts';
import { orderRetrieval } from '../packages/sdk/src/testing/order-wire.ts';
import type { PaidStatus, PaymentOrderState } from '../packages/sdk/src/wire/index.ts';

const LIVES = Number(process.env['FAKE_LIVES'] ?? 2_000);

test('the gateway and the fake platform treat an order alike through every life', () => {
  const property = fc.property(anyLife, (life) => {
    let order: FakeOrder | undefined;
    for (const judgement of untilTheyPart(life)) {
      const { before, after, at, events } = judgement;
      const found = withPayments(order ?? sameOrder(before), before, at.tipHeight);
      const moved =
        (events.includes('payment.cancelled') ? cancel(found, fakeAt(at.now)) : undefined) ?? settle(found, fakeAt(at.now));
      order = moved.order;
      expect(moved.events).toEqual(events);
      const { state } = orderRetrieval(order, at.now);
      expect(state).toEqual(stateOf(after, at.tipHeight));
    }
  });
  fc.assert(property, { numRuns: LIVES });
});

/**
 * Returns the part of a life that the fake platform supports: it has no source of blocks that stays away, and no block above the
 * tip, which lives contain while blocks are rolled back without replacement.
 */
function untilTheyPart(life: readonly Judgement[]): readonly Judgement[] {
  const isAboveTip = (judgement: Judgement): boolean =>
    judgement.before.payments.some(({ place }) => place.kind === 'block' && place.height > judgement.at.tipHeight);
  const first = life.findIndex((judgement) => judgement.at.now !== judgement.at.chainReadAt || isAboveTip(judgement));
  return first === -1 ? life : life.slice(0, first);
}

/** Converts an unpaid order of the gateway to one of the fake platform. */
function sameOrder({ terms }: Order): FakeOrder {
  return {
    uuid: terms.id,
    terms,
    rate: terms.rate.value,
    urls: { callback_url: null, continue_url: null, cancel_url: null },
    details: null,
    reference: null,
    createdAtMs: terms.createdAt,
    payments: [],
    surplusReported: 0n,
    state: { status: 'pending', coveredAt: null },
  };
}

/** Copies the payments with their places in the gateway's chain; each side keeps its own record of which are counted. */
function withPayments(order: FakeOrder, { payments }: Order, tipHeight: number): FakeOrder {
  const placed = payments.map(({ outPoint, amount, firstSeenAt, place }, index) => ({
    txid: outPoint.txid,
    amount,
    place: placeOf(confirmationsOf(place, tipHeight) ?? null),
    seenAtMs: firstSeenAt,
    counted: order.payments[index]?.counted ?? false,
  }));
  return { ...order, payments: placed };
}

/** Returns the gateway's state of an order. */
function stateOf(order: Order, tipHeight: number): PaymentOrderState {
  const { paid, inConfirmation, unpaid } = paidParts(order, tipHeight);
  const status = ({ crypto, fiat }: PaidPart): PaidStatus => ({ crypto: Number(crypto), fiat: formatFiatAmount(fiat) });
  return {
    status: orderStatus(order),
    blockchain_status: blockchainStatus(order, tipHeight),
    paid: status(paid),
    in_confirmation: status(inConfirmation),
    unpaid: status(unpaid),
  };
}
