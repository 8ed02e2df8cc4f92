/** Each check of the model finds what it is for, and nothing in a history that is right. */
import { describe, expect, it, test } from 'vitest';
import type { BlockHash } from '../../src/kernel/chain.ts';
import { parseId, type OrderId } from '../../src/kernel/ids.ts';
import { sats } from '../../src/kernel/sats.ts';
import type { Order } from '../../src/orders/order.ts';
import type { UnassignedPayment } from '../../src/orders/unassigned-payment.ts';
import { parseAccount } from '../../src/wallet/descriptor/parse-account.ts';
import { anOrder, AMOUNT, aPayment, CREATED_AT, IN_MEMPOOL, minutes } from '../support/an-order.ts';
import { MerchantKey } from '../support/merchant-key.ts';
import { findViolations, type Observed } from './find-violations.ts';
import { Ledger, type AcknowledgedOrder } from './ledger.ts';
import { Wallet } from './wallet.ts';

const account = parseAccount({ xpub: new MerchantKey(5).xpub }, 'regtest');
const TIP = 'b'.repeat(64) as BlockHash;
const CONFIRMED = { kind: 'block', height: 5, hash: TIP } as const;
const idOf = (n: number): OrderId => parseId(`0b0e6a3c-2a58-4a57-9f0a-1c1a4f1f9d${n.toString(16).padStart(2, '0')}`);

function orderAt(index: number, order: Order): Order {
  const { address, script } = account.receive(index);
  return {
    ...order,
    terms: { ...order.terms, id: idOf(index), addressIndex: index, address, script, reference: `key ${index}` },
  };
}

const paid = orderAt(0, anOrder([aPayment(1, AMOUNT, CONFIRMED, true)], { status: 'paid', paidAt: minutes(1) }));
const open = orderAt(1, anOrder());
const cancelled = orderAt(2, anOrder([], { status: 'cancelled', cancelledAt: minutes(2) }));

function acknowledged(order: Order, at: number): AcknowledgedOrder {
  const { id, address, amount, reference } = order.terms;
  return { id, address, amount, reference: reference ?? '', by: 'gw0', sentAt: at, answeredAt: at + 1 };
}

const arrival = (id: string, order: Order, event: string, at: number): Observed['arrivals'][number] => ({
  id,
  orderId: order.terms.id,
  event,
  body: `{"event":"${event}"}`,
  at,
});

/** A history in which everything is right: a paid, an open and a cancelled order, and an acknowledged one that a failover has lost. */
function right(): Observed {
  const ledger = new Ledger();
  ledger.orders.push(acknowledged(paid, 10), acknowledged(open, 20), acknowledged(cancelled, 30));
  const lost = orderAt(3, anOrder());
  ledger.orders.push(acknowledged(lost, 100_000));
  ledger.cancels.push({ id: cancelled.terms.id, sentAt: 40, answeredAt: 41 });
  const { script, terms } = { script: account.receive(3).script, terms: lost.terms };
  const unassigned: UnassignedPayment = {
    ...aPayment(2, 7_000n, IN_MEMPOOL),
    accountId: terms.accountId,
    addressIndex: 3,
    address: terms.address,
    script,
    acknowledged: null,
  };
  const outputs = [
    [paid.terms.script, aPayment(1, AMOUNT, CONFIRMED), `block ${TIP}`],
    [script, aPayment(2, 7_000n, IN_MEMPOOL), 'mempool'],
  ] as const;
  return {
    stored: {
      orders: [paid, open, cancelled],
      unassigned: [unassigned],
      events: [
        { id: 'e1', orderId: paid.terms.id, event: 'payment.completed', status: 'delivered' },
        { id: 'e2', orderId: cancelled.terms.id, event: 'payment.cancelled', status: 'delivered' },
      ],
      tip: { height: 5, hash: TIP },
      nextIndex: 4,
      terms: [
        { term: 1, by: 'gw0' },
        { term: 3, by: 'gw1' },
      ],
      writes: [],
    },
    truth: {
      height: 5,
      tip: TIP,
      outputs: new Map(
        outputs.map(([to, { outPoint, amount }, place]) => [`${outPoint.txid}:${outPoint.vout}`, { script: to, amount, place }]),
      ),
    },
    ledger,
    arrivals: [arrival('e1', paid, 'payment.completed', 50), arrival('e2', cancelled, 'payment.cancelled', 60)],
    lost: [{ from: 99_000, to: 101_000 }],
    wallet: new Wallet(account.descriptor),
    reigns: [
      { by: 'gw0', term: 1, from: 0, until: 10_000 },
      { by: 'gw1', term: 3, from: 9_000, until: undefined },
    ],
    nowMs: 200_000,
    now: CREATED_AT + 60_000,
  };
}

type Change = (observed: Observed) => Partial<Observed>;
const withOrders =
  (change: (orders: readonly Order[]) => readonly Order[]): Change =>
  ({ stored }) => ({ stored: { ...stored, orders: change(stored.orders) } });
const withPaid = (change: (order: Order) => Partial<Order>): Change =>
  withOrders((orders) => orders.map((order) => (order === paid ? { ...order, ...change(order) } : order)));
const withStored =
  (change: (stored: Observed['stored']) => Partial<Observed['stored']>): Change =>
  ({ stored }) => ({ stored: { ...stored, ...change(stored) } });

const FINDINGS: readonly (readonly [what: string, change: Change, saying: RegExp])[] = [
  ['an order that is lost without a failover', () => ({ lost: [] }), /is lost$/],
  [
    'an order with another address',
    withOrders(([a, ...more]) => [{ ...a, terms: { ...a!.terms, address: 'x' } } as Order, ...more]),
    /is stored with x/,
  ],
  [
    'a key that created two orders',
    withOrders((orders) => [
      ...orders,
      { ...orderAt(4, anOrder()), terms: { ...orderAt(4, anOrder()).terms, reference: 'key 1' } },
    ]),
    /the key key 1 has created/,
  ],
  [
    'a cancelled order that goes on',
    withOrders(([a, b]) => [a!, b!, orderAt(2, anOrder())]),
    /acknowledged as cancelled, and is pending/,
  ],
  [
    'an address of a lost order that another one gets',
    withOrders((orders) => [...orders, { ...orderAt(3, anOrder()), terms: { ...orderAt(3, anOrder()).terms, id: idOf(9) } }]),
    /the address \S+ was given to the orders/,
  ],
  [
    'an index that two orders have',
    withOrders((orders) => [...orders, { ...orderAt(4, anOrder()), terms: { ...orderAt(4, anOrder()).terms, addressIndex: 1 } }]),
    /index 1 was given to the orders/,
  ],
  ['a payment that nobody recorded', withStored(() => ({ unassigned: [] })), /to an order that is lost, is not recorded/],
  [
    'a payment to a lost order that is credited to another one',
    withStored(({ orders }) => ({
      unassigned: [],
      orders: orders.map((order) => (order === open ? { ...order, payments: [aPayment(2, 7_000n, IN_MEMPOOL)] } : order)),
    })),
    /pays another address/,
  ],
  [
    'a payment that is recorded twice',
    withStored(({ unassigned }) => ({
      unassigned: [...unassigned, { ...unassigned[0]!, ...aPayment(1, AMOUNT, CONFIRMED), script: paid.terms.script }],
    })),
    /is recorded in order \S+ and in the unassigned/,
  ],
  [
    'a payment with another amount',
    withPaid(() => ({ payments: [aPayment(1, AMOUNT + 1n, CONFIRMED, true)], surplusReported: sats(1n) })),
    /recorded with 100001 of 100000 sat/,
  ],
  [
    'a payment in another place',
    withPaid(() => ({ payments: [aPayment(1, AMOUNT, { kind: 'gone', reason: { kind: 'dropped' } }, true)] })),
    /is gone, and the node has it in block/,
  ],
  [
    'a payment that is gone and counts',
    ({ truth }) => ({ truth: { ...truth, outputs: new Map([...truth.outputs].slice(1)) } }),
    /, and is gone$/,
  ],
  [
    'an order that should be settled',
    withPaid(() => ({ state: { status: 'pending', coveredAt: null } })),
    /is pending, and should be paid/,
  ],
  ['a chain that is behind', withStored(() => ({ tip: undefined })), /the stored tip is undefined/],
  [
    'an order that expired early',
    withOrders(([a, , c]) => [a!, orderAt(1, anOrder([], { status: 'expired', expiredAt: minutes(14), coveredAt: null })), c!]),
    /expired before its time/,
  ],
  ['a state without its event', withStored(({ events }) => ({ events: events.slice(1) })), /is paid, and was reported as: $/],
  [
    'an event that never arrived',
    ({ arrivals }) => ({ arrivals: arrivals.slice(1) }),
    /e1 \(payment.completed\) of order \S+ never arrived/,
  ],
  [
    'events in the wrong order',
    ({ stored, arrivals }) => ({
      stored: {
        ...stored,
        events: [...stored.events, { id: 'e3', orderId: paid.terms.id, event: 'payment.overpaid', status: 'delivered' }],
      },
      arrivals: [arrival('e3', paid, 'payment.overpaid', 45), ...arrivals],
    }),
    /arrived before an earlier one/,
  ],
  [
    'an event with two contents',
    ({ arrivals }) => ({ arrivals: [...arrivals, { ...arrivals[0]!, body: '{}' }] }),
    /e1 arrived with two contents/,
  ],
  [
    'an event that is not stored',
    ({ arrivals }) => ({ arrivals: [...arrivals, arrival('e9', open, 'payment.completed', 70)] }),
    /e9 .* arrived, and is not stored/,
  ],
  [
    'a term that begins twice',
    withStored(({ terms }) => ({ terms: [...terms, { term: 3, by: 'gw2' }] })),
    /gw2 began term 3 after term 3/,
  ],
  [
    'a write under the term of another process',
    withStored(() => ({ writes: [{ by: 'gw0', term: 3, leader: 'gw1' }] })),
    /gw0 moved the chain or a payment in term 3, which gw1 had begun/,
  ],
  [
    'a process that believes too long that it leads',
    ({ reigns }) => ({ reigns: reigns.map((reign) => ({ ...reign, until: undefined })) }),
    /gw0 \(term 1\) and gw1 \(term 3\) both led for 191000 ms/,
  ],
  ['a wrong answer', ({ ledger }) => ({ ledger: Object.assign(new Ledger(), ledger, { wrong: ['wrong'] }) }), /^wrong$/],
];

test('a history that is right has no violations', () => {
  expect(findViolations(right())).toEqual([]);
});

describe('the model finds', () => {
  it.each(FINDINGS)('%s', (_, change, saying) => {
    const observed = right();
    const found = findViolations({ ...observed, ...change(observed) });
    expect(found).toContainEqual(expect.stringMatching(saying));
  });
});
