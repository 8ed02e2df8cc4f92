import type { OutPoint } from '../../../kernel/chain.ts';
import type { EpochMs } from '../../../kernel/clock.ts';
import type { OrderId, PosId } from '../../../kernel/ids.ts';
import type { PaymentRecord, StoredOrderRecord } from '../../../reports/records.ts';

/** Reads the rows of reports, in pages. */
export interface ReportStore {
  /** Returns the payments of all POS that were first seen in a period, in the order in which they were seen. */
  payments(page: PaymentPage): Promise<PaymentRecord[]>;
  /** Returns the orders of a POS that were created in a period, the oldest first. */
  orders(page: OrderReportPage): Promise<StoredOrderRecord[]>;
}

export interface ReportPage {
  readonly from: EpochMs;
  /** Excluded. */
  readonly until: EpochMs;
  readonly limit: number;
}

export interface PaymentPage extends ReportPage {
  /** The last payment of the page before; undefined for the first page. */
  readonly after: { readonly firstSeenAt: EpochMs; readonly outPoint: OutPoint } | undefined;
}

export interface OrderReportPage extends ReportPage {
  readonly posId: PosId;
  /** The last order of the page before; undefined for the first page. */
  readonly after: { readonly createdAt: EpochMs; readonly id: OrderId } | undefined;
}
