/** The columns of `order_notes`. */
import type { Selectable } from 'kysely';
import type { OrderNote } from '../../ports/orders/order-note-store.ts';
import { entityReader, type TableOf } from '../columns.ts';

export const noteColumns = {
  id: { kind: 'text', property: 'id' },
  order_id: { kind: 'text', property: 'orderId' },
  at: { kind: 'time', property: 'at' },
  author: { kind: 'text', property: 'author' },
  note: { kind: 'text', property: 'text' },
} as const;

export type OrderNotesTable = TableOf<typeof noteColumns>;

export const noteFrom: (row: Selectable<OrderNotesTable>) => OrderNote = entityReader(noteColumns);
