/** Stores the payments of orders and their places. */
import type { BlockRef } from '../../../kernel/chain.ts';
import type { OrderId } from '../../../kernel/ids.ts';
import type { PlacedPayment } from '../../ports/order-store.ts';
import { rowOfPlace } from '../chain/place-columns.ts';
import { rowWriter } from '../columns.ts';
import type { SqlContext } from '../sql-context.ts';
import { paymentColumns } from './payment-columns.ts';

const rowOf = rowWriter(paymentColumns);

/** Stores a payment, or the new place of a payment that is stored already. */
export async function placePayment(context: SqlContext, payment: PlacedPayment): Promise<void> {
  const place = rowOfPlace(payment.place);
  await context.db
    .insertInto('payments')
    .values({ ...rowOf(payment), ...place, counted: 0, noted: 'new' })
    .onConflict((conflict) => conflict.columns(['txid', 'vout']).doUpdateSet(place))
    .execute();
  context.changed();
}

/** Moves the payments of a rolled-back block to the mempool, and returns their orders. */
export async function rollBackBlock(context: SqlContext, { height, hash }: BlockRef): Promise<OrderId[]> {
  const rows = await context.db
    .updateTable('payments')
    .set(rowOfPlace({ kind: 'mempool' }))
    .where('block_height', '=', height)
    .where('block_hash', '=', hash)
    .returning('order_id')
    .execute();
  context.changed();
  return rows.map(({ order_id }) => order_id as OrderId);
}

export async function deletePayments(context: SqlContext, id: OrderId): Promise<void> {
  await context.db.deleteFrom('payments').where('order_id', '=', id).execute();
  context.changed();
}
