/** The columns of `order_history`. */
import type { Selectable } from 'kysely';
import type { EpochMs } from '../../../kernel/clock.ts';
import type { OrderId } from '../../../kernel/ids.ts';
import type { Sats } from '../../../kernel/sats.ts';
import type { HistoryEntry } from '../../ports/order-history-store.ts';
import { readersOf, type TableOf } from '../columns.ts';

export const historyColumns = {
  id: { kind: 'text', of: ({ id }: HistoryEntry): string => id },
  order_id: { kind: 'text', of: ({ orderId }: HistoryEntry): OrderId => orderId },
  at: { kind: 'time', of: ({ at }: HistoryEntry): EpochMs => at },
  actor: { kind: 'text', of: ({ actor }: HistoryEntry): string => actor },
  action: { kind: 'text', of: ({ action }: HistoryEntry): HistoryEntry['action'] => action },
  reason: { kind: 'text', of: ({ reason }: HistoryEntry): string => reason },
  status_before: { kind: 'text', of: ({ before }: HistoryEntry): HistoryEntry['before'] => before },
  status_after: { kind: 'text', of: ({ after }: HistoryEntry): HistoryEntry['after'] => after },
  received_sats: { kind: 'sats', of: ({ received }: HistoryEntry): Sats => received },
} as const;

export type OrderHistoryTable = TableOf<typeof historyColumns>;

const read = readersOf(historyColumns);

export function entryFrom(row: Selectable<OrderHistoryTable>): HistoryEntry {
  return {
    id: read.id(row.id),
    orderId: read.order_id(row.order_id),
    at: read.at(row.at),
    actor: read.actor(row.actor),
    action: read.action(row.action),
    reason: read.reason(row.reason),
    before: read.status_before(row.status_before),
    after: read.status_after(row.status_after),
    received: read.received_sats(row.received_sats),
  };
}
