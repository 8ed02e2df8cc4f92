/**
 * Remembers places in long lists of orders, so that a page deep inside is read from a place nearby and not from the end of the list
 * (docs/adr/0057).
 *
 * A mark says how many orders of a list are at its place or before it, from the oldest or the smallest on. New orders come after it, so it
 * stays right until an order before it enters or leaves the list. Such a change in this process drops the marks after it at once. Another
 * process can only change the status or the reference of an order, so the marks of lists that depend on either are dropped after a while.
 */
import { BoundedCache } from '../../../kernel/bounded-cache.ts';
import type { OrderTerms } from '../../../orders/order.ts';
import { comparePlaces, placeOfOrder, type OrderList, type Place } from './order-list.ts';

export interface Mark {
  /** How many orders are at the place or before it. */
  readonly rank: number;
  readonly place: Place;
}

/** An order that has entered a list by its status, or left it. */
export interface OrderMove {
  readonly terms: OrderTerms;
  /** Undefined for a new order. */
  readonly before: string | undefined;
  readonly after: string;
}

const MAX_LISTS = 100;
/** The regular ones of 5 million orders. When there are more, every second one is dropped. */
const MAX_MARKS = 500;
/** How long a change by another process may go unnoticed. */
const MAX_AGE_MS = 60_000;

export class ListMarks {
  readonly #nowMs: () => number;
  readonly #lists = new BoundedCache<string, MarkedList>({ maxEntries: MAX_LISTS, evict: 'least_recently_used' });
  /** The same lists, by POS. */
  readonly #byPos = new Map<string, Set<MarkedList>>();

  /** @param nowMs A monotonic clock, in milliseconds. */
  constructor(nowMs: () => number = () => performance.now()) {
    this.#nowMs = nowMs;
  }

  of(list: OrderList): MarkedList {
    const known = this.#lists.get(list.id);
    if (known !== undefined) {
      known.dropOld(this.#nowMs());
      return known;
    }
    const marked = new MarkedList(list, this.#nowMs());
    this.#lists.set(list.id, marked);
    const ofPos = [...(this.#byPos.get(list.posId) ?? [])].filter((one) => this.#lists.get(one.list.id) === one);
    this.#byPos.set(list.posId, new Set([...ofPos, marked]));
    return marked;
  }

  /** Drops the marks that changes have made wrong, or may have. */
  noteMoves(moves: readonly OrderMove[]): void {
    if (this.#byPos.size === 0) return;
    for (const move of moves) for (const list of this.#byPos.get(move.terms.posId) ?? []) list.note(move);
  }
}

/** The marks of one list. */
export class MarkedList {
  readonly list: OrderList;
  /** Sorted by rank. */
  #marks: Mark[] = [];
  #sinceMs: number;
  readonly #walks = new Set<MarkingWalk>();

  constructor(list: OrderList, nowMs: number) {
    this.list = list;
    this.#sinceMs = nowMs;
  }

  get last(): Mark | undefined {
    return this.#marks.at(-1);
  }

  /** Returns the last mark of at most this rank. */
  before(rank: number): Mark | undefined {
    return this.#marks[this.#countUpTo(rank) - 1];
  }

  /** Returns the first mark of at least this rank. */
  after(rank: number): Mark | undefined {
    return this.#marks[this.#countUpTo(rank - 1)];
  }

  /** Begins to walk along the list. Call `end` when it is over. */
  beginWalk(): MarkingWalk {
    const walk = new MarkingWalk(
      (mark) => this.#add(mark),
      () => this.#walks.delete(walk),
    );
    this.#walks.add(walk);
    return walk;
  }

  dropOld(nowMs: number): void {
    const isFinal =
      this.list.sortBy === 'created_at' && this.list.blockchainStatus === undefined && this.list.reference === undefined;
    if (isFinal || nowMs - this.#sinceMs < MAX_AGE_MS) return;
    this.#marks = [];
    this.#sinceMs = nowMs;
  }

  note({ terms, before, after }: OrderMove): void {
    const { blockchainStatus: status, reference } = this.list;
    const concerns = status === undefined ? before === undefined : status === before || status === after;
    if (!concerns || (reference !== undefined && reference !== terms.reference)) return;
    const place = placeOfOrder(this.list, terms);
    for (const walk of this.#walks) walk.changedAt(place);
    while (this.last !== undefined && comparePlaces(this.last.place, place) >= 0) this.#marks.pop();
  }

  #add(mark: Mark): void {
    const at = this.#countUpTo(mark.rank);
    if (this.#marks[at - 1]?.rank === mark.rank) return;
    if (this.#marks.length >= MAX_MARKS) this.#marks = this.#marks.filter((_, n) => n % 2 === 0);
    this.#marks.splice(this.#countUpTo(mark.rank), 0, mark);
  }

  /** Counts the marks of at most this rank. */
  #countUpTo(rank: number): number {
    let [from, to] = [0, this.#marks.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      if ((this.#marks[middle]?.rank ?? 0) <= rank) from = middle + 1;
      else to = middle;
    }
    return from;
  }
}

/** Marks what it passes, except from a place on where the list has changed meanwhile. */
class MarkingWalk {
  readonly #add: (mark: Mark) => void;
  readonly end: () => void;
  #changedAt: Place | undefined;

  constructor(add: (mark: Mark) => void, end: () => void) {
    this.#add = add;
    this.end = end;
  }

  mark(mark: Mark): void {
    if (this.#changedAt === undefined || comparePlaces(mark.place, this.#changedAt) < 0) this.#add(mark);
  }

  changedAt(place: Place): void {
    if (this.#changedAt === undefined || comparePlaces(place, this.#changedAt) < 0) this.#changedAt = place;
  }
}
