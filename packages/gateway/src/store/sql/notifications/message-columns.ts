/** The columns of `messages`, and the type of `message_items`. */
import type { Selectable } from 'kysely';
import type { EpochMs } from '../../../kernel/clock.ts';
import type { MessageId, PersonId, SubscriptionId } from '../../../kernel/ids.ts';
import type {
  MessageChannel,
  MessageDelivery,
  MessageKind,
  NewMessage,
  StoredMessage,
} from '../../ports/notifications/message-store.ts';
import { readersOf, type Int, type NullableInt, type TableOf } from '../columns.ts';
import { CorruptRowError } from '../corrupt-row-error.ts';

export const messageColumns = {
  id: { kind: 'text', of: ({ id }: NewMessage): string => id },
  kind: { kind: 'text', of: ({ kind }: NewMessage): string => kind },
  subscription_id: { kind: 'text', of: ({ subscriptionId }: NewMessage): string => subscriptionId },
  person_id: { kind: 'text', of: ({ personId }: NewMessage): string => personId },
  channel: { kind: 'text', of: ({ channel }: NewMessage): string => channel },
  recipient: { kind: 'text', of: ({ recipient }: NewMessage): string => recipient },
  urgent: { kind: 'flag', of: ({ isUrgent }: NewMessage): boolean => isUrgent },
  created_at: { kind: 'time', of: ({ createdAt }: NewMessage): EpochMs => createdAt },
  attempts: { kind: 'integer', of: (): number => 0 },
  status: { kind: 'text', of: (): string => 'waiting' },
  /** Null once it has ended. During an attempt, the time at which the claim expires. */
  next_attempt_at: { kind: 'timeOrNull', of: ({ createdAt }: NewMessage): EpochMs | null => createdAt },
  claimed_by: { kind: 'textOrNull' },
  ended_at: { kind: 'timeOrNull' },
  last_error: { kind: 'textOrNull' },
} as const;

export type MessagesTable = TableOf<typeof messageColumns>;

/** `due_at` is null once the item belongs to a message. */
export interface MessageItemsTable {
  subscription_id: string;
  notice_id: string;
  urgent: Int;
  due_at: NullableInt;
  message_id: string | null;
}

const read = readersOf(messageColumns);

export function messageFrom(row: Selectable<MessagesTable>): StoredMessage {
  return {
    id: row.id as MessageId,
    kind: row.kind as MessageKind,
    subscriptionId: row.subscription_id as SubscriptionId,
    personId: row.person_id as PersonId,
    channel: row.channel as MessageChannel,
    recipient: row.recipient,
    isUrgent: read.urgent(row.urgent),
    createdAt: read.created_at(row.created_at),
    attempts: read.attempts(row.attempts),
    delivery: deliveryOf(row),
  };
}

function deliveryOf(row: Selectable<MessagesTable>): MessageDelivery {
  const { id, status, last_error: lastError } = row;
  const [nextAttemptAt, at] = [read.next_attempt_at(row.next_attempt_at), read.ended_at(row.ended_at)];
  if (status === 'waiting' && nextAttemptAt !== null) return { status, nextAttemptAt, lastError };
  if ((status === 'sent' || status === 'dropped') && at !== null) return { status, at };
  if (status === 'failed' && at !== null) return { status, at, lastError };
  throw new CorruptRowError(`messages ${id}: expected a status with its time, got ${JSON.stringify(status)}`);
}
