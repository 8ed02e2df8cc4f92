/**
 * Judges the orders that the chain or the clock may have changed: settles each one, and stores its state and its callbacks.
 *
 * Orders are judged in pages. Each page is one transaction, and other work runs between two pages, so that neither thousands of
 * deadlines at once nor a large block delays requests. The orders that are left are marked in the database (`OrderStore.watch`), so a
 * process that is killed between two pages continues with them after its next start.
 */
import { epochMs, type EpochMs } from '../../kernel/clock.ts';
import type { OrderId } from '../../kernel/ids.ts';
import { enterStep, stepOf } from '../../kernel/thread/steps.ts';
import { settle } from '../../orders/rules.ts';
import type { StoreTransaction } from '../../store/ports/store.ts';
import type { OrderChangeContext } from '../context.ts';
import { saveSettled } from '../orders/save-settled.ts';

/** How many orders are judged in one transaction: 10 to 25 ms of work, since one that expires takes half a millisecond on SQLite. */
export const JUDGE_PAGE = 50;
const JUDGE = stepOf('judge orders');
/** Before every deadline. */
const NEVER_READ = epochMs(0);

/** The result of a page, whose transaction is not committed yet. */
export interface JudgedPage {
  readonly ids: ReadonlySet<OrderId>;
  /** How many callbacks were stored. */
  readonly callbacks: number;
  /** Whether more orders may have to be judged. */
  readonly hasMore: boolean;
}

export const NOTHING_JUDGED: JudgedPage = { ids: new Set(), callbacks: 0, hasMore: false };

export class OrderJudge {
  readonly #context: OrderChangeContext;

  constructor(context: OrderChangeContext) {
    this.#context = context;
  }

  /**
   * Judges one page in the caller's transaction.
   *
   * @param knownUntil The time up to which the chain is known; if undefined, no deadline is due.
   * @param touched Orders to judge in any case, at most {@link JUDGE_PAGE}.
   */
  async judgePage(tx: StoreTransaction, knownUntil: EpochMs | undefined, touched: Iterable<OrderId> = []): Promise<JudgedPage> {
    enterStep(JUDGE);
    const tip = await tx.chain.tip();
    if (tip === undefined) return NOTHING_JUDGED;
    const marked = await tx.orders.idsToJudge(tip.height, JUDGE_PAGE);
    const due = knownUntil === undefined ? [] : await tx.orders.dueIds(knownUntil, JUDGE_PAGE);
    const all = [...new Set([...touched, ...marked, ...due])];
    const ids = all.slice(0, JUDGE_PAGE);
    const at = { tipHeight: tip.height, now: this.#context.clock.now(), chainReadAt: knownUntil ?? NEVER_READ };
    const settled = (await tx.orders.lockMany(ids)).map((order) => settle(order, at));
    const callbacks = await saveSettled(this.#context, tx, settled, at);
    const hasMore = ids.length < all.length || marked.length === JUDGE_PAGE || due.length === JUDGE_PAGE;
    return { ids: new Set(ids), callbacks, hasMore };
  }

  /** Judges the orders that a page has left, each page in its own transaction. */
  async judgeRest(knownUntil: EpochMs | undefined, before: JudgedPage): Promise<void> {
    let page = before;
    while (page.hasMore) {
      enterStep(JUDGE);
      const next = await this.#context.store.transaction((tx) => this.judgePage(tx, knownUntil));
      this.report(next);
      // An order is normally not due any more after it is judged. One that still is must not keep this loop running.
      if (next.ids.size > 0 && isSubset(next.ids, page.ids)) return;
      page = next;
    }
  }

  /** Reports a page once its transaction is committed. */
  report({ ids, callbacks }: JudgedPage): void {
    if (callbacks > 0) this.#context.callbacksStored();
    this.#context.ordersChanged(ids);
  }
}

function isSubset<T>(part: ReadonlySet<T>, whole: ReadonlySet<T>): boolean {
  for (const one of part) if (!whole.has(one)) return false;
  return true;
}
