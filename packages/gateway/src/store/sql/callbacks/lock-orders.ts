import { hotQueryForEach, type RunForEach } from '../hot-query.ts';

/** Locks orders until the transaction ends, so that others cannot change which of their events is the first. */
export const lockOrders: RunForEach<{ readonly id: string }> = hotQueryForEach<{ readonly id: string }>()((db, { id }) =>
  db.selectFrom('orders').select('id').where('id', '=', id).forUpdate(),
);
