/** The columns of `callbacks` and `callback_attempts`. */
import type { Selectable } from 'kysely';
import type { CallbackEvent } from '@webpos/sdk/wire';
import type { AttemptRecord, Delivery, ListedCallback, PendingCallback, StoredCallback } from '../../../callbacks/callback.ts';
import { endpointOf } from '../../../callbacks/endpoint.ts';
import type { EpochMs } from '../../../kernel/clock.ts';
import type { CallbackId, OrderId, PosId } from '../../../kernel/ids.ts';
import { readersOf, type TableOf } from '../columns.ts';
import { CorruptRowError } from '../corrupt-row-error.ts';
import { packRecent, unpackRecent } from './bodies/recent-bodies.ts';

/** A callback to insert after those of its order. */
export interface NewCallback extends PendingCallback {
  readonly sequence: number;
  /** Whether an earlier event of its order is still to be delivered. */
  readonly waitsForEarlier: boolean;
}

export const callbackColumns = {
  id: { kind: 'text', of: ({ id }: NewCallback): CallbackId => id },
  order_id: { kind: 'text', of: ({ orderId }: NewCallback): OrderId => orderId },
  pos_id: { kind: 'text', of: ({ posId }: NewCallback): PosId => posId },
  /** Position among the events of its order, from 0. */
  sequence: { kind: 'integer', of: ({ sequence }: NewCallback): number => sequence },
  event: { kind: 'text', of: ({ event }: NewCallback): CallbackEvent => event },
  url: { kind: 'textOrNull', of: ({ url }: NewCallback): string | null => url },
  /** The origin of the URL. POS and endpoint identify the queue. */
  endpoint: { kind: 'textOrNull', of: ({ url }: NewCallback): string | null => (url === null ? null : endpointOf(url)) },
  created_at: { kind: 'time', of: ({ createdAt }: NewCallback): EpochMs => createdAt },
  wanted_at: { kind: 'time', of: ({ createdAt }: NewCallback): EpochMs => createdAt },
  status: { kind: 'text', of: ({ url }: NewCallback): Delivery['status'] => (url === null ? 'not_wanted' : 'waiting') },
  attempts: { kind: 'integer', of: (): number => 0 },
  /** When it may be claimed, or when its lease expires; null while an earlier event of its order is pending. */
  next_attempt_at: {
    kind: 'timeOrNull',
    of: ({ url, waitsForEarlier, createdAt }: NewCallback): EpochMs | null =>
      url === null || waitsForEarlier ? null : createdAt,
  },
  claimed_by: { kind: 'textOrNull' },
  ended_at: { kind: 'timeOrNull' },
  last_error: { kind: 'textOrNull' },
  /** Position in the event feed of its POS, from 1; null until the feed has been read that far. */
  feed_position: { kind: 'integerOrNull' },
  /**
   * The compressed body: in this row, because it is smaller than a row and an index entry of its own would be. Null if an earlier
   * version stored the callback, whose body is in `callback_bodies`.
   */
  packed_body: { kind: 'bytesOrNull', of: (callback: NewCallback): Uint8Array => packRecent(callback.body, callback) },
} as const;

export type CallbacksTable = TableOf<typeof callbackColumns>;

/** Bodies as earlier versions stored them. */
export interface CallbackBodiesTable {
  callback_id: string;
  body: string;
}

/** A callback with its body, compressed or as earlier versions stored it. */
export type CallbackRow = Selectable<CallbacksTable> & { readonly body: CallbackBodiesTable['body'] | null };

/** A callback without its body. */
export type ListedRow = Omit<Selectable<CallbacksTable>, 'packed_body'>;

/** The columns of a {@link ListedRow}. */
export const LISTED_COLUMNS: readonly (keyof ListedRow)[] = (Object.keys(callbackColumns) as (keyof CallbacksTable)[]).filter(
  (name): name is keyof ListedRow => name !== 'packed_body',
);

const read = readersOf(callbackColumns);

export function callbackFrom(row: CallbackRow): StoredCallback {
  return { ...listedFrom(row), body: bodyFrom(row) };
}

export function listedFrom(row: ListedRow): ListedCallback {
  return {
    id: read.id(row.id),
    orderId: read.order_id(row.order_id),
    posId: read.pos_id(row.pos_id),
    sequence: read.sequence(row.sequence),
    event: read.event(row.event),
    url: read.url(row.url),
    createdAt: read.created_at(row.created_at),
    wantedAt: read.wanted_at(row.wanted_at),
    attempts: read.attempts(row.attempts),
    delivery: deliveryFrom(row),
  };
}

/** @throws CorruptRowError if the body is damaged or missing. */
export function bodyFrom({ id, order_id: orderId, pos_id: posId, body, ...row }: CallbackRow): string {
  if (row.packed_body !== null)
    return unpackRecent(row.packed_body, { id, orderId, posId, createdAt: read.created_at(row.created_at) });
  if (body === null) throw new CorruptRowError(`callback ${id}: its body is missing`);
  return body;
}

function deliveryFrom(row: ListedRow): Delivery {
  const lastError = read.last_error(row.last_error);
  if (row.status === 'not_wanted') return { status: 'not_wanted' };
  if (row.status === 'waiting') return { status: 'waiting', nextAttemptAt: read.next_attempt_at(row.next_attempt_at), lastError };
  const at = read.ended_at(row.ended_at);
  if (row.status === 'delivered' && at !== null) return { status: 'delivered', at };
  if (row.status === 'failed' && at !== null) return { status: 'failed', at, lastError };
  throw new CorruptRowError(`callback ${row.id}: unknown status ${JSON.stringify(row.status)}`);
}

/** An attempt and the callback that it belongs to. */
export interface LoggedAttempt {
  readonly id: CallbackId;
  readonly record: AttemptRecord;
}

export const attemptColumns = {
  callback_id: { kind: 'text', of: ({ id }: LoggedAttempt): CallbackId => id },
  started_at: { kind: 'time', of: ({ record }: LoggedAttempt): EpochMs => record.startedAt },
  duration_ms: { kind: 'integer', of: ({ record }: LoggedAttempt): number => record.durationMs },
  http_status: { kind: 'integerOrNull', of: ({ record }: LoggedAttempt): number | null => record.status },
  response_excerpt: { kind: 'text', of: ({ record }: LoggedAttempt): string => record.responseExcerpt },
} as const;

export type CallbackAttemptsTable = TableOf<typeof attemptColumns>;

const readAttempt = readersOf(attemptColumns);

export function attemptFrom(row: Selectable<CallbackAttemptsTable>): AttemptRecord {
  return {
    startedAt: readAttempt.started_at(row.started_at),
    durationMs: readAttempt.duration_ms(row.duration_ms),
    status: readAttempt.http_status(row.http_status),
    responseExcerpt: readAttempt.response_excerpt(row.response_excerpt),
  };
}
