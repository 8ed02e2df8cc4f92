import { sql } from 'kysely';
import type { StoredCallback } from '../../../callbacks/callback.ts';
import type { OrderId } from '../../../kernel/ids.ts';
import type { ErasureStore, OrderTexts } from '../../ports/erasure-store.ts';
import { packBody } from '../callbacks/bodies/pack-body.ts';
import type { SqlContext } from '../sql-context.ts';

export class SqlErasure implements ErasureStore {
  readonly #sql: SqlContext;

  constructor(context: SqlContext) {
    this.#sql = context;
  }

  async eraseOrder({ id, createdAt, callbackUrl }: Parameters<ErasureStore['eraseOrder']>[0]): Promise<void> {
    const { db, dialect, changed } = this.#sql;
    // Overwrites what is deleted, also in pages that become free.
    if (dialect.name === 'sqlite') await sql`pragma secure_delete = on`.execute(db);
    await db
      .updateTable('orders')
      .set({ reference: null, details: null, continue_url: null, cancel_url: null, callback_url: callbackUrl })
      .where('id', '=', id)
      .execute();
    await db.updateTable('order_history').set({ reason: '' }).where('order_id', '=', id).execute();
    await db.updateTable('order_notes').set({ note: '' }).where('order_id', '=', id).execute();
    await db.deleteFrom('refund_requests').where('order_id', '=', id).execute();
    await eraseRefunds(db, id);
    // The time has an index, and is that of the order.
    await db.deleteFrom('idempotency_keys').where('created_at', '=', createdAt).where('order_id', '=', id).execute();
    await db
      .updateTable('callback_attempts')
      .set({ response_excerpt: '' })
      .where('callback_id', 'in', (eb) => eb.selectFrom('callbacks').select('id').where('order_id', '=', id))
      .execute();
    await db.updateTable('callbacks').set({ last_error: null }).where('order_id', '=', id).execute();
    changed();
  }

  async rewriteCallback(callback: StoredCallback, { body, url }: Pick<StoredCallback, 'body' | 'url'>): Promise<void> {
    const { db } = this.#sql;
    const { id } = callback;
    await db
      .updateTable('callbacks')
      .set({ url, packed_body: packBody(body, callback) })
      .where('id', '=', id)
      .execute();
    await db.deleteFrom('callback_bodies').where('callback_id', '=', id).execute();
  }

  async texts(after: OrderId | undefined, limit: number): Promise<OrderTexts[]> {
    const { db } = this.#sql;
    let orders = db.selectFrom('orders').select(['id', 'reference', 'details', 'callback_url', 'continue_url', 'cancel_url']);
    if (after !== undefined) orders = orders.where('id', '>', after);
    const rows = await orders.orderBy('id').limit(limit).execute();
    const last = rows.at(-1)?.id;
    if (last === undefined) return [];
    let history = db.selectFrom('order_history').select(['order_id', 'reason']).where('order_id', '<=', last);
    if (after !== undefined) history = history.where('order_id', '>', after);
    let notes = db.selectFrom('order_notes').select(['order_id', 'note as reason']).where('order_id', '<=', last);
    if (after !== undefined) notes = notes.where('order_id', '>', after);
    const reasons = [...(await history.execute()), ...(await notes.execute())];
    return rows.map(({ id, ...texts }) => ({
      id: id as OrderId,
      texts: [
        ...Object.values(texts).filter((text) => text !== null),
        ...reasons.filter(({ order_id }) => order_id === id).map(({ reason }) => reason),
      ],
    }));
  }
}

/** What was paid or approved stays, without its destination and its reason. The payment of a watched refund is still looked for. */
async function eraseRefunds(db: SqlContext['db'], id: OrderId): Promise<void> {
  await db.deleteFrom('refunds').where('order_id', '=', id).where('status', 'in', ['requested', 'refused']).execute();
  await db.updateTable('refunds').set({ address: '', reason: null }).where('order_id', '=', id).execute();
  await db
    .updateTable('refunds')
    .set({ script: '' })
    .where('order_id', '=', id)
    .where('script', 'is not', null)
    .where('watch_position', 'is', null)
    .execute();
}
