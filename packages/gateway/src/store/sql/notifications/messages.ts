import type { EpochMs } from '../../../kernel/clock.ts';
import type { MessageId, SubscriptionId } from '../../../kernel/ids.ts';
import type {
  MessageChannel,
  MessageClaim,
  MessageCount,
  MessageItem,
  MessageOutcome,
  MessageQuery,
  MessagesToGiveUp,
  MessageStore,
  NewMessage,
  StoredMessage,
} from '../../ports/notifications/message-store.ts';
import { rowWriter } from '../columns.ts';
import type { SqlContext } from '../sql-context.ts';
import { messageColumns, messageFrom } from './message-columns.ts';

const rowOf = rowWriter<NewMessage, typeof messageColumns>(messageColumns);
/** A subscription with more due items than this may hide those of others, until its next message. */
const MAX_DUE_ITEMS = 500;
/** How many due messages are looked at for each that is claimed: others may be to the same recipient. */
const LOOKED_AT = 10;

export class SqlMessages implements MessageStore {
  readonly #sql: SqlContext;

  constructor(context: SqlContext) {
    this.#sql = context;
  }

  async addItems(items: readonly MessageItem[]): Promise<void> {
    if (items.length === 0) return;
    await this.#sql.db
      .insertInto('message_items')
      .values(
        items.map(({ subscriptionId, noticeId, isUrgent, dueAt }) => ({
          subscription_id: subscriptionId,
          notice_id: noticeId,
          urgent: isUrgent ? 1 : 0,
          due_at: dueAt,
          message_id: null,
        })),
      )
      .onConflict((conflict) => conflict.columns(['subscription_id', 'notice_id']).doNothing())
      .execute();
  }

  async dueSubscriptions(now: EpochMs, limit: number): Promise<SubscriptionId[]> {
    const rows = await this.#sql.db
      .selectFrom('message_items')
      .select('subscription_id')
      .where('due_at', '<=', now)
      .orderBy('due_at')
      .limit(MAX_DUE_ITEMS)
      .execute();
    return [...new Set(rows.map((row) => row.subscription_id as SubscriptionId))].slice(0, limit);
  }

  async compose(message: NewMessage, now: EpochMs, limit: number): Promise<number> {
    const { db } = this.#sql;
    const due = db
      .selectFrom('message_items')
      .select('notice_id')
      .where('subscription_id', '=', message.subscriptionId)
      .where('due_at', '<=', now)
      .where('urgent', '=', message.isUrgent ? 1 : 0)
      .orderBy('due_at')
      .orderBy('notice_id')
      .limit(limit);
    const { numUpdatedRows } = await db
      .updateTable('message_items')
      .set({ message_id: message.id, due_at: null })
      .where('subscription_id', '=', message.subscriptionId)
      .where('notice_id', 'in', due)
      // Another process may have taken them meanwhile.
      .where('message_id', 'is', null)
      .executeTakeFirst();
    const count = Number(numUpdatedRows);
    if (count > 0) await this.insert(message);
    return count;
  }

  async postpone(id: SubscriptionId, now: EpochMs, to: EpochMs): Promise<void> {
    await this.#sql.db
      .updateTable('message_items')
      .set({ due_at: to })
      .where('subscription_id', '=', id)
      .where('due_at', '<=', now)
      .where('urgent', '=', 0)
      .execute();
  }

  async dropItems(id: SubscriptionId): Promise<void> {
    await this.#sql.db.deleteFrom('message_items').where('subscription_id', '=', id).where('due_at', 'is not', null).execute();
  }

  async insert(message: NewMessage): Promise<void> {
    await this.#sql.db.insertInto('messages').values(rowOf(message)).execute();
  }

  async claim({ channel, now, until, claimant, limit }: MessageClaim): Promise<StoredMessage[]> {
    const { db, dialect } = this.#sql;
    const query = db
      .selectFrom('messages')
      .select(['id', 'recipient'])
      .where('channel', '=', channel)
      .where('next_attempt_at', '<=', now)
      .orderBy('next_attempt_at')
      .limit(limit * LOOKED_AT);
    const due = await (dialect.rowLocks ? query.forUpdate().skipLocked() : query).execute();
    const first = new Map<string, string>();
    for (const { id, recipient } of due) if (!first.has(recipient)) first.set(recipient, id);
    const ids = [...first.values()].slice(0, limit);
    if (ids.length === 0) return [];
    const rows = await db
      .updateTable('messages')
      .set((eb) => ({ claimed_by: claimant, next_attempt_at: until, attempts: eb('attempts', '+', 1) }))
      .where('id', 'in', ids)
      .returningAll()
      .execute();
    return rows.map(messageFrom);
  }

  async itemsOf(id: MessageId): Promise<string[]> {
    const rows = await this.#sql.db.selectFrom('message_items').select('notice_id').where('message_id', '=', id).execute();
    return rows.map((row) => row.notice_id);
  }

  async finish(id: MessageId, claimant: string, outcome: MessageOutcome): Promise<boolean> {
    const { numUpdatedRows } = await this.#sql.db
      .updateTable('messages')
      .set((eb) => ({
        ...changesOf(outcome),
        claimed_by: null,
        ...(outcome.kind === 'released' && { attempts: eb('attempts', '-', 1) }),
      }))
      .where('id', '=', id)
      .where('claimed_by', '=', claimant)
      .executeTakeFirst();
    return numUpdatedRows === 1n;
  }

  async giveUp({ channel, dueBefore, at, error, limit }: MessagesToGiveUp): Promise<number> {
    const { db } = this.#sql;
    const due = db
      .selectFrom('messages')
      .select('id')
      .where('channel', '=', channel)
      .where('next_attempt_at', '<', dueBefore)
      .orderBy('next_attempt_at')
      .limit(limit);
    const { numUpdatedRows } = await db
      .updateTable('messages')
      .set({ ...changesOf({ kind: 'failed', at, error }), claimed_by: null })
      .where('id', 'in', due)
      // Another process may have claimed them meanwhile.
      .where('next_attempt_at', '<', dueBefore)
      .executeTakeFirst();
    return Number(numUpdatedRows);
  }

  async countWaiting(channel: MessageChannel, limit: number): Promise<number> {
    const rows = await this.#sql.db
      .selectFrom('messages')
      .select('id')
      .where('channel', '=', channel)
      .where('next_attempt_at', 'is not', null)
      .limit(limit)
      .execute();
    return rows.length;
  }

  async list({ personId, before, limit }: MessageQuery): Promise<StoredMessage[]> {
    const rows = await this.#sql.db
      .selectFrom('messages')
      .selectAll()
      .$if(personId !== undefined, (query) => query.where('person_id', '=', personId ?? ''))
      .$if(before !== undefined, (query) => query.where('id', '<', before ?? ''))
      .orderBy('id', 'desc')
      .limit(limit)
      .execute();
    return rows.map(messageFrom);
  }

  async countSince({ kind, of, since, limit }: MessageCount): Promise<number> {
    const rows = await this.#sql.db
      .selectFrom('messages')
      .select('id')
      .$if('personId' in of, (query) => query.where('person_id', '=', 'personId' in of ? of.personId : ''))
      .$if('recipient' in of, (query) => query.where('recipient', '=', 'recipient' in of ? of.recipient : ''))
      .where('created_at', '>', since)
      .where('kind', '=', kind)
      .limit(limit)
      .execute();
    return rows.length;
  }

  async prune({ before, limit }: { readonly before: EpochMs; readonly limit: number }): Promise<boolean> {
    const { db } = this.#sql;
    const rows = await db
      .selectFrom('messages')
      .select('id')
      .where('ended_at', '<', before)
      .orderBy('ended_at')
      .limit(limit)
      .execute();
    const ids = rows.map(({ id }) => id);
    if (ids.length === 0) return false;
    await db.deleteFrom('message_items').where('message_id', 'in', ids).execute();
    await db.deleteFrom('messages').where('id', 'in', ids).execute();
    return ids.length === limit;
  }
}

type Changes = Partial<Record<'status' | 'last_error', string>> & {
  readonly next_attempt_at: number | null;
  readonly ended_at?: number;
};

function changesOf(outcome: MessageOutcome): Changes {
  switch (outcome.kind) {
    case 'released':
      return { next_attempt_at: outcome.at };
    case 'retry':
      return { next_attempt_at: outcome.at, last_error: outcome.error };
    case 'failed':
      return { status: 'failed', next_attempt_at: null, ended_at: outcome.at, last_error: outcome.error };
    default:
      return { status: outcome.kind, next_attempt_at: null, ended_at: outcome.at };
  }
}
