/** Checks the lives of orders, driven by the test endpoints and by the chain, and their callbacks. */
import { setTimeout as sleep } from 'node:timers/promises';
import { CALLBACK_EVENTS, type BlockchainStatus, type CallbackEvent, type OrderStatus } from '@webpos/sdk/wire';
import { PaymentOrderRetrievalSchema } from '../../src/api/schemas/order.ts';
import { CallbackListSchema } from '../../src/api/schemas/sandbox.ts';
import { checkCallbacks } from './callbacks.ts';
import { partInFiat } from './exact-money.ts';
import { checkOrder } from './order-rules.ts';
import { createOrder, readOrder } from './orders.ts';
import type { Probe } from './probe.ts';
import type { ChainControl, DeliveryLog } from './target.ts';

const TIMEOUT_MS = 5_000;

type Step = readonly [event: CallbackEvent, then: OrderStatus];
interface Life {
  readonly steps: readonly Step[];
  /** All callbacks, in order. */
  readonly reported: readonly CallbackEvent[];
}
const COMPLETED: Step = ['payment.completed', 'paid'];
const DISPUTED: Step = ['payment.dispute.start', 'network_dispute'];
const LIVES: readonly Life[] = [
  { steps: [COMPLETED], reported: ['payment.completed'] },
  { steps: [['payment.overpaid', 'paid']], reported: ['payment.completed', 'payment.overpaid'] },
  {
    steps: [
      ['payment.cancelled', 'cancelled'],
      ['payment.overpaid', 'cancelled'],
    ],
    reported: ['payment.cancelled', 'payment.overpaid'],
  },
  {
    steps: [
      ['payment.expired', 'expired'],
      ['payment.overpaid', 'expired'],
    ],
    reported: ['payment.expired', 'payment.overpaid'],
  },
  {
    steps: [COMPLETED, DISPUTED, ['payment.dispute.end', 'paid']],
    reported: ['payment.completed', 'payment.dispute.start', 'payment.dispute.end'],
  },
  {
    steps: [COMPLETED, DISPUTED, ['payment.chargeback', 'chargeback']],
    reported: ['payment.completed', 'payment.dispute.start', 'payment.chargeback'],
  },
];

export interface LifeContext {
  readonly probe: Probe;
  readonly token: string;
  readonly secret: string;
  readonly receiver: DeliveryLog;
  /** The values of `blockchain_status` seen so far. */
  readonly seen: Set<BlockchainStatus>;
}

export async function checkLives(context: LifeContext): Promise<void> {
  const { probe, token, secret, receiver, seen } = context;
  for (const { steps, reported } of LIVES) {
    const uuid = await createOrder(probe, token, { amount: '33.33', callback_url: receiver.url });
    if (uuid === undefined) return;
    for (const [event, then] of steps) {
      await checkPossible(context, uuid, event);
      const answer = await probe.ask('PATCH', `/payment-order/${uuid}/test/`, { token, body: { callback: event } });
      if (answer.status !== 200 || answer.text !== '{}')
        probe.found(
          `${event} on a ${steps.map(([name]) => name).join(', ')}`,
          `expected 200 and {}, got ${answer.status} ${answer.text}`,
        );
      const order = await readOrder(probe, token, uuid);
      if (order === undefined) return;
      seen.add(order.state.blockchain_status);
      probe.same(`after ${event}`, 'state.status', order.state.status, then);
      if (event === 'payment.completed') {
        probe.same('an exactly paid order', 'paid.fiat', order.state.paid?.fiat, order.amount);
        if (!/^0(?:\.0+)?$/.test(order.state.unpaid?.fiat ?? ''))
          probe.found('a paid order', `unpaid.fiat: ${order.state.unpaid?.fiat}`);
      }
    }
    await checkCallbacks(probe, receiver, secret, uuid, reported);
  }
  await checkReset(context);
}

/** Checks that the list of possible events contains the next one, and that the events not listed are refused. */
async function checkPossible({ probe, token }: LifeContext, uuid: string, next: CallbackEvent): Promise<void> {
  const list = await probe.expect(200, CallbackListSchema, 'GET', `/payment-order/${uuid}/callbacks`, { token });
  const possible = list?.body.callbacks.map(({ name }) => name) ?? [];
  if (!possible.includes(next)) probe.found('GET callbacks', `${next} is not among ${possible.join(', ')}`);
  for (const event of CALLBACK_EVENTS)
    if (!possible.includes(event))
      await probe.refused('0013', 'PATCH', `/payment-order/${uuid}/test`, { token, body: { callback: event } });
  await probe.refused('0013', 'PATCH', `/payment-order/${uuid}/test/`, { token, body: { callback: 'payment.unheard' } });
  for (const body of [{}, { callback: null }, { callback: 7 }])
    await probe.refused('0001', 'PATCH', `/payment-order/${uuid}/test/`, { token, body });
}

async function checkReset({ probe, token, receiver }: LifeContext): Promise<void> {
  const uuid = await createOrder(probe, token, { amount: '10.00', callback_url: receiver.url });
  if (uuid === undefined) return;
  await probe.ask('PATCH', `/payment-order/${uuid}/test/`, { token, body: { callback: 'payment.expired' } });
  const reset = await probe.expect(200, PaymentOrderRetrievalSchema, 'PATCH', `/payment-order/${uuid}/test/reset`, { token });
  if (reset === undefined) return;
  checkOrder(probe, 'a reset order', reset.body);
  const { state, transactions } = reset.body;
  probe.same('a reset order', 'state', [state.status, state.blockchain_status, transactions], ['pending', 'pending', []]);
  if (reset.body.expires_in < 1) probe.found('a reset order', 'has no time to be paid');
}

/** Checks the states that only the chain can cause. */
export async function checkChainStates(context: LifeContext, chain: ChainControl): Promise<void> {
  const { probe, token, secret, receiver, seen } = context;
  const uuid = await createOrder(probe, token, { amount: '44.44', callback_url: receiver.url, required_confirmations: 2 });
  const order = uuid === undefined ? undefined : await readOrder(probe, token, uuid);
  if (uuid === undefined || order === undefined) return;
  seen.add(order.state.blockchain_status);
  const become = async (wanted: BlockchainStatus): Promise<void> => {
    let now: BlockchainStatus | undefined;
    for (const end = Date.now() + TIMEOUT_MS; now !== wanted && Date.now() < end; await sleep(20))
      now = (await probe.expect(200, PaymentOrderRetrievalSchema, 'GET', `/payment-order/${uuid}`, { token }))?.body.state
        .blockchain_status;
    probe.same('an order on the chain', 'blockchain_status', now, wanted);
    await readOrder(probe, token, uuid);
    if (now === wanted) seen.add(wanted);
  };
  const first = aboutHalf(order.btc_amount, order.amount);
  const txids = [await chain.pay(order.address, first)];
  await become('partial');
  txids.push(await chain.pay(order.address, order.btc_amount - first));
  await become('mempool_unconfirmed');
  await chain.mine(txids);
  await become('unconfirmed');
  await chain.mine();
  await become('paid');
  await chain.unconfirm(txids, 2);
  await become('mempool_network_dispute');
  await chain.mine(txids);
  await become('network_dispute');
  await chain.mine();
  await become('paid');
  await chain.doubleSpend(txids);
  await become('possible_chargeback');
  await checkCallbacks(probe, receiver, secret, uuid, [
    'payment.completed',
    'payment.dispute.start',
    'payment.dispute.end',
    'payment.dispute.start',
  ]);
}

/** Returns about half of an order, such that rounding the unpaid rest to the nearest gives less than rounding it up. */
function aboutHalf(whole: number, amount: string): number {
  let part = Math.floor(whole / 2);
  const nearest = (): string => partInFiat(whole - part, whole, amount);
  while (nearest() === partInFiat(whole - part, whole, amount, 'up')) part -= 1;
  return part;
}
