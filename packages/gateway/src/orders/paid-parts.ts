import * as rules from '@webpos/order-rules';
import type { Sats } from '../kernel/sats.ts';
import type { FiatAmount } from './fiat.ts';
import type { Order } from './order.ts';

export interface PaidPart {
  readonly crypto: Sats;
  readonly fiat: FiatAmount;
}

export interface PaidParts {
  readonly paid: PaidPart;
  readonly inConfirmation: PaidPart;
  readonly unpaid: PaidPart;
}

/** Computes how much of an order is paid, in confirmation and unpaid, in satoshi and in the order's currency. */
export function paidParts(order: Pick<Order, 'terms' | 'state' | 'payments'>, tipHeight: number): PaidParts {
  const { currency } = order.terms.fiat;
  const { paid, inConfirmation, unpaid } = rules.paidParts(order, tipHeight);
  const part = ({ crypto, fiat }: rules.PaidPart<Sats>): PaidPart => ({ crypto, fiat: { currency, minorUnits: fiat } });
  return { paid: part(paid), inConfirmation: part(inConfirmation), unpaid: part(unpaid) };
}
