/** Stores the payments of orders and their places. */
import type { BlockRef } from '../../../kernel/chain.ts';
import type { OrderId } from '../../../kernel/ids.ts';
import type { PlacedPayment } from '../../ports/order-store.ts';
import { rowOfPlace } from '../chain/place-columns.ts';
import { rowWriter } from '../columns.ts';
import type { SqlContext } from '../sql-context.ts';
import { paymentColumns } from './payment-columns.ts';

const rowOf = rowWriter(paymentColumns);
/** One statement for all payments of a large block would hold the JavaScript thread. */
const ROWS_PER_STATEMENT = 500;

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

/** Stores a payment, unless it is stored already. */
export async function recordPayment(context: SqlContext, payment: PlacedPayment): Promise<void> {
  await context.db
    .insertInto('payments')
    .values({ ...rowOf(payment), ...rowOfPlace(payment.place), counted: 0, noted: 'new' })
    .onConflict((conflict) => conflict.columns(['txid', 'vout']).doNothing())
    .execute();
  context.changed();
}

/** Moves the payments of a rolled-back block to the mempool, and returns their orders. */
export async function rollBackBlock(context: SqlContext, { height, hash }: BlockRef): Promise<OrderId[]> {
  const ofBlock = context.db
    .selectFrom('payments')
    .select(['txid', 'vout'])
    .where('block_height', '=', height)
    .where('block_hash', '=', hash)
    .limit(ROWS_PER_STATEMENT);
  const ids: OrderId[] = [];
  for (;;) {
    // What is moved is not found again.
    const rows = await context.db
      .updateTable('payments')
      .set(rowOfPlace({ kind: 'mempool' }))
      .where((eb) => eb(eb.refTuple('txid', 'vout'), 'in', ofBlock.$asTuple('txid', 'vout')))
      .returning('order_id')
      .execute();
    ids.push(...rows.map(({ order_id }) => order_id as OrderId));
    if (rows.length < ROWS_PER_STATEMENT) break;
  }
  context.changed();
  return ids;
}

export async function deletePayments(context: SqlContext, id: OrderId): Promise<void> {
  await context.db.deleteFrom('payments').where('order_id', '=', id).execute();
  context.changed();
}
