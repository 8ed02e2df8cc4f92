/** Walks along the indexes of callbacks, in bounded steps. */
import { sql, type Selectable, type SelectQueryBuilder } from 'kysely';
import type { Delivery } from '../../../callbacks/callback.ts';
import type { EpochMs } from '../../../kernel/clock.ts';
import type { CallbackId, OrderId, PosId } from '../../../kernel/ids.ts';
import type { SqlContext } from '../sql-context.ts';
import type { Tables } from '../tables.ts';
import type { CallbacksTable } from './columns.ts';

/** How many callbacks one step searches for those that pass the filters: a few milliseconds. */
const ROWS_PER_SLICE = 2_000;

/**
 * The indexes: of one order; of all by age; of those that wait, by when that began; of those that were given up; of those of a POS that
 * its feed has not reached, and of those that it has.
 */
export type Walk = 'order' | 'age' | 'waiting' | 'failed' | 'unread' | 'feed';

export interface Filters {
  readonly orderId?: OrderId | undefined;
  readonly posId?: PosId | undefined;
  readonly status?: Delivery['status'] | undefined;
  readonly endpoint?: string | undefined;
  /** Only callbacks that ended at this time or later. */
  readonly endedSince?: EpochMs | undefined;
}

export interface WalkSearch {
  readonly walk: Walk;
  /** The callback after which the search begins; undefined for the beginning of the walk. */
  readonly from: Place | undefined;
  readonly filters: Filters;
  readonly direction: 'asc' | 'desc';
  readonly limit: number;
}

export interface Searched {
  readonly ids: readonly CallbackId[];
  /** The last callback that was searched, if others follow it. */
  readonly searchedTo: CallbackId | undefined;
}

type Callbacks<Row> = SelectQueryBuilder<Tables, 'callbacks', Row>;
type Slice = SelectQueryBuilder<{ slice: CallbacksTable }, 'slice', { id: string }>;
type Column = 'sequence' | 'created_at' | 'wanted_at' | 'order_id' | 'feed_position';

/** The columns that a walk is sorted by. */
const SORTED_BY = {
  order: ['sequence'],
  age: ['created_at', 'order_id', 'sequence'],
  waiting: ['wanted_at', 'order_id', 'sequence'],
  failed: ['created_at', 'order_id', 'sequence'],
  unread: ['created_at', 'order_id', 'sequence'],
  feed: ['feed_position'],
} as const satisfies Record<Walk, readonly Column[]>;

/** The filters that every callback of a walk passes. */
const CARRIED: Readonly<Record<Walk, readonly (keyof Filters)[]>> = {
  order: ['orderId'],
  age: [],
  waiting: ['status'],
  failed: ['status'],
  unread: ['posId'],
  feed: ['posId'],
};

const FILTERED = ['pos_id', 'status', 'endpoint', 'ended_at'] as const;

const PLACE_COLUMNS = ['id', 'pos_id', 'created_at', 'wanted_at', 'order_id', 'sequence', 'feed_position'] as const;

/** Where a callback is in every walk. */
export type Place = Pick<Selectable<CallbacksTable>, (typeof PLACE_COLUMNS)[number]>;

export async function readPlace({ db }: SqlContext, id: CallbackId): Promise<Place | undefined> {
  return db.selectFrom('callbacks').select(PLACE_COLUMNS).where('id', '=', id).executeTakeFirst();
}

/** Searches one step of a walk. */
export async function searchWalk(context: SqlContext, search: WalkSearch): Promise<Searched> {
  const { walk, filters, limit } = search;
  const remaining = Object.entries(filters).filter(
    ([name, value]) => value !== undefined && !CARRIED[walk].includes(name as keyof Filters),
  );
  if (remaining.length === 0) return searchedTo(await idsOf(walkFrom(context, search).limit(limit)), limit);
  const slice = walkFrom(context, search).limit(ROWS_PER_SLICE);
  const ids = await idsOf(matching(context, slice, search).limit(limit));
  if (ids.length === limit) return searchedTo(ids, limit);
  const [last] = await idsOf(
    walkFrom(context, search)
      .offset(ROWS_PER_SLICE - 1)
      .limit(1),
  );
  return { ids, searchedTo: last };
}

function searchedTo(ids: readonly CallbackId[], limit: number): Searched {
  return { ids, searchedTo: ids.length === limit ? ids.at(-1) : undefined };
}

function walkFrom({ db }: SqlContext, { walk, from, filters, direction }: WalkSearch): Callbacks<{ id: string }> {
  const columns = SORTED_BY[walk];
  let callbacks: Callbacks<{ id: string }> = db.selectFrom('callbacks').select('id');
  // Literals, so that the partial indexes are used.
  if (walk === 'waiting' || walk === 'failed') callbacks = callbacks.where('status', '=', sql.lit(walk));
  if (walk === 'order') callbacks = callbacks.where('order_id', '=', filters.orderId ?? '');
  if (walk === 'unread' || walk === 'feed')
    callbacks = callbacks
      .where('pos_id', '=', filters.posId ?? '')
      .where('feed_position', walk === 'unread' ? 'is' : 'is not', null);
  // The first callback of the second walk is not after a callback that only the first one has.
  if (from !== undefined && !(walk === 'feed' && from.feed_position === null))
    callbacks = callbacks.where(
      sql<boolean>`(${sql.join(columns.map((name) => sql.ref(name)))}) ${sql.raw(direction === 'asc' ? '>' : '<')}
        (${sql.join(columns.map((name) => from[name]))})`,
    );
  for (const name of columns) callbacks = callbacks.orderBy(name, direction);
  return callbacks;
}

/** Selects the callbacks of a slice that pass the filters. */
function matching({ db }: SqlContext, slice: Callbacks<{ id: string }>, { walk, filters, direction }: WalkSearch): Slice {
  const { posId, status, endpoint, endedSince } = filters;
  const searched = slice.select([...new Set([...SORTED_BY[walk], ...FILTERED])]);
  let found = db.selectFrom(searched.as('slice')).select('id') as unknown as Slice;
  if (posId !== undefined) found = found.where('pos_id', '=', posId);
  if (status !== undefined) found = found.where('status', '=', sql.lit(status));
  if (endpoint !== undefined) found = found.where('endpoint', '=', endpoint);
  if (endedSince !== undefined) found = found.where('ended_at', '>=', endedSince);
  for (const name of SORTED_BY[walk]) found = found.orderBy(name, direction);
  return found;
}

async function idsOf(query: { execute(): Promise<{ id: string }[]> }): Promise<CallbackId[]> {
  return (await query.execute()).map(({ id }) => id as CallbackId);
}
