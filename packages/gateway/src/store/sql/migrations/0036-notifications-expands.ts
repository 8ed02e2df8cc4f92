/** Notifications: notices of what has happened, subscriptions of people, and the messages that are sent to them. */
import type { Kysely, Migration } from 'kysely';

export const notificationsExpands: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await noticeTables(db);
    await subscriptionTables(db);
    await messageTables(db);
  },
};

async function noticeTables(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('notices')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('at', 'bigint', (c) => c.notNull())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('pos_id', 'text')
    .addColumn('person_id', 'text')
    .addColumn('facts', 'text', (c) => c.notNull())
    .addColumn('assigned_at', 'bigint')
    .execute();
  await db.schema.createIndex('notices_assigned').on('notices').columns(['assigned_at', 'at']).execute();
  await db.schema
    .createTable('notice_states')
    .addColumn('name', 'text', (c) => c.primaryKey())
    .addColumn('value', 'text')
    .execute();
}

async function subscriptionTables(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('subscriptions')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('person_id', 'text', (c) => c.notNull())
    .addColumn('channel', 'text', (c) => c.notNull())
    .addColumn('recipient', 'text', (c) => c.notNull())
    .addColumn('confirmed_at', 'bigint')
    .addColumn('settings', 'text', (c) => c.notNull())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('stopped_at', 'bigint')
    .execute();
  await db.schema.createIndex('subscriptions_person').on('subscriptions').columns(['person_id', 'id']).execute();
}

async function messageTables(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('messages')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('subscription_id', 'text', (c) => c.notNull())
    .addColumn('person_id', 'text', (c) => c.notNull())
    .addColumn('channel', 'text', (c) => c.notNull())
    .addColumn('recipient', 'text', (c) => c.notNull())
    .addColumn('urgent', 'bigint', (c) => c.notNull())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('attempts', 'bigint', (c) => c.notNull())
    .addColumn('status', 'text', (c) => c.notNull())
    .addColumn('next_attempt_at', 'bigint')
    .addColumn('claimed_by', 'text')
    .addColumn('ended_at', 'bigint')
    .addColumn('last_error', 'text')
    .execute();
  await db.schema.createIndex('messages_due').on('messages').columns(['channel', 'next_attempt_at']).execute();
  await db.schema.createIndex('messages_person').on('messages').columns(['person_id', 'id']).execute();
  await db.schema.createIndex('messages_recipient').on('messages').columns(['recipient', 'created_at']).execute();
  await db.schema.createIndex('messages_subscription').on('messages').column('subscription_id').execute();
  await db.schema.createIndex('messages_status').on('messages').columns(['status', 'ended_at']).execute();
  await db.schema.createIndex('messages_ended').on('messages').column('ended_at').execute();
  await db.schema
    .createTable('message_items')
    .addColumn('subscription_id', 'text', (c) => c.notNull())
    .addColumn('notice_id', 'text', (c) => c.notNull())
    .addColumn('urgent', 'bigint', (c) => c.notNull())
    .addColumn('due_at', 'bigint')
    .addColumn('message_id', 'text')
    .addPrimaryKeyConstraint('message_items_key', ['subscription_id', 'notice_id'])
    .execute();
  await db.schema.createIndex('message_items_due').on('message_items').columns(['due_at', 'subscription_id']).execute();
  await db.schema.createIndex('message_items_of').on('message_items').columns(['subscription_id', 'due_at']).execute();
  await db.schema.createIndex('message_items_message').on('message_items').column('message_id').execute();
}
