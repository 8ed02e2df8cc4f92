import type { PersonId, SubscriptionId } from '../../../kernel/ids.ts';
import type { Subscription } from '../../../notifications/subscription.ts';
import type { SubscriptionStore } from '../../ports/notifications/subscription-store.ts';
import { rowWriter } from '../columns.ts';
import type { SqlContext } from '../sql-context.ts';
import { subscriptionColumns, subscriptionFrom } from './subscription-columns.ts';

const rowOf = rowWriter<Subscription, typeof subscriptionColumns>(subscriptionColumns);

export class SqlSubscriptions implements SubscriptionStore {
  readonly #sql: SqlContext;

  constructor(context: SqlContext) {
    this.#sql = context;
  }

  async insert(subscription: Subscription): Promise<void> {
    await this.#sql.db.insertInto('subscriptions').values(rowOf(subscription)).execute();
  }

  async update(subscription: Subscription): Promise<boolean> {
    const { id, person_id: _, ...changing } = rowOf(subscription);
    const { numUpdatedRows } = await this.#sql.db
      .updateTable('subscriptions')
      .set(changing)
      .where('id', '=', id)
      .executeTakeFirst();
    return numUpdatedRows === 1n;
  }

  async get(id: SubscriptionId): Promise<Subscription | undefined> {
    const row = await this.#sql.db.selectFrom('subscriptions').selectAll().where('id', '=', id).executeTakeFirst();
    return row === undefined ? undefined : subscriptionFrom(row);
  }

  async ofPerson(id: PersonId): Promise<Subscription[]> {
    const rows = await this.#sql.db.selectFrom('subscriptions').selectAll().where('person_id', '=', id).orderBy('id').execute();
    return rows.map(subscriptionFrom);
  }

  async after(id: SubscriptionId | undefined, limit: number): Promise<Subscription[]> {
    const rows = await this.#sql.db
      .selectFrom('subscriptions')
      .selectAll()
      .where('id', '>', id ?? '')
      .orderBy('id')
      .limit(limit)
      .execute();
    return rows.map(subscriptionFrom);
  }

  async delete(id: SubscriptionId): Promise<void> {
    const { db } = this.#sql;
    await db.deleteFrom('message_items').where('subscription_id', '=', id).execute();
    await db.deleteFrom('messages').where('subscription_id', '=', id).where('status', '=', 'waiting').execute();
    await db.deleteFrom('subscriptions').where('id', '=', id).execute();
  }
}
