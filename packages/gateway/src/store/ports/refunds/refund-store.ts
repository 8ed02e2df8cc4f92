import type { ScriptHex } from '../../../kernel/chain.ts';
import type { EpochMs } from '../../../kernel/clock.ts';
import type { OrderId, PosId, RefundId } from '../../../kernel/ids.ts';
import type { Sats } from '../../../kernel/sats.ts';
import type { Refund, RefundStatus } from '../../../refunds/refund.ts';

/** Refunds. The row of an order is the lock of its refunds: lock it before changing any of them. */
export interface RefundStore {
  /** Stores a new refund, unless one with its id is stored already. Returns whether it is new. */
  insert(refund: Refund): Promise<boolean>;
  /** Stores what may change: address, reason and state. */
  update(refund: Refund): Promise<void>;
  get(id: RefundId): Promise<Refund | undefined>;
  /** Returns the refunds of an order, the oldest first. */
  ofOrder(id: OrderId): Promise<Refund[]>;
  /** Returns the refunds of these orders, the oldest first. */
  ofOrders(ids: readonly OrderId[]): Promise<Refund[]>;
  /** Returns one page, the newest first. */
  list(query: RefundQuery): Promise<Refund[]>;
  /** Gives an approved refund the next position, so that the process that follows the chain begins to watch it. Call it in a transaction. */
  watch(id: RefundId): Promise<void>;
  /** Ends the watch: the payment is buried. */
  unwatch(id: RefundId): Promise<void>;
  /** Returns at most `limit` watched refunds after a position, in the order of their positions. */
  watchedAfter(position: number, limit: number): Promise<WatchedRefund[]>;
  /** Returns the approved refunds to these scripts, cancelled ones included. */
  byScripts(scripts: readonly ScriptHex[]): Promise<Refund[]>;
  /** Marks refunds to these scripts to be judged when the tip is reached. */
  mark(scripts: readonly ScriptHex[]): Promise<void>;
  /** Marks every refund that blocks alone may change. */
  markAgain(): Promise<void>;
  /** Returns at most `limit` refunds that a tip of this height may change, or that are marked. */
  idsToJudge(tipHeight: number, limit: number): Promise<RefundId[]>;
  /** Stores when blocks alone may next change a refund, and whether its payment has been reported. */
  judged(id: RefundId, schedule: RefundSchedule): Promise<void>;
  /** Whether the payment of a refund has been reported. */
  isReported(id: RefundId): Promise<boolean>;
}

export interface RefundQuery {
  /** The POS that may be seen; undefined for all. */
  readonly posId: PosId | undefined;
  readonly status: RefundStatus | undefined;
  /** Only refunds older than this one. */
  readonly before: RefundId | undefined;
  readonly limit: number;
}

/** A refund whose payment is looked for. */
export interface WatchedRefund {
  readonly position: number;
  readonly script: ScriptHex;
  readonly amount: Sats;
  /** When it was cancelled; null if it was not. */
  readonly closedAt: EpochMs | null;
}

export interface RefundSchedule {
  /** The lowest height of the tip at which blocks alone may change it; undefined if none can. */
  readonly judgeAtHeight: number | undefined;
  readonly isReported: boolean;
}
