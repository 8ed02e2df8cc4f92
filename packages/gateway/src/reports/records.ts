/** What reports are made of: the payments and orders of a period, as they are stored when their page is read. */
import type { OutPoint } from '../kernel/chain.ts';
import type { EpochMs } from '../kernel/clock.ts';
import type { OrderId, PosId } from '../kernel/ids.ts';
import type { Sats } from '../kernel/sats.ts';
import type { FiatAmount } from '../orders/fiat.ts';
import type { OrderAddress, OrderRate, PaymentPlace } from '../orders/order.ts';

/** The part of an order's terms and state that reports show. */
export interface ReportedOrder {
  readonly id: OrderId;
  readonly posId: PosId;
  readonly reference: string | null;
  readonly createdAt: EpochMs;
  /** The price. */
  readonly fiat: FiatAmount;
  readonly rate: OrderRate;
  /** The price in satoshi. */
  readonly amount: Sats;
  /** As the API names it. */
  readonly status: string;
  readonly paidAt: EpochMs | null;
}

export interface PaymentRecord {
  readonly order: ReportedOrder;
  readonly outPoint: OutPoint;
  readonly amount: Sats;
  readonly firstSeenAt: EpochMs;
  readonly place: PaymentPlace;
  /** The gateway's rate when the payment was first seen, without a spread; null if none was known. */
  readonly rate: OrderRate | null;
}

export interface StoredOrderRecord {
  readonly order: ReportedOrder;
  readonly stored: OrderAddress;
  /** How many payments it has that are not reverted, and their sum. */
  readonly payments: number;
  readonly received: Sats;
}

export interface OrderRecord extends Omit<StoredOrderRecord, 'stored'> {
  /** Null if the stored one is not authentic. */
  readonly address: string | null;
}
