/** The columns of `refund_requests`. */
import type { Selectable } from 'kysely';
import type { EpochMs } from '../../../kernel/clock.ts';
import type { OrderId } from '../../../kernel/ids.ts';
import type { RefundRequest } from '../../ports/refund-request-store.ts';
import { readersOf, type TableOf } from '../columns.ts';

export const refundColumns = {
  order_id: { kind: 'text', of: ({ orderId }: RefundRequest): OrderId => orderId },
  address: { kind: 'text', of: ({ address }: RefundRequest): string => address },
  requested_at: { kind: 'time', of: ({ requestedAt }: RefundRequest): EpochMs => requestedAt },
} as const;

export type RefundRequestsTable = TableOf<typeof refundColumns>;

const read = readersOf(refundColumns);

export function refundRequestFrom(row: Selectable<RefundRequestsTable>): RefundRequest {
  return {
    orderId: read.order_id(row.order_id),
    address: read.address(row.address),
    requestedAt: read.requested_at(row.requested_at),
  };
}
