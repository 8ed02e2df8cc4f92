/**
 * The library's fake platform and the gateway share the rules of an order, and each has its own orders, payments and texts around them.
 * Whatever an order lives through, both report the same state and emit the same events.
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

test('the gateway and the fake platform move an order alike through every life', () => {
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
 * The part of a life that the fake platform can have: it knows no source of blocks that stays away, and no block above the tip, which
 * the lives hold while blocks are undone without others in their place.
 */
function untilTheyPart(life: readonly Judgement[]): readonly Judgement[] {
  const isAboveTip = (judgement: Judgement): boolean =>
    judgement.before.payments.some(({ place }) => place.kind === 'block' && place.height > judgement.at.tipHeight);
  const first = life.findIndex((judgement) => judgement.at.now !== judgement.at.chainReadAt || isAboveTip(judgement));
  return first === -1 ? life : life.slice(0, first);
}

/** The order of the gateway, before anything has been paid, as one of the fake platform. */
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

/** Its payments where the chain of the gateway has them; which of them are counted is its own to know. */
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

/** What the gateway says of where an order stands. */
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
