import { hotQueryForEach, type RunForEach } from '../hot-query.ts';

/** Keeps others from changing orders, and which of their events is the first, until the transaction ends. */
export const lockOrders: RunForEach<{ readonly id: string }> = hotQueryForEach<{ readonly id: string }>()((db, { id }) =>
  db.selectFrom('orders').select('id').where('id', '=', id).forUpdate(),
);
