/** The columns of `refund_requests`. */
import type { Selectable } from 'kysely';
import type { RefundRequest } from '../../../refunds/request-of-buyer.ts';
import { entityReader, type TableOf } from '../columns.ts';

export const refundColumns = {
  order_id: { kind: 'text', property: 'orderId' },
  address: { kind: 'text', property: 'address' },
  requested_at: { kind: 'time', property: 'requestedAt' },
} as const;

export type RefundRequestsTable = TableOf<typeof refundColumns>;

export const refundRequestFrom: (row: Selectable<RefundRequestsTable>) => RefundRequest = entityReader(refundColumns);
