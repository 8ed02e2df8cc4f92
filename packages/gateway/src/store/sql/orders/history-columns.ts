/** The columns of `order_history`. */
import type { Selectable } from 'kysely';
import type { HistoryEntry } from '../../ports/orders/order-history-store.ts';
import { entityReader, type TableOf } from '../columns.ts';

export const historyColumns = {
  id: { kind: 'text', property: 'id' },
  order_id: { kind: 'text', property: 'orderId' },
  at: { kind: 'time', property: 'at' },
  actor: { kind: 'text', property: 'actor' },
  action: { kind: 'text', property: 'action' },
  reason: { kind: 'text', property: 'reason' },
  status_before: { kind: 'text', property: 'before' },
  status_after: { kind: 'text', property: 'after' },
  received_sats: { kind: 'sats', property: 'received' },
} as const;

export type OrderHistoryTable = TableOf<typeof historyColumns>;

export const entryFrom: (row: Selectable<OrderHistoryTable>) => HistoryEntry = entityReader(historyColumns);
