/** Binds the rules of `packages/order-rules` to the gateway's types of orders, amounts and times. */
import * as rules from '@webpos/order-rules';
import { epochMs, type EpochMs } from '../kernel/clock.ts';
import { sats, type Sats } from '../kernel/sats.ts';
import type { Order } from './order.ts';

export {
  acceptedManually,
  blockchainStatus,
  canFallShort,
  confirmationsOf,
  hasRoomForMore,
  isCovered,
  isConfirmed,
  orderStatus,
  possibleEvents,
  requiredAmount,
  resolvedAt,
  transactionStatus,
  type OrderEvent,
} from '@webpos/order-rules';

export type SettleAt = rules.SettleAt<EpochMs>;
export type Settled = rules.Settled<Order>;
export type Tally = rules.Tally<Sats>;

/** The smallest order, in satoshi: nodes do not relay smaller outputs, and they cost more to spend than they are worth. */
export const MIN_ORDER_AMOUNT: Sats = sats(rules.MIN_ORDER_SATS);

export const settle: (order: Order, at: SettleAt) => Settled = rules.settle;

export const cancel: (order: Order, at: SettleAt) => Settled | undefined = rules.cancel;

export const reportSurplus: (order: Order, sums: Tally, at: SettleAt, events: readonly rules.OrderEvent[]) => Settled =
  rules.reportSurplus;

export const surplus: (order: Pick<Order, 'state' | 'terms'>, sums: Pick<Tally, 'confirmed'>) => Sats = rules.surplus;

export const tally: (order: Pick<Order, 'terms' | 'state' | 'payments'>, tipHeight: number) => Tally = rules.tally;

export function nextDeadline(order: Pick<Order, 'state' | 'terms'>): EpochMs | undefined {
  const deadline = rules.nextDeadline(order);
  return deadline === undefined ? undefined : epochMs(deadline);
}
