import { BLOCKCHAIN_STATUSES } from '@webpos/sdk/wire';
import { describe, expect, it } from 'vitest';
import { AMOUNT, anOrder, aPayment, CREATED_AT, GONE, IN_MEMPOOL, inBlock, minutes } from '../../test/support/an-order.ts';
import type { OrderState, Payment } from './order.ts';
import { blockchainStatus, orderStatus } from './rules.ts';

const TIP = 100;
const PENDING: OrderState = { status: 'pending', coveredAt: null };
const PAID: OrderState = { status: 'paid', paidAt: minutes(5) };
const DISPUTED: OrderState = { status: 'disputed', paidAt: minutes(5), disputedAt: minutes(9) };
const CHARGED_BACK: OrderState = { ...DISPUTED, status: 'charged_back', chargedBackAt: minutes(60) };
const EXPIRED: OrderState = { status: 'expired', expiredAt: minutes(15), coveredAt: null };
const CANCELLED: OrderState = { status: 'cancelled', cancelledAt: minutes(3) };

const all = AMOUNT;
const half = AMOUNT / 2n;
const inBlocks = inBlock(TIP - 1);
const confirmed = inBlock(TIP - 2);

// The order requires three confirmations.
const table: readonly (readonly [string, OrderState, readonly Payment[], string, string])[] = [
  ['nothing is received', PENDING, [], 'pending', 'pending'],
  ['its payment is reverted', PENDING, [aPayment(1, all, GONE)], 'pending', 'pending'],
  ['a part is in the mempool', PENDING, [aPayment(1, half, IN_MEMPOOL)], 'partial', 'pending'],
  ['all but one satoshi is confirmed', PENDING, [aPayment(1, all - 1n, confirmed)], 'partial', 'pending'],
  ['all is in the mempool', PENDING, [aPayment(1, all, IN_MEMPOOL)], 'mempool_unconfirmed', 'pending'],
  [
    'a half is confirmed and a half in the mempool',
    PENDING,
    [aPayment(1, half, confirmed), aPayment(2, half, IN_MEMPOOL)],
    'mempool_unconfirmed',
    'pending',
  ],
  [
    'all is in blocks and not all is confirmed',
    PENDING,
    [aPayment(1, half, confirmed), aPayment(2, half, inBlocks)],
    'unconfirmed',
    'pending',
  ],
  [
    'all is in blocks, and more in the mempool',
    PENDING,
    [aPayment(1, all, inBlocks), aPayment(2, half, IN_MEMPOOL)],
    'unconfirmed',
    'pending',
  ],
  ['it is paid', PAID, [aPayment(1, all, confirmed)], 'paid', 'paid'],
  ['it is paid and more is coming', PAID, [aPayment(1, all, confirmed), aPayment(2, half, IN_MEMPOOL)], 'paid', 'paid'],
  ['all is still in blocks', DISPUTED, [aPayment(1, all, inBlocks)], 'network_dispute', 'network_dispute'],
  ['all is back in the mempool', DISPUTED, [aPayment(1, all, IN_MEMPOOL)], 'mempool_network_dispute', 'network_dispute'],
  [
    'a half is back in the mempool',
    DISPUTED,
    [aPayment(1, half, confirmed), aPayment(2, half, IN_MEMPOOL)],
    'mempool_network_dispute',
    'network_dispute',
  ],
  ['all is reverted', DISPUTED, [aPayment(1, all, GONE)], 'possible_chargeback', 'network_dispute'],
  [
    'a half is reverted',
    DISPUTED,
    [aPayment(1, half, confirmed), aPayment(2, half, GONE)],
    'possible_chargeback',
    'network_dispute',
  ],
  ['it was charged back', CHARGED_BACK, [aPayment(1, all, GONE)], 'chargeback', 'chargeback'],
  ['it was charged back and all is confirmed again', CHARGED_BACK, [aPayment(1, all, confirmed)], 'chargeback', 'chargeback'],
  ['it has expired', EXPIRED, [], 'expired', 'expired'],
  ['it has expired and all came late', EXPIRED, [aPayment(1, all, confirmed)], 'expired', 'expired'],
  ['it was cancelled', CANCELLED, [aPayment(1, half, IN_MEMPOOL)], 'cancelled', 'cancelled'],
];

describe('the blockchain_status of an order', () => {
  it.each(table)('is right when %s', (_, state, payments, onChain, forTheShop) => {
    const order = anOrder(payments, state, { requiredConfirmations: 3 });
    expect([blockchainStatus(order, TIP), orderStatus(order)]).toEqual([onChain, forTheShop]);
  });

  it('is tested for every value of the contract', () => {
    expect(new Set(table.map(([, , , status]) => status))).toEqual(new Set(BLOCKCHAIN_STATUSES));
  });

  it('does not depend on when the order was covered', () => {
    expect(blockchainStatus(anOrder([], { status: 'pending', coveredAt: CREATED_AT }), TIP)).toBe('pending');
  });
});
